import * as tf from "@tensorflow/tfjs";
import { afterEach, describe, expect, test, vi } from "vitest";
import { digits } from "../../../src/vae/data/digits/digits";
import { fromArray } from "../../../src/vae/data/fromArray";
import { connectHost, live, type Displayable } from "../../../src/vae/host";
import { batchNorm, dense, dropout } from "../../../src/vae/models/layers/spec";
import type { VaeOptions } from "../../../src/vae/models/parts";
import { session, vae } from "../../../src/vae/session";
import type { FitOptions } from "../../../src/vae/training/options";
import { cosine, warmUp } from "../../../src/vae/training/schedules";
import { bars } from "../models/small";

const small = (options: Partial<VaeOptions> = {}) =>
  vae({ input: [8], latent: 2, encoder: [dense(16)], likelihood: "bernoulli", ...options });
const data = bars(200);
const short: FitOptions = { steps: 20, batchSize: 32, checkpoints: false };

let disconnect: (() => void) | undefined;
afterEach(() => {
  disconnect?.();
  session.seed(0);
});

describe("training is a function of the seed", () => {
  const weightsAfter = async (change: Partial<FitOptions> = {}, options: Partial<VaeOptions> = {}) => {
    const model = small({ encoder: [dense(16), batchNorm(), dropout(0.2)], ...options });
    await model.fit(data, { ...short, ...change } as FitOptions);
    return model.weights();
  };
  test("the same seed gives the same weights to the bit", async () => {
    session.seed(3);
    const first = await weightsAfter();
    await small().fit(data, short);
    expect(await weightsAfter()).toEqual(first);
  });
  test("another seed gives others", async () => {
    session.seed(3);
    const first = await weightsAfter();
    expect(await weightsAfter({ seed: 4 })).not.toEqual(first);
    session.seed(4);
    expect(await weightsAfter()).not.toEqual(first);
  });
  test("looking at the run, and validating on the way, changes nothing", async () => {
    session.seed(3);
    const first = await weightsAfter();
    const onPoint = (_: unknown, run: { toString(): string }) => void String(run);
    expect(await weightsAfter({ validationData: bars(50), callbacks: { onPoint } })).toEqual(first);
  });
});

describe("a training that nobody awaits yet", () => {
  test("leaves the model usable meanwhile: it answers with the weights that it has just then", async () => {
    // Large enough for the training's own room to make the model's memory grow.
    const model = vae({ input: [8], latent: 2, encoder: [dense(20_000)], likelihood: "bernoulli" });
    const before = await model.evaluate(data);
    const training = model.fit(data, { steps: 6, batchSize: 20, checkpoints: false });
    let isOver = false;
    void training.then(() => (isOver = true));
    const scores = [];
    while (!isOver) scores.push(await model.evaluate(data));
    await training;
    expect(scores.length).toBeGreaterThan(1);
    for (const { elbo } of scores) expect(elbo).toBeLessThan(0);
    expect((await model.evaluate(data)).elbo).not.toBe(before.elbo);
  });
});

