import { mkdtemp, readdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { describe, expect, test, vi } from "vitest";
import { batchNorm, dense, dropout } from "../../../src/vae/models/layers/spec";
import type { Model } from "../../../src/vae/models/model";
import type { RunDescription } from "../../../src/vae/models/surroundings";
import { session, vae } from "../../../src/vae/session";
import { decodeCheckpoint, encodeCheckpoint, type Checkpoint } from "../../../src/vae/training/checkpoint";
import { CheckpointFolder } from "../../../src/vae/training/checkpointFolder";
import type { FitOptions } from "../../../src/vae/training/options";
import { recorderOf } from "../../../src/vae/training/recorder";
import type { Run } from "../../../src/vae/training/run";
import { warmUp } from "../../../src/vae/training/schedules";
import { bars } from "../models/small";

const folder = () => mkdtemp(join(tmpdir(), "vaenb-checkpoints-"));
const data = bars(120);
const validationData = bars(30, 8, "bars to validate on");
const made = () =>
  vae({ input: [8], latent: 2, encoder: [dense(6), batchNorm(), dropout(0.2)], beta: warmUp({ steps: 30 }) });
const plan: FitOptions = {
  steps: 40,
  batchSize: 16,
  validationData,
  earlyStopping: { patience: 50 },
  clipNorm: 1,
};

/** Waits until the write that began with a step has reached the disk. */
const writtenAt = (path: string, step: number) =>
  vi.waitFor(async () => {
    const paths = await files(path);
    if (!paths.some((file) => file.endsWith(`${step}.checkpoint`)))
      throw new Error(`step ${step} is not there`);
  });

/** Trains until `step` with checkpoints at every 10th, as if the process had ended there. */
async function cutOff(path: string, step: number): Promise<Model> {
  const model = made();
  await model
    .fit(data, {
      ...plan,
      checkpoints: { folder: path, everySteps: 10 },
      callbacks: {
        onPoint: async (point) => {
          if (point.step % 10 === 1 && point.step > 1) await writtenAt(path, point.step - 1);
          if (point.step === step) throw new Error("cut off");
        },
      },
    })
    .catch((error: unknown) => {
      if (!(error instanceof Error) || error.message !== "cut off") throw error;
    });
  return model;
}

const curve = (run: Run) => run.history.map(({ step, train, validation }) => ({ step, train, validation }));
const files = async (path: string) => {
  const [run = ""] = await readdir(path);
  const names = (await readdir(join(path, run))).sort();
  return names.map((name) => join(path, run, name));
};

describe("a run that was cut off", () => {
  test("ends, resumed, with the weights and the curve of one that was not, to the bit", async () => {
    const unbroken = made();
    const whole = await unbroken.fit(data, { ...plan, checkpoints: false });
    const path = await folder();
    const model = await cutOff(path, 27);
    session.folder = path;
    expect(await session.resumable()).toMatchObject([
      { model: "vae 8-6-2", data: "bars", step: 20, totalSteps: 40 },
    ]);
    const run = await session.resume({ model, data, validationData });
    expect(run).toMatchObject({ status: "finished", step: 40 });
    expect(model.weights()).toEqual(unbroken.weights());
    expect(curve(run)).toEqual(curve(whole));
    expect(await session.resumable()).toEqual([]);
    await expect(readdir(path)).rejects.toThrow("ENOENT");
  });

  test("is found in a folder of its own, which stays its folder", async () => {
    const path = await folder();
    await cutOff(path, 27);
    session.folder = await folder();
    await expect(session.resume()).rejects.toThrow(`There is no run to resume in ${session.folder}.`);
    expect(await session.resumable(path)).toHaveLength(1);
    expect(await session.resume({ folder: path })).toMatchObject({ status: "finished", step: 40 });
    expect(await session.resumable(path)).toEqual([]);
  });

  test("finds its model and data in the session, or makes the model anew", async () => {
    const path = await folder();
    const model = await cutOff(path, 27);
    session.folder = path;
    const unbroken = made();
    await unbroken.fit(data, { ...plan, checkpoints: false });
    const weights = unbroken.weights();
    for (const other of session.models) other.dispose();
    expect(model.disposed).toBe(true);
    await session.resume();
    expect(session.models).toHaveLength(1);
    expect(session.models[0]?.weights()).toEqual(weights);
  });

  test("goes on in the model that it trained, wherever that stands, also just after a Stop", async () => {
    for (const other of session.models) other.dispose();
    session.folder = await folder();
    const model = made();
    const stopped = await model.fit(data, {
      ...plan,
      checkpoints: { everySteps: 10 },
      callbacks: { onPoint: ({ step }, run) => void (step === 27 && run.stop()) },
    });
    expect(stopped).toMatchObject({ status: "stopped", step: 27 });
    expect(await session.resumable()).toMatchObject([{ step: 27 }]);

    const failing = new Error("as if the disk had gone");
    const onPoint = ({ step }: { step: number }) => {
      if (step === 35) throw failing;
    };
    await expect(session.resume({ callbacks: { onPoint } })).rejects.toBe(failing);
    expect(model.summary.stepsTrained).toBe(35);
    expect(await session.resume()).toMatchObject({ status: "finished", step: 40 });
    expect(session.models).toHaveLength(1);
    expect(model.summary.stepsTrained).toBe(40);
  });

  test("does not take a model that was trained otherwise, and says where the new one is", async () => {
    const path = await folder();
    const model = await cutOff(path, 27);
    model.dispose();
    const warned = vi.spyOn(console, "warn").mockImplementation(() => {});
    const other = made();
    await other.fit(data, { steps: 3, batchSize: 16, checkpoints: false });
    const before = other.weights();
    session.folder = path;
    await session.resume();
    expect(other.weights()).toEqual(before);
    expect(warned).toHaveBeenCalledWith(expect.stringContaining("in a new one, session.models.at(-1)."));
    warned.mockRestore();
  });

  test("of a person's own functions says that their model went on otherwise", async () => {
    session.folder = await folder();
    const model = vae.define({
      name: "own",
      input: [8],
      latent: 2,
      weights: { down: vae.glorot([8, 2]), up: vae.glorot([2, 8]) },
      encode: (x, { down }) => ({ mean: tf.matMul(x, down), logVariance: tf.zeros([x.shape[0], 2]) }),
      decode: (z, { up }) => tf.matMul(z, up),
    });
    const stop = {
      onPoint: ({ step }: { step: number }, run: { stop(): void }) => void (step === 20 && run.stop()),
    };
    await model.fit(data, { steps: 40, batchSize: 16, checkpoints: { everySteps: 10 }, callbacks: stop });
    await model.fit(data, { steps: 5, batchSize: 16, checkpoints: false });
    await expect(session.resume()).rejects.toThrow(
      "The run left own after 20 steps, and own in the session stands at 25: it has been trained otherwise since.",
    );
  });

  test("is not continued on other data", async () => {
    const path = await folder();
    await cutOff(path, 17);
    session.folder = path;
    await expect(session.resume({ data: bars(120).shuffle(1) })).rejects.toThrow(
      "The run used bars (120 examples); bars (120 examples) holds other values",
    );
  });

  test("is left alone while its process lives, unless a person names it", async () => {
    const checkpoint = await anyCheckpoint();
    const header = { ...checkpoint.header, process: process.ppid };
    const path = await folder();
    await new CheckpointFolder(path).write({ ...checkpoint, header });
    session.folder = path;
    await expect(session.resume({ data, validationData })).rejects.toThrow(
      `${header.run} is being trained by another kernel (process ${process.ppid}). If that process is something else by now, name the run: session.resume({ run: "${header.run}" }).`,
    );
    const run = await session.resume({ run: header.run, data, validationData });
    expect(run.status).toBe("finished");
  });

  test("and none: says where it looked", async () => {
    session.folder = await folder();
    await expect(session.resume()).rejects.toThrow(`There is no run to resume in ${session.folder}.`);
  });
});

describe("a damaged checkpoint", () => {
  test("cut short at any byte is not read as if it were whole", async () => {
    const bytes = encodeCheckpoint(await anyCheckpoint());
    expect(decodeCheckpoint(bytes).snapshot.step).toBe(20);
    for (let length = 0; length < bytes.length; length += 1)
      if (length < 400 || length % 37 === 0 || length > bytes.length - 100)
        expect(() => decodeCheckpoint(bytes.subarray(0, length))).toThrow();
  });

  test("with one changed bit is not read", async () => {
    const bytes = encodeCheckpoint(await anyCheckpoint());
    for (let at = 0; at < bytes.length; at += 101) {
      const changed = bytes.slice();
      changed[at] = (changed[at] ?? 0) ^ 4;
      expect(() => decodeCheckpoint(changed)).toThrow();
    }
  });

  test("gives way to the one before it, and the person is told", async () => {
    const path = await folder();
    const model = await cutOff(path, 37);
    const [older = "", newer = ""] = await files(path);
    expect([older, newer].map((file) => file.slice(-24))).toEqual([
      "p-000000000020.checkpoint".slice(-24),
      "p-000000000030.checkpoint".slice(-24),
    ]);
    await writeFile(newer, (await readFile(newer)).subarray(0, -1));
    session.folder = path;
    const warned = vi.spyOn(console, "warn").mockImplementation(() => {});
    const run = await session.resume({ model, data, validationData });
    expect(warned.mock.calls.flat().join()).toContain(
      "damaged or cut short: its checksum does not match. The checkpoint before it is.",
    );
    warned.mockRestore();
    expect(run.status).toBe("finished");
    const unbroken = made();
    await unbroken.fit(data, { ...plan, checkpoints: false });
    expect(model.weights()).toEqual(unbroken.weights());
  });
});

test("a checkpoint keeps numbers that JSON has no word for", async () => {
  const checkpoint = await anyCheckpoint();
  const history = [
    {
      step: 1,
      epoch: 0,
      train: { loss: Infinity, reconstruction: NaN, kl: -Infinity },
      learningRate: 1,
      beta: 1,
    },
  ];
  const odd = { ...checkpoint, snapshot: { ...checkpoint.snapshot, history } };
  expect(decodeCheckpoint(encodeCheckpoint(odd)).snapshot.history).toEqual(history);
});

test("a full disk is a warning, once; training goes on", async () => {
  const full = Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
  const warnings: string[] = [];
  const description = {
    model: { name: "vae", architecture: {} },
    plan: { learningRate: 1e-3, beta: 1 },
    data,
    run: { status: "running", warn: ({ text }: { text: string }) => warnings.push(text) },
    checkpoints: { everySteps: 1 },
  } as unknown as RunDescription;
  const store = {
    path: "/full",
    newRun: () => "run",
    write: () => Promise.reject(full),
    remove: () => Promise.resolve(),
  };
  const recorder = recorderOf(description, store);
  recorder?.keep(1, () => ({ step: 1 }) as Checkpoint["snapshot"]);
  await recorder?.end();
  expect(warnings).toEqual([
    "A checkpoint could not be written to /full: the disk is full. Training goes on; if the kernel ends now, what came since the last checkpoint is lost.",
  ]);
});

test("a run that ends before its first checkpoint is due leaves nothing on the disk", async () => {
  const path = join(await folder(), "none");
  await made().fit(data, { ...plan, checkpoints: { folder: path } });
  await expect(readdir(path)).rejects.toThrow("ENOENT");
});

async function anyCheckpoint(): Promise<Checkpoint> {
  const path = await folder();
  await cutOff(path, 27);
  const [found] = await new CheckpointFolder(path).runs();
  if (!found) throw new Error("no checkpoint was written");
  return found.checkpoint;
}
