/**
 * A training process that can be killed. `node trainee fit <folder>` trains and writes checkpoints into the folder;
 * `node trainee resume <folder>` goes on with what it finds there. Prints each point's step, and at the end the weights'
 * hash.
 */
import { createHash } from "node:crypto";
import { batchNorm, dense, dropout } from "../../../src/vae/models/layers/spec";
import { session, vae } from "../../../src/vae/session";
import { bars } from "../models/small";

async function train(mode: string | undefined, folder: string): Promise<void> {
  const data = bars(500, 16);
  const validationData = bars(50, 16, "bars to validate on");
  session.seed(11);
  const checkpoints = { folder, everySteps: 7 };
  const callbacks = { onPoint: ({ step }: { step: number }) => console.log(`step ${step}`) };
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

const [mode, folder = ""] = process.argv.slice(2);
void train(mode, folder);