describe("the run", () => {
  test("tells its losses in nats per example, training and validation, and they fall", async () => {
    const run = await small().fit(data, {
      epochs: 30,
      batchSize: 20,
      learningRate: 0.01,
      validationData: bars(50),
      checkpoints: false,
    });
    expect(run).toMatchObject({
      status: "finished",
      step: 300,
      totalSteps: 300,
      epoch: 30,
      totalEpochs: 30,
      engine: "compiled",
    });
    const first = run.history[0];
    const last = run.history.at(-1);
    // Logits near 0 at first: ln 2 nats for each of the 8 pixels.
    expect(first?.train.reconstruction).toBeCloseTo(8 * Math.LN2, 0);
    expect(last?.train.loss).toBeLessThan(0.7 * (first?.train.loss ?? 0));
    expect(last?.train.loss).toBeCloseTo((last?.train.reconstruction ?? 0) + (last?.train.kl ?? 0), 4);
    expect(run.history.filter(({ validation }) => validation)).toHaveLength(30);
    expect(run.examplesPerSecond).toBeGreaterThan(0);
    expect(run.secondsLeft).toBe(0);
  });
  test("steps and epochs count the same examples", async () => {
    const run = await small().fit(data, { epochs: 1.5, batchSize: 64, checkpoints: false });
    expect(run.totalSteps).toBe(Math.ceil((1.5 * 200) / 64));
    // The last batch reaches over the end of what was asked for; that is not shown as more epochs.
    expect([run.epoch, run.totalEpochs]).toEqual([1.5, 1.5]);
  });
  test("follows the schedules of learning rate and beta", async () => {
    const run = await small().fit(data, {
      ...short,
      schedule: cosine({ from: 0.01 }),
      beta: warmUp({ steps: 10 }),
    });
    expect(run.history[0]).toMatchObject({ learningRate: 0.01, beta: 0 });
    expect(run.history[5]?.beta).toBe(0.5);
    expect(run.history.at(-1)?.learningRate).toBeCloseTo(0, 8);
    expect(run.history[0]?.train.loss).toBeCloseTo(run.history[0]?.train.reconstruction ?? NaN, 6);
  });
  test("is announced at its start, and tells of changes while it lasts", async () => {
    const announced: Displayable[] = [];
    let changes = 0;
    disconnect = connectHost({
      announce: (figure) => {
        announced.push(figure);
        if (live in figure) (figure as { [live](changed: () => void): () => void })[live](() => changes++);
      },
      cooperate: (task) => task(new AbortController().signal),
      keeps: () => {},
      saves: () => {},
    });
    const run = await small().fit(data, { ...short, steps: 200 });
    expect(announced).toEqual([run]);
    expect(changes).toBeGreaterThanOrEqual(1);
    expect(changes).toBeLessThanOrEqual(2 + run.seconds * 10);
  });
});

describe("a Stop", () => {
  test("ends the run, keeps the weights, and fit goes on from them", async () => {
    const stop = new AbortController();
    disconnect = connectHost({
      announce: () => {},
      cooperate: (task) => task(stop.signal),
      keeps: () => {},
      saves: () => {},
    });
    const model = small();
    const fitting = model.fit(data, { ...short, steps: 1_000_000 });
    await new Promise((resolve) => setTimeout(resolve, 300));
    stop.abort();
    const run = await fitting;
    expect(run.status).toBe("stopped");
    expect(run.step).toBeGreaterThan(0);
    disconnect();
    const before = model.weights();
    const more = await model.fit(data, { ...short, steps: 1, learningRate: 1e-6 });
    expect(more.status).toBe("finished");
    expect(model.summary.stepsTrained).toBe(run.step + 1);
    const moved = Object.entries(model.weights()).map(([name, values]) =>
      Math.abs((values[0] ?? 0) - (before[name]?.[0] ?? 0)),
    );
    expect(Math.max(...moved)).toBeLessThan(1e-4);
  });
  test("from a callback works too, and timers run while training does", async () => {
    let ticks = 0;
    const timer = setInterval(() => ticks++, 5);
    const run = await small().fit(data, {
      ...short,
      steps: 100_000,
      callbacks: { onPoint: (_, running) => (running.seconds > 0.2 ? running.stop() : undefined) },
    });
    clearInterval(timer);
    expect(run.status).toBe("stopped");
    expect(ticks).toBeGreaterThan(3);
  });
});

test("early stopping ends the run and puts the best weights back", async () => {
  const model = small();
  const run = await model.fit(data, {
    epochs: 200,
    batchSize: 50,
    learningRate: 0.05,
    validationData: bars(20, 8),
    earlyStopping: { patience: 2 },
    checkpoints: false,
  });
  expect(run.status).toBe("early-stopped");
  const { elbo } = await model.evaluate(bars(20, 8));
  const losses = run.history.flatMap(({ validation }) => validation?.loss ?? []);
  // The evaluation draws other noise.
  expect(Math.abs(-elbo - Math.min(...losses))).toBeLessThan(0.5);
  expect(run.warnings.some(({ text }) => text.includes(`${Math.min(...losses).toFixed(1)} nats`))).toBe(true);
});

