/**
 * A training process that dies as by `kill -9`. `node trainee fit <folder>` trains and writes checkpoints into the folder;
 * `node trainee resume <folder>` goes on with what it finds there. Prints each point's step, and at the end the weights'
 * hash. With a third argument it kills itself at that point, or at the first one after it by which a checkpoint has reached
 * the disk: a parent's signal could come after the end.
 */
import { createHash } from "node:crypto";
import { existsSync, readdirSync } from "node:fs";
import { batchNorm, dense, dropout } from "../../../src/vae/models/layers/spec";
import { session, vae } from "../../../src/vae/session";
import { bars } from "../models/small";

async function train(mode: string | undefined, folder: string, killAt: number): Promise<void> {
  let points = 0;
  const onPoint = ({ step }: { step: number }): void => {
    console.log(`step ${step}`);
    if (++points >= killAt && hasCheckpoint(folder)) process.kill(process.pid, "SIGKILL");
  };
  const data = bars(500, 16);
  const validationData = bars(50, 16, "bars to validate on");
  session.seed(11);
  const checkpoints = { folder, everySteps: 7 };
  const callbacks = { onPoint };
  if (mode === "fit") {
    const model = vae({ input: [16], latent: 3, encoder: [dense(24), batchNorm(), dropout(0.1)] });
    await model.fit(data, { steps: 400, batchSize: 20, validationData, checkpoints, callbacks });
  } else {
    session.folder = folder;
    await session.resume({ data, validationData, checkpoints, callbacks });
  }
  const hash = createHash("sha256");
  for (const [name, values] of Object.entries(session.models.at(-1)?.weights() ?? {}))
    hash.update(name).update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  console.log(`weights ${hash.digest("hex")}`);
}

const hasCheckpoint = (folder: string): boolean =>
  existsSync(folder) &&
  readdirSync(folder, { recursive: true }).some((name) => String(name).endsWith(".checkpoint"));

const [mode, folder = "", killAt = "Infinity"] = process.argv.slice(2);
void train(mode, folder, Number(killAt));
