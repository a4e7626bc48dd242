import * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import { fromArray } from "../../../src/vae/data/fromArray";
import { dense } from "../../../src/vae/models/layers/spec";
import { vae } from "../../../src/vae/session";
import { dataDoubt, decoderDoubt } from "../../../src/vae/training/doubts";
import { bars } from "../models/small";

const short = { steps: 2, batchSize: 16, checkpoints: false } as const;
const texts = ({ warnings }: { warnings: readonly { text: string }[] }) => warnings.map(({ text }) => text);

describe("a decoder that gives probabilities where logits belong", () => {
  const made = (own: object, likelihood: "bernoulli" | "gaussian" = "bernoulli") =>
    vae.define({
      input: [8],
      latent: 2,
      likelihood,
      weights: { down: vae.glorot([8, 2]), up: vae.glorot([2, 8]) },
      encode: (x, { down }) => ({ mean: tf.matMul(x, down), logVariance: tf.zeros([x.shape[0], 2]) }),
      decode: (z, { up }) => tf.sigmoid(tf.matMul(z, up)),
      ...own,
    });

  test("is said in the first run, before its first step, and not again", async () => {
    const model = made({});
    const first = await model.fit(bars(64), short);
    expect(first.warnings).toMatchObject([{ kind: "other", step: 0 }]);
    expect(texts(first)[0]).toMatch(
      /Return the logits, without tf.sigmoid .*, as the likelihood takes them\./,
    );
    expect(texts(await model.fit(bars(64), short))).toEqual([]);
  });
  test("is said with what to do where the loss is the person's own", async () => {
    const loss = ({ x, decoded }: { x: tf.Tensor; decoded: tf.Tensor }) => ({
      reconstruction: tf.sum(tf.squaredDifference(x, decoded), 1),
      kl: tf.zeros([x.shape[0] ?? 1]),
    });
    expect(texts(await made({ loss }).fit(bars(64), short))).toEqual([
      expect.stringContaining("let your loss take them, as tf.losses.sigmoidCrossEntropy does."),
    ]);
  });
  test("is no mistake for a Gaussian, and logits are none", async () => {
    expect(texts(await made({}, "gaussian").fit(bars(64), short))).toEqual([]);
    const logits = (z: tf.Tensor2D, { up }: { up: tf.Tensor2D }) => tf.matMul(z, up);
    expect(texts(await made({ decode: logits }).fit(bars(64), short))).toEqual([]);
  });
  test("has a sibling: a decode that ends with a relu", async () => {
    const decode = (z: tf.Tensor2D, { up }: { up: tf.Tensor2D }) => tf.relu(tf.matMul(z, up));
    const [text] = texts(await made({ decode }).fit(bars(64), short));
    expect(text).toMatch(
      /^Your decode seems to end with a relu: no logit that was tried is negative, and \d+% of them are 0/,
    );
    expect(text).toContain("without tf.relu");
  });
  test("is looked for without a batch that the function was not written for", async () => {
    const decode = (z: tf.Tensor2D, { up }: { up: tf.Tensor2D }) => tf.reshape(tf.matMul(z, up), [16, 8]);
    expect((await made({ decode }).fit(bars(64), short)).status).toBe("finished");
  });
  test("is not guessed from a handful of values, nor from those of logits", () => {
    const means = (logits: readonly number[]) =>
      Float32Array.from(logits, (logit) => 1 / (1 + Math.exp(-logit)));
    const probabilities = Array.from({ length: 64 }, (_, i) => (i + 0.5) / 64);
    expect(decoderDoubt(means(probabilities), false)).toContain("seems to give probabilities");
    expect(decoderDoubt(means(probabilities.slice(0, 16)), false)).toBeUndefined();
    expect(decoderDoubt(means([...probabilities, -0.01]), false)).toBeUndefined();
    expect(decoderDoubt(means([...probabilities, 1.01]), false)).toBeUndefined();
  });
});

describe("weights that a run leaves alone", () => {
  const made = (weights: object) =>
    vae.define({
      input: [8],
      latent: 2,
      weights: { down: vae.glorot([8, 2]), up: vae.glorot([2, 8]), ...weights },
      encode: (x, { down }) => ({ mean: tf.matMul(x, down), logVariance: tf.zeros([x.shape[0], 2]) }),
      decode: (z, { up }) => tf.matMul(z, up),
    });
  const long = { ...short, steps: 20 };

  test("are named: a function forgot them", async () => {
    const run = await made({ bias: vae.zeros([8]), other: vae.ones([3]) }).fit(bars(64), long);
    expect(texts(run).join()).toContain(
      "The weights bias, other have not changed at all: none of your functions uses them",
    );
  });
  test("are none where all are trained, nor after a few steps", async () => {
    expect(texts(await made({}).fit(bars(64), long)).join()).not.toContain("not changed at all");
    expect(texts(await made({ bias: vae.zeros([8]) }).fit(bars(64), short)).join()).not.toContain(
      "not changed",
    );
  });
});

describe("data of an odd range", () => {
  const ranged = (max: number, min = 0) => fromArray([min, max], { shape: [1], name: "dots" });
  test.each([
    ["pixels divided by 255 twice", "bernoulli", ranged(1 / 255), "leave out one .scale(1 / 255)"],
    ["bytes for a Gaussian", "gaussian", ranged(255), "dots holds values from 0 to 255"],
    ["measures for a Gaussian", "gaussian", ranged(4, -90), "by their mean and standard deviation"],
  ] as const)("%s", (_what, likelihood, data, words) => {
    expect(dataDoubt(data, { likelihood, firstVariance: 1 })).toContain(words);
  });
  test("a variance that goes with it is not odd, nor is a loss that knows better", () => {
    expect(dataDoubt(ranged(255), { likelihood: "gaussian", firstVariance: 10_000 })).toBeUndefined();
    expect(dataDoubt(ranged(255), { likelihood: "gaussian" })).toBeUndefined();
  });
  test("usual pixels, black ones and standardised values are not odd", () => {
    expect(dataDoubt(ranged(1), { likelihood: "bernoulli" })).toBeUndefined();
    expect(dataDoubt(ranged(0), { likelihood: "bernoulli" })).toBeUndefined();
    expect(dataDoubt(ranged(6, -6), { likelihood: "gaussian", firstVariance: 1 })).toBeUndefined();
  });
  test("is said in the run", async () => {
    const dark = bars(64).scale(1 / 255);
    const model = vae({ input: [8], latent: 2, encoder: [dense(4)] });
    expect(texts(await model.fit(dark, short))).toEqual([expect.stringContaining("all but black")]);
    expect(texts(await model.fit(dark, short))).toEqual([]);
  });
});
