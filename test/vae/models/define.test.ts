import * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import type { Posterior } from "../../../src/vae/models/model";
import { vae } from "../../../src/vae/session";
import { bars } from "./small";

const latent = 3;

/** A model from a person's functions, some of them replaced. */
function defined(changed: {
  encode?: (x: tf.Tensor2D) => Posterior;
  reparameterize?: (posterior: Posterior, noise: tf.Tensor2D) => tf.Tensor2D;
  decode?: (z: tf.Tensor2D) => tf.Tensor;
  loss?: (at: { x: tf.Tensor; decoded: tf.Tensor }) => { reconstruction: tf.Tensor; kl: tf.Tensor };
}) {
  return vae.define({
    input: [8],
    latent,
    weights: { down: vae.glorot([8, latent]), up: vae.glorot([latent, 8]) },
    encode: (x, { down }) => ({ mean: tf.matMul(x, down), logVariance: tf.zeros([x.shape[0], latent]) }),
    decode: (z, { up }) => tf.matMul(z, up),
    ...changed,
  });
}
const fitted = (changed: Parameters<typeof defined>[0]) =>
  defined(changed).fit(bars(64), { steps: 2, batchSize: 16, checkpoints: false });

test("a person's functions are trained as they are", async () => {
  const run = await fitted({});
  expect(run.status).toBe("finished");
  expect(run.history).toHaveLength(2);
});