test.each<[string, Partial<VaeOptions>]>([
  ["free bits", { freeBits: 1, latent: 8 }],
  ["importance samples", { importanceSamples: 3 }],
])("early stopping weighs the KL as in the end with %s, too", async (_what, options) => {
  const fitted = (earlyStopping: NonNullable<FitOptions["earlyStopping"]>) =>
    small(options).fit(data, {
      epochs: 8,
      batchSize: 50,
      // Too little to learn anything: each epoch is as good as the one before, but for its beta.
      learningRate: 1e-9,
      beta: ({ step, totalSteps }) => (step < totalSteps / 2 ? 0 : 4),
      validationData: bars(40, 8),
      earlyStopping,
      checkpoints: false,
    });
  const whole = await fitted({ patience: 100 });
  const losses = whole.history.flatMap(({ validation }) => validation?.loss ?? []);
  const [first = NaN, last = NaN] = [losses.at(0), losses.at(-1)];
  expect(Math.abs(last - first)).toBeGreaterThan(0.3);
  // It ends while beta is 0; what it watched is what the last epoch shows.
  const short = await fitted({ patience: 2, minDelta: 1 });
  const text = short.warnings.find(({ text }) => text.startsWith("Stopped early"))?.text ?? "";
  expect(Math.abs(Number(/below ([\d.]+) nats/.exec(text)?.[1]) - last)).toBeLessThan(0.06);
});

test("early stopping compares epochs with one beta, where beta changes from one to the next", async () => {
  const model = small();
  const heldOut = bars(20, 8);
  const run = await model.fit(data, {
    epochs: 12,
    batchSize: 50,
    learningRate: 0.02,
    // Without the KL the loss of the first half is the lower one.
    beta: ({ step, totalSteps }) => (step < totalSteps / 2 ? 0 : 1),
    validationData: heldOut,
    earlyStopping: { patience: 6 },
    checkpoints: false,
  });
  const negativeElbos = run.history.flatMap(({ validation }) =>
    validation ? [validation.reconstruction + validation.kl] : [],
  );
  expect(Math.abs(-(await model.evaluate(heldOut)).elbo - Math.min(...negativeElbos))).toBeLessThan(0.5);
});

test("what is drawn anew on each pass is so in the next run too, whatever its batches", async () => {
  const model = small();
  const seen: number[] = [];
  // What an arrow function without braces returns is not meant.
  const noisy = data.augment((_, random) => seen.push(random()));
  const draws = async (epochs: number, batchSize: number) => {
    seen.length = 0;
    await model.fit(noisy, { epochs, batchSize, checkpoints: false });
    return new Set(seen);
  };
  const [first, second] = [await draws(3, 100), await draws(2, 10)];
  expect(first.size).toBeGreaterThan(data.size / 2);
  expect([...second].filter((value) => first.has(value))).toEqual([]);
});

test("a gradient that is no number ends the run, also where the loss is one", async () => {
  const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
  for (const optimizer of ["adam", "adamw", "sgd", "rmsprop"] as const) {
    const model = vae.define({
      input: [8],
      latent: 2,
      weights: { down: vae.glorot([8, 2]), up: vae.glorot([2, 8]), s: vae.zeros([8]) },
      encode: (x, { down }) => ({ mean: tf.matMul(x, down), logVariance: tf.zeros([x.shape[0], 2]) }),
      // The root's slope at 0 is infinite, and 0 times that is no number.
      decode: (z, { up, s }) => tf.add(tf.matMul(z, up), tf.sqrt(tf.square(s))),
    });
    const run = await model.fit(data, { ...short, optimizer });
    expect([optimizer, run.status, run.warnings.map(({ kind }) => kind)]).toEqual([
      optimizer,
      "failed",
      ["nan"],
    ]);
  }
  warn.mockRestore();
});

