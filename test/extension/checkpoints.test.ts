import { mkdtempSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { checkpointFolders, savedTraining } from "../../src/extension/run/checkpoints";
import { data, dense, vae } from "../../src/vae";
import { CheckpointFolder } from "../../src/vae/training/checkpointFolder";

/** A training that stops in its middle, and leaves what a killed one leaves. */
async function trainHalf(folder: string): Promise<void> {
  const { train } = data.digits({ train: 64, test: 8, seed: 1 });
  const model = vae({ input: train.shape, latent: 2, encoder: [dense(8)], decoder: [dense(8)], seed: 1 });
  await model
    .fit(train, {
      epochs: 4,
      batchSize: 16,
      checkpoints: { folder, everySteps: 3 },
      callbacks: {
        onEpoch: (point) => {
          if (point.step >= 8) throw new Error("cut off");
        },
      },
    })
    .catch(() => {});
}

test("what the library saved of a training is found by the process that trained", async () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), "vaenb-checkpoints-"));
  await trainHalf(folder);
  const [kept] = await new CheckpointFolder(folder).runs();
  const found = await savedTraining([folder], process.pid);
  expect(found).toMatchObject({ run: kept?.run, step: kept?.checkpoint.snapshot.step, totalSteps: 16 });
  expect(found?.step).toBeGreaterThan(0);
  expect(await savedTraining([folder], process.pid + 1)).toBeUndefined();
});

test("a folder that is not there, or holds files of another kind, has nothing to resume", async () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), "vaenb-checkpoints-"));
  expect(await savedTraining([path.join(folder, "nowhere")], process.pid)).toBeUndefined();
  writeFileSync(
    path.join(folder, "step-1.checkpoint"),
    "no checkpoint at all, but long enough to be read as one",
  );
  expect(await savedTraining([folder], process.pid)).toBeUndefined();
});

test("checkpoints lie beside the notebook, or where the environment or a cell says", () => {
  expect(checkpointFolders("/a", {}, ["1 + 1"])).toEqual([path.join("/a", ".vaenb")]);
  expect(checkpointFolders("/a", { VAENB_SESSION: "/b" }, [])).toEqual(["/b"]);
  const cells = [
    'import { session } from "vaenb";\nsession.folder = "runs/long";',
    "session.folder='/elsewhere' // its own disk",
    // Not known without running it.
    "session.folder = `${home}/runs`",
    "session.folder = folder",
  ];
  expect(checkpointFolders("/a", {}, cells)).toEqual([
    path.join("/a", ".vaenb"),
    path.resolve("/a", "runs/long"),
    path.resolve("/elsewhere"),
  ]);
});

test("a training is found in the folder that a cell has set", async () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), "vaenb-checkpoints-"));
  await trainHalf(path.join(folder, "my runs"));
  const folders = checkpointFolders(folder, {}, ['session.folder = "my runs"']);
  expect(await savedTraining(folders, process.pid)).toMatchObject({ totalSteps: 16 });
});