describe("a wrong shape names the function, what it gave and what it should give", () => {
  test("encode", async () => {
    const encode = (x: tf.Tensor2D) => ({ mean: tf.zeros<tf.Rank.R2>([16, 2]), logVariance: x });
    await expect(fitted({ encode })).rejects.toThrow(
      "encode must return mean of shape [16, 3], but returned [16, 2].",
    );
  });
  test("encode that forgets a part", async () => {
    const encode = () => ({ mean: tf.zeros([16, 3]) }) as unknown as Posterior;
    await expect(fitted({ encode })).rejects.toThrow(
      "encode must return { mean, logVariance }, but logVariance is missing.",
    );
  });
  test("reparameterize", async () => {
    const reparameterize = (_: Posterior, noise: tf.Tensor2D) => tf.slice(noise, [0, 0], [16, 1]);
    await expect(fitted({ reparameterize })).rejects.toThrow(
      "reparameterize must return a point of shape [16, 3], but returned [16, 1].",
    );
  });
  test("reparameterize that takes mean and variance apart", async () => {
    const apart = ((mean: tf.Tensor2D, logVariance: tf.Tensor2D) => tf.add(mean, logVariance)) as never;
    const words =
      /^Your function reparameterize, given a posterior and noise \[16, 3\], failed: .* the first is one object, with posterior\.mean/;
    await expect(fitted({ reparameterize: apart })).rejects.toThrow(words);
    const parts = vae({ input: [8], latent, encoder: [], reparameterize: apart });
    await expect(parts.fit(bars(64), { steps: 2, batchSize: 16, checkpoints: false })).rejects.toThrow(words);
  });
  test("decode", async () => {
    await expect(fitted({ decode: (z) => z })).rejects.toThrow(
      "decode must return the likelihood's parameters of shape [16, 8], but returned [16, 3].",
    );
  });
  test("decode that fails inside", async () => {
    await expect(fitted({ decode: (z) => tf.matMul(z, tf.zeros([4, 8])) })).rejects.toThrow(
      /Your function decode, given \[16, 3\], failed: .*inner shapes \(3\) and \(4\)/,
    );
  });
  test("encode that was written for one size of batch", async () => {
    const encode = (x: tf.Tensor2D) => {
      const mean = tf.reshape<tf.Rank.R2>(tf.slice(x, [0, 0], [-1, latent]), [16, latent]);
      return { mean, logVariance: tf.zerosLike(mean) };
    };
    const model = defined({ encode });
    await model.fit(bars(64), { steps: 2, batchSize: 16, checkpoints: false });
    await expect(model.evaluate(bars(64))).rejects.toThrow(
      /^Your function encode, given \[64, 8\], failed: Reshape: .* write -1 or x\.shape\[0\] where a shape has the number of examples\.$/,
    );
  });
  test("encode that draws numbers of its own", async () => {
    const encode = (x: tf.Tensor2D) => {
      const mean = tf.add<tf.Tensor2D>(tf.slice(x, [0, 0], [-1, latent]), tf.randomNormal([16, latent]));
      return { mean, logVariance: tf.zerosLike(mean) };
    };
    await expect(fitted({ encode })).rejects.toThrow(/^Your function encode draws random numbers of its own/);
  });
  test("loss", async () => {
    const loss = ({ x }: { x: tf.Tensor }) => ({ reconstruction: x, kl: tf.zeros([16]) });
    await expect(fitted({ loss })).rejects.toThrow(
      "loss must return reconstruction (one value per example) of shape [16], but returned [16, 8].",
    );
  });
  test("encode that returns one tensor", async () => {
    const encode = ((x: tf.Tensor) => tf.zeros([x.shape[0] ?? 0, latent])) as never;
    await expect(fitted({ encode })).rejects.toThrow(
      "encode must return { mean, logVariance }, but returned one tensor, [16, 3].",
    );
  });
  test("encode that returns a list", async () => {
    const encode = (() => [tf.zeros([16, latent]), tf.zeros([16, latent])]) as never;
    await expect(fitted({ encode })).rejects.toThrow("but returned a list.");
  });
  test("encode that is asynchronous", async () => {
    const encode = (() => Promise.resolve({})) as never;
    await expect(fitted({ encode })).rejects.toThrow(
      "but returned a promise. It must return at once: leave async and await out.",
    );
  });
  test("a loss over all examples at once", async () => {
    const loss = ({ x, decoded }: { x: tf.Tensor; decoded: tf.Tensor }) => ({
      reconstruction: tf.mean(tf.squaredDifference(x, decoded)),
      kl: tf.zeros([16]),
    });
    await expect(fitted({ loss })).rejects.toThrow(
      "loss must return reconstruction (one value per example) of shape [16], but returned [], one number for all examples. Sum over the axes of an example alone, as in tf.sum(errors, 1).",
    );
  });
  test("a number instead of a tensor", async () => {
    const loss = (() => ({ reconstruction: tf.zeros([16]), kl: 0 })) as never;
    await expect(fitted({ loss })).rejects.toThrow(
      "loss must return kl (one value per example) of shape [16], but returned the number 0. Numbers become tensors by tf.scalar or tf.fill.",
    );
  });
  test("a function without a return", async () => {
    await expect(fitted({ decode: (() => {}) as unknown as () => tf.Tensor })).rejects.toThrow(
      "decode must return the likelihood's parameters of shape [16, 8], but returned nothing. Does it end in a return?",
    );
  });
});

describe("a weight that does not exist", () => {
  interface Believed {
    readonly down: tf.Tensor2D;
    readonly donw: tf.Tensor2D;
    readonly bias: tf.Tensor2D;
    readonly scale?: tf.Tensor2D;
  }
  const asking = (encode: (x: tf.Tensor2D, weights: Believed) => Posterior) =>
    fitted({ encode: encode as never });
  const posterior = (mean: tf.Tensor): Posterior => ({ mean, logVariance: tf.zerosLike(mean) }) as Posterior;

  test("is named where tfjs only says that something is null", async () => {
    await expect(asking((x, { donw }) => posterior(tf.matMul(x, donw)))).rejects.toThrow(
      /^Your function encode, given \[16, 8\], failed: Argument 'b' .*'null'\. There is no weight "donw"\. Did you mean "down"\? There are down, up\.$/,
    );
  });
  test("is named where its method was called", async () => {
    await expect(asking((_x, weights) => posterior(weights.bias.exp()))).rejects.toThrow(
      'There is no weight "bias". There are down, up.',
    );
  });
  test("may be asked for with something else instead", async () => {
    const run = await asking((x, { down, scale }) => posterior(tf.add(tf.matMul(x, down), scale ?? 0)));
    expect(run.status).toBe("finished");
  });
});

