import { mkdtempSync, readdirSync, realpathSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { folderInCell, savedTraining } from "../../src/extension/run/checkpoints";
import { connectHost, data, dense, vae } from "../../src/vae";
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

test("a cell need not name the folder where a kernel looks by itself, also behind a link", async () => {
  const home = realpathSync(mkdtempSync(path.join(os.tmpdir(), "vaenb-home-")));
  const link = `${home}-link`;
  symlinkSync(home, link, "junction");
  for (const notebook of [home, link])
    expect(await folderInCell(path.join(home, ".vaenb"), notebook, {})).toBeUndefined();
  const elsewhere = path.resolve("/somewhere/else");
  expect(await folderInCell(elsewhere, home, { VAENB_SESSION: elsewhere })).toBeUndefined();
  expect(await folderInCell(path.join(home, ".vaenb"), home, { VAENB_SESSION: elsewhere })).toBe(".vaenb");
});

test("a cell names a folder from the notebook on, if it lies there", async () => {
  const home = realpathSync(mkdtempSync(path.join(os.tmpdir(), "vaenb-home-")));
  expect(await folderInCell(path.join(home, "my runs", "long"), home, {})).toBe("my runs/long");
  const beside = `${home}b`;
  expect(await folderInCell(beside, home, {})).toBe(beside.split(path.sep).join("/"));
});

test("of the folders that a kernel told of, the one with its newest checkpoint is the training's", async () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), "vaenb-checkpoints-"));
  const [early, late] = [path.join(folder, "early"), path.join(folder, "late")];
  await trainHalf(early);
  await trainHalf(late);
  const files = (inside: string): string[] =>
    readdirSync(inside, { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".checkpoint"))
      .map((name) => path.join(inside, name));
  for (const file of files(early)) utimesSync(file, 1, 1);
  expect(await savedTraining([late, early], process.pid)).toMatchObject({ folder: late });
});

test("the library tells its host where a training's checkpoints are, however the folder was named", async () => {
  const told: string[] = [];
  const disconnect = connectHost({
    announce: () => {},
    cooperate: (task) => task(new AbortController().signal),
    keeps: (folder) => told.push(folder),
    saves: () => {},
  });
  const folder = mkdtempSync(path.join(os.tmpdir(), "vaenb-checkpoints-"));
  await trainHalf(path.relative(process.cwd(), folder));
  disconnect();
  expect([...new Set(told)]).toEqual([folder]);
});