describe("warnings say in words", () => {
  test("that the posterior collapsed, and where", async () => {
    const model = small({ reparameterize: (_posterior, noise) => noise });
    const run = await model.fit(data, { ...short, steps: 400, learningRate: 0.01 });
    const warning = run.warnings.find(({ kind }) => kind === "posterior-collapse");
    expect(warning?.text).toContain("KL is 0 in every dimension: the posterior has collapsed");
  });
  test("that the learning rate is too large: the first tensor that is no number, and what to try", async () => {
    const model = small();
    const before = (await model.evaluate(data)).elbo;
    const run = await model.fit(data, { ...short, steps: 50, learningRate: 1e20 });
    expect(run.status).toBe("failed");
    const warning = run.warnings.find(({ kind }) => kind === "nan");
    expect(warning?.text).toMatch(
      /^The loss is no number any more\. The first tensor that is not finite is .* in (encode|decode|reparameterize)/,
    );
    expect(warning?.text).toContain("The learning rate was 100000000000000000000: try learningRate: 0.01");
    expect((await model.evaluate(data)).elbo).toBeCloseTo(before, 3);
    expect(model.summary.stepsTrained).toBe(run.step);
  });
  test("where the weights are from that a divergence leaves: the next fit learns with them", async () => {
    const model = small();
    await model.fit(data, { ...short, steps: 100, learningRate: 0.01 });
    const before = (await model.evaluate(data)).elbo;
    const run = await model.fit(data, { ...short, steps: 500, learningRate: 300, optimizer: "sgd" });
    expect(run.status).toBe("failed");
    const warning = run.warnings.find(({ kind }) => kind === "nan");
    expect(warning?.text).toMatch(
      /The weights are again those (after step \d+|from before the first step), .* nats per example\)/,
    );
    expect(run.step).toBeLessThan(warning?.step ?? 0);
    expect(Math.abs((await model.evaluate(data)).elbo)).toBeLessThan(3 * Math.abs(before));
    expect(model.summary.stepsTrained).toBe(100 + run.step);
    const next = await model.fit(data, { ...short, steps: 200, learningRate: 0.01 });
    expect(next.status).toBe("finished");
    expect(next.history.at(-1)?.train.loss).toBeLessThan(1.2 * Math.abs(before));
  });
  test("what a Stop leaves", async () => {
    const run = await small().fit(data, { ...short, callbacks: { onPoint: (_, live) => live.stop() } });
    const [note] = run.warnings;
    expect(note).toMatchObject({ kind: "other", step: run.step });
    expect(note?.text).toMatch(/^Stopped\. The weights of this step are kept; fit called again goes on/);
  });
  test("which operation of a person's function gave the NaN", async () => {
    const model = vae.define({
      input: [8],
      latent: 2,
      weights: { w: vae.glorot([8, 2]), up: vae.glorot([2, 8]) },
      encode: (x, { w }) => ({ mean: tf.matMul(x, w), logVariance: tf.log(tf.sub(tf.matMul(x, w), 100)) }),
      decode: (z, { up }) => tf.matMul(z, up),
    });
    const run = await model.fit(data, short);
    expect(run.warnings[0]).toMatchObject({ kind: "nan", step: 0 });
    expect(run.warnings[0]?.text).toContain(
      "The first tensor that is not finite is the output of Log in encode (NaN).",
    );
  });
});