describe("encode and decode", () => {
  test("take a dataset, a tensor or arrays, and give tensors at once", () => {
    const model = defined({});
    const data = bars(5);
    const values = new Float32Array(40);
    data.read([0, 1, 2, 3, 4], values);
    const fromDataset = model.encode(data).mean;
    expect(fromDataset.shape).toEqual([5, latent]);
    expect(model.encode(tf.tensor2d(values, [5, 8])).mean.arraySync()).toEqual(fromDataset.arraySync());
    const rows = tf.tensor2d(values, [5, 8]).arraySync();
    expect(model.encode(rows).mean.arraySync()).toEqual(fromDataset.arraySync());
    expect(model.decode([[0, 0, 0]]).arraySync()).toEqual([Array.from({ length: 8 }, () => 0.5)]);
    expect(model.decode([0, 0, 0]).shape).toEqual([1, 8]);
  });
  test("agree with what the engine computes", async () => {
    const model = defined({});
    const { mean } = await model.posterior(bars(5));
    model
      .encode(bars(5))
      .mean.dataSync()
      .forEach((value, i) => expect(value).toBeCloseTo(mean[i] ?? NaN, 5));
  });
  test("rebuild examples as decoding their means does", () => {
    const model = defined({});
    const data = bars(5);
    expect(model.reconstruct(data).arraySync()).toEqual(model.decode(model.encode(data).mean).arraySync());
    expect(model.reconstruct(Array.from({ length: 8 }, () => 0)).shape).toEqual([1, 8]);
  });
  test("refuse another shape with both in the message", async () => {
    expect(() => defined({}).encode([[1, 2]])).toThrow(
      "encode takes examples of shape [8], one or [batch, 8]: a dataset, a tensor or arrays of numbers; but got [1, 2].",
    );
    expect(() => defined({}).decode([[1, 2]])).toThrow(
      "decode takes latent points of shape [batch, 3], a tensor or arrays of numbers; but got [1, 2].",
    );
    await expect(defined({}).decodeAll(new Float32Array(4))).rejects.toThrow(
      "decodeAll takes latent points in one Float32Array, 3 numbers each, but got 4 numbers.",
    );
  });
  const wrong: Record<string, readonly [unknown, string]> = {
    nothing: [undefined, "but got nothing."],
    "a promise": [Promise.resolve(bars(1)), "but got a promise: put await before it."],
    "a function": [bars, "but got a function."],
    "lists of different lengths": [[[1, 2, 3], [1]], "but got lists of different lengths."],
  };
  test.each(Object.entries(wrong))("refuse %s with what they take", (_, [value, words]) => {
    const model = defined({});
    expect(() => model.encode(value as never)).toThrow(words);
    expect(() => model.decode(value as never)).toThrow(words);
    expect(() => model.reconstruct(value as never)).toThrow(words);
  });
  test("name the way out for a posterior and for a dataset where points belong", () => {
    const model = defined({});
    const posterior = model.encode(bars(1));
    expect(() => model.decode(posterior as never)).toThrow("but got a posterior: take its .mean.");
    expect(() => model.decode(bars(1) as never)).toThrow("model.reconstruct(examples) goes from examples");
  });
  test("leave no tensor behind but what they return", () => {
    const model = defined({});
    const before = tf.memory().numTensors;
    const { mean, logVariance } = model.encode(bars(2));
    expect(tf.memory().numTensors).toBe(before + 2);
    tf.dispose([mean, logVariance]);
  });
});
