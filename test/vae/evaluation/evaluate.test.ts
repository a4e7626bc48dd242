import * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import { fromArray } from "../../../src/vae/data/fromArray";
import { LogSumExp } from "../../../src/vae/evaluation/importance";
import { Moments } from "../../../src/vae/evaluation/moments";
import { evaluationBatchSize } from "../../../src/vae/evaluation/passes";
import { stream } from "../../../src/vae/random";
import { vae } from "../../../src/vae/session";
import { bars } from "../models/small";

/**
 * Probabilistic PCA with one latent dimension, where everything is known in closed form: z ~ N(0, 1), x = slope z + noise
 * of a variance. The posterior is N(slope x / total, variance / total) and p(x) is N(0, total), total = slope^2 + variance.
 */
const slope = 1.5;
const variance = 0.5;
const total = slope ** 2 + variance;
const xs = stream(5, "pca")
  .fillNormal(new Float32Array(300), 0)
  .map((x) => x * Math.sqrt(total));
const data = fromArray(xs, { shape: [1], name: "line" });
const logNormal = (x: number, of: number) => -0.5 * (Math.log(2 * Math.PI * of) + x ** 2 / of);
const logLikelihood = xs.reduce((sum, x) => sum + logNormal(x, total), 0) / xs.length;

/** The model with its exact posterior, or one whose mean is moved by `wrong`. */
const pca = (wrong = 0) =>
  vae.define({
    input: [1],
    latent: 1,
    weights: { slope: vae.constant([1, 1], slope) },
    likelihood: "gaussian",
    variance,
    encode: (x) => ({
      mean: tf.add(tf.mul(x, slope / total), wrong),
      logVariance: tf.fill([x.shape[0], 1], Math.log(variance / total)),
    }),
    decode: (z, weights) => tf.matMul(z, weights.slope),
  });

describe("a model whose every quantity is known", () => {
  test("with the exact posterior: each importance weight is p(x), so the bound is log p(x) with any number of samples", async () => {
    for (const importanceSamples of [2, 7]) {
      const score = await pca().evaluate(data, { importanceSamples });
      expect(score.importanceWeightedBound).toBeCloseTo(logLikelihood, 4);
    }
  });

  test("with the exact posterior: the KL, its dimension and the variance of the means equal their closed forms", async () => {
    const score = await pca().evaluate(data);
    const of = variance / total;
    const kl =
      xs.reduce((sum, x) => sum + 0.5 * (of + ((slope * x) / total) ** 2 - 1 - Math.log(of)), 0) / xs.length;
    expect(score.kl).toBeCloseTo(kl, 4);
    expect(score.klPerDimension).toEqual([expect.closeTo(kl, 4)]);
    const means = Array.from(xs, (x) => (slope * x) / total);
    const average = means.reduce((sum, m) => sum + m, 0) / means.length;
    const spread = means.reduce((sum, m) => sum + (m - average) ** 2, 0) / means.length;
    expect(score.posteriorMeanVariance).toEqual([expect.closeTo(spread, 4)]);
    expect(score.activeUnits).toBe(1);
    const mse = xs.reduce((sum, x) => sum + (x - (slope ** 2 * x) / total) ** 2, 0) / xs.length;
    expect(score.reconstructionMse).toBeCloseTo(mse, 4);
    expect(score.elbo).toBeCloseTo(-(score.reconstruction + score.kl), 10);
    expect(score.importanceWeightedBound).toBe(score.elbo);
  });

  test("with a wrong posterior: the ELBO falls short by the KL between the posteriors, and more samples close the gap", async () => {
    const wrong = 0.5;
    const gap = wrong ** 2 / (2 * (variance / total));
    const many = fromArray(
      Float32Array.from({ length: 20_000 }, (_, i) => xs[i % xs.length] ?? 0),
      { shape: [1] },
    );
    const averaged = xs.slice(0, 20_000 % xs.length).reduce((sum, x) => sum + logNormal(x, total), 0);
    const truth = (logLikelihood * xs.length * Math.floor(20_000 / xs.length) + averaged) / 20_000;
    const { elbo } = await pca(wrong).evaluate(many);
    // One sample per example: the mean of 20,000 has a standard error of about 0.01 nats.
    expect(Math.abs(elbo - (truth - gap))).toBeLessThan(0.04);
    const few = await pca(wrong).evaluate(data, { importanceSamples: 4 });
    const more = await pca(wrong).evaluate(data, { importanceSamples: 500 });
    expect(few.importanceWeightedBound).toBeGreaterThan(logLikelihood - gap);
    expect(few.importanceWeightedBound).toBeLessThan(more.importanceWeightedBound);
    expect(more.importanceWeightedBound).toBeCloseTo(logLikelihood, 1);
  });

  test("a dimension whose mean does not vary is not active", async () => {
    const still = vae.define({
      input: [1],
      latent: 2,
      weights: { w: vae.zeros([2, 1]) },
      likelihood: "gaussian",
      encode: (x) => ({ mean: tf.concat2d([x, tf.mul(x, 0.01)], 1), logVariance: tf.zeros([x.shape[0], 2]) }),
      decode: (z, { w }) => tf.matMul(z, w),
    });
    const score = await still.evaluate(data);
    expect(score.activeUnits).toBe(1);
    expect(score.posteriorMeanVariance[1]).toBeLessThan(0.01);
  });
});

test("the score does not depend on how examples are cut into batches", async () => {
  const model = vae({ input: [8], latent: 2, encoder: [] });
  const whole = bars(100);
  const score = await model.evaluate(whole);
  const [front, back] = whole.split(0.37);
  const parts = [await model.evaluate(front), await model.evaluate(back)];
  const kl = parts.reduce((sum, part) => sum + part.kl * part.examples, 0) / 100;
  expect(score.kl).toBeCloseTo(kl, 5);
  expect(score.reconstructionMse).toBeCloseTo(
    parts.reduce((sum, part) => sum + part.reconstructionMse * part.examples, 0) / 100,
    6,
  );
});

test("log-sum-exp neither overflows nor underflows", () => {
  const sums = new LogSumExp(2);
  for (const value of [-1000, -1001, -999.5]) sums.add(0, value);
  for (const value of [1e4, 1e4]) sums.add(1, value);
  expect(sums.value(0)).toBeCloseTo(-1000 + Math.log(1 + Math.exp(-1) + Math.exp(0.5)), 10);
  expect(sums.value(1)).toBeCloseTo(1e4 + Math.log(2), 10);
});

test("variances keep their digits where the mean is large", () => {
  const moments = new Moments(1);
  moments.add(Float32Array.of(16_777_214, 16_777_215, 16_777_216), 3);
  expect(moments.variances()).toEqual([expect.closeTo(2 / 3, 10)]);
});

test("a batch of an evaluation fits the data and the memory", () => {
  expect(evaluationBatchSize(5, 784)).toBe(8);
  expect(evaluationBatchSize(10_000, 784)).toBe(256);
  expect(evaluationBatchSize(10_000, 256 * 256 * 3)).toBe(16);
});

test("a score is refused for data that the likelihood does not fit, or no samples", async () => {
  const model = vae({ input: [8], latent: 2, encoder: [] });
  await expect(model.evaluate(bars(3).scale(9))).rejects.toThrow("pixels must lie in [0, 1]");
  await expect(model.evaluate(bars(3), { importanceSamples: 0 })).rejects.toThrow(
    "importanceSamples must be a whole number from 1 on, but is 0.",
  );
});