describe("what cannot be trained is refused with numbers and a way out", () => {
  const pixels = fromArray(Float32Array.of(0, 255, 3, 4, 5, 6, 7, 8), { shape: [8], name: "photos" });
  const withNaN = fromArray(Float32Array.of(0, NaN, 0, 0, 0, 0, 0, 0), { shape: [8], name: "sensor" });
  test.each<[string, () => Promise<unknown>, string]>([
    [
      "0-255 pixels for Bernoulli",
      () => small().fit(pixels, { steps: 1, batchSize: 1 }),
      'pixels must lie in [0, 1] for a bernoulli likelihood, but photos has a maximum of 255. Divide by 255, as .scale(1 / 255) does, or use likelihood: "gaussian".',
    ],
    [
      "NaN",
      () => small().fit(withNaN, { steps: 1, batchSize: 1 }),
      "sensor holds 1 value that is not a number (NaN), the first in example 0. Leave such examples out with filter, or fill the values in before.",
    ],
    [
      "a batch larger than the data",
      () => small().fit(data, { steps: 1, batchSize: 500 }),
      "batchSize is 500, but bars has 200 examples. Use batchSize: 200 or less.",
    ],
    [
      "another shape",
      () => small().fit(bars(10, 5), { steps: 1, batchSize: 1 }),
      "The model takes [8], 8 values, but an example of bars is [5], 5 values.",
    ],
    [
      "training and test data together",
      () => small().fit(digits({ train: 2, test: 2, size: 8 }) as never, short),
      "fit takes a dataset, but got training and test data together. Pass one of the two: .train or .test of digits.",
    ],
    [
      "training and test data together, to validate on",
      () => small().fit(data, { ...short, validationData: digits({ train: 2, test: 2, size: 8 }) as never }),
      "validationData takes a dataset, but got training and test data together.",
    ],
    [
      "data that nobody waited for",
      () => small().fit(Promise.resolve(data) as never, short),
      "fit takes a dataset, but got a promise: put await before what makes it",
    ],
    [
      "an array",
      () => small().fit([[1, 2]] as never, short),
      "fit takes a dataset, but got an array. data.fromArray(array, { shape }) makes a dataset of it.",
    ],
    [
      "two lengths",
      () => small().fit(data, { epochs: 2, steps: 3 } as never),
      "fit was given two lengths, epochs: 2 and steps: 3. Leave one of them out.",
    ],
    ["no length", () => small().fit(data, {} as FitOptions), "give it epochs or steps"],
    [
      "a learning rate of 0",
      () => small().fit(data, { ...short, learningRate: 0 }),
      "learningRate must be a number above 0, but is 0.",
    ],
    [
      "an unknown optimizer",
      () => small().fit(data, { ...short, optimizer: "adagrad" as "adam" }),
      "There are adam, adamw, sgd, rmsprop.",
    ],
    [
      "a setting of the optimizer with which it cannot work",
      () => small().fit(data, { ...short, optimizer: { kind: "adam", beta1: 1 } }),
      "beta1 of the optimizer adam must be a number from 0 to below 1, but is 1.",
    ],
    [
      "an early stopping that no loss can please",
      () =>
        small().fit(data, { ...short, validationData: data, earlyStopping: { patience: 1, minDelta: NaN } }),
      "earlyStopping.minDelta must be a number from 0 on, but is NaN.",
    ],
    [
      "early stopping without validation",
      () => small().fit(data, { ...short, earlyStopping: { patience: 1 } }),
      "give validationData too",
    ],
    [
      "values that are not one-hot for a categorical likelihood",
      () => small({ input: [4, 2], likelihood: "categorical" }).fit(data, short),
      "each group of 2 (the last axis of [4, 2]) must sum to 1",
    ],
  ])("%s", async (_name, fit, message) => {
    await expect(fit()).rejects.toThrow(message);
  });
  test("a disposed model", async () => {
    const model = small();
    model.dispose();
    await expect(model.fit(data, short)).rejects.toThrow("has been disposed");
    expect(() => model.encode(data)).toThrow("has been disposed");
  });
  test("a model that is being trained", async () => {
    const model = small();
    const first = model.fit(data, short);
    await expect(model.fit(data, short)).rejects.toThrow("is being trained already");
    await first;
  });
});

test("tensors alive before and after fit are equal in number", async () => {
  const model = small();
  const before = tf.memory().numTensors;
  await model.fit(data, { ...short, validationData: data });
  expect(tf.memory().numTensors).toBe(before);
});
