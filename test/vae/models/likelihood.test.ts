import * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import { likelihoodOf } from "../../../src/vae/models/likelihood";
import { klPerDimension, logNormal, logPrior } from "../../../src/vae/models/normal";
import { inference } from "../../../src/vae/models/functions";

const none = inference({});
const first = (tensor: tf.Tensor): number => tensor.dataSync()[0] ?? NaN;

describe("a negative log-likelihood equals its closed form", () => {
  test("Bernoulli, from logits, also where the exponential overflows", () => {
    const likelihood = likelihoodOf("bernoulli", [3]);
    const logits = [0.3, -2, 1];
    const x = [1, 0, 0.25];
    const expected = logits.reduce((sum, logit, i) => {
      const p = 1 / (1 + Math.exp(-logit));
      const value = x[i] ?? NaN;
      return sum - value * Math.log(p) - (1 - value) * Math.log(1 - p);
    }, 0);
    expect(
      first(likelihood.negativeLogLikelihood(tf.tensor2d([x]), tf.tensor2d([logits]), none)),
    ).toBeCloseTo(expected, 5);
    expect(
      first(likelihood.negativeLogLikelihood(tf.tensor2d([[1]]), tf.tensor2d([[-500]]), none)),
    ).toBeCloseTo(500, 3);
  });

  test("Gaussian of a fixed variance", () => {
    const likelihood = likelihoodOf("gaussian", [2], 0.25);
    const expected = 0.5 * ((1 - 0.5) ** 2 / 0.25 + 0 + 2 * Math.log(2 * Math.PI * 0.25));
    const value = likelihood.negativeLogLikelihood(tf.tensor2d([[1, 3]]), tf.tensor2d([[0.5, 3]]), none);
    expect(first(value)).toBeCloseTo(expected, 5);
  });

  test("categorical, over the last axis", () => {
    const likelihood = likelihoodOf("categorical", [2, 3]);
    const logits = tf.tensor3d([[[0, 1, 2], [5, 5, 5]]]); // prettier-ignore
    const x = tf.tensor3d([[[0, 0, 1], [1, 0, 0]]]); // prettier-ignore
    const expected = Math.log(Math.exp(0) + Math.exp(1) + Math.exp(2)) - 2 + Math.log(3);
    expect(first(likelihood.negativeLogLikelihood(x, logits, none))).toBeCloseTo(expected, 5);
    expect(likelihood.mean(logits).sum(-1).dataSync()).toEqual(Float32Array.of(1, 1));
  });
});

test("the KL from the prior equals its closed form, and is 0 for the prior itself", () => {
  const posterior = { mean: tf.tensor2d([[1, 0]]), logVariance: tf.tensor2d([[Math.log(0.25), 0]]) };
  const [kl = NaN, zero = NaN] = klPerDimension(posterior).dataSync();
  expect(kl).toBeCloseTo(0.5 * (0.25 + 1 - 1 - Math.log(0.25)), 6);
  expect(zero).toBe(0);
});

test("log densities equal the normal distribution's", () => {
  const density = (z: number, mean: number, variance: number) =>
    -0.5 * (Math.log(2 * Math.PI * variance) + (z - mean) ** 2 / variance);
  const z = tf.tensor2d([[0.7, -1]]);
  const posterior = {
    mean: tf.tensor2d([[0.2, 1]]),
    logVariance: tf.tensor2d([[Math.log(2), Math.log(0.5)]]),
  };
  expect(first(logNormal(z, posterior))).toBeCloseTo(density(0.7, 0.2, 2) + density(-1, 1, 0.5), 5);
  expect(first(logPrior(z))).toBeCloseTo(density(0.7, 0, 1) + density(-1, 0, 1), 5);
});

test("a likelihood that does not exist is refused with those that do", () => {
  expect(() => likelihoodOf("poisson" as "gaussian", [1])).toThrow(
    'There are "bernoulli", "gaussian" and "categorical".',
  );
  expect(() => likelihoodOf("gaussian", [1], -1)).toThrow(
    'variance must be above 0 or "learned", but is -1.',
  );
});
