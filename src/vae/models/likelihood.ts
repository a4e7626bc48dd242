import * as tf from "@tensorflow/tfjs";
import type { Shape } from "../engine/engine";
import { didYouMean, written } from "../options";
import { constant, type Initializer } from "./initializers";
import type { LikelihoodName } from "./model";
import type { Pass } from "./pass";

/** How the decoder's output makes the data probable. `decoded` has the input's shape: `[batch, ...input]`. */
export interface Likelihood {
  readonly name: LikelihoodName;
  /** For the model's view: what the reconstruction term is. */
  readonly words: string;
  readonly weights: Readonly<Record<string, Initializer>>;
  /** Of a Gaussian: before the first step, where it is learned. */
  readonly firstVariance?: number;
  /** Negative log-likelihood, summed over the values of an example: `[batch]`, in nats. */
  negativeLogLikelihood(x: tf.Tensor, decoded: tf.Tensor, pass: Pass): tf.Tensor;
  /** The expected data: probabilities for a Bernoulli and a categorical likelihood. */
  mean(decoded: tf.Tensor): tf.Tensor;
}

const overExample = (x: tf.Tensor): number[] => x.shape.slice(1).map((_, axis) => axis + 1);
const summed = (x: tf.Tensor): tf.Tensor => tf.sum(x, overExample(x));
const count = (shape: Shape): number => shape.reduce((product, length) => product * length, 1);

/** Binary cross-entropy from logits, in the form that never overflows: `relu(l) - l x + log(1 + exp(-|l|))`. */
const bernoulli: Likelihood = {
  name: "bernoulli",
  words: "Bernoulli cross-entropy",
  weights: {},
  negativeLogLikelihood: (x, logits) =>
    summed(tf.add(tf.sub(tf.relu(logits), tf.mul(logits, x)), tf.log1p(tf.exp(tf.neg(tf.abs(logits)))))),
  mean: (logits) => tf.sigmoid(logits),
};

/** Cross-entropy of a one-hot last axis from logits. */
const categorical: Likelihood = {
  name: "categorical",
  words: "categorical cross-entropy",
  weights: {},
  negativeLogLikelihood: (x, logits) => {
    const largest = tf.max(logits, -1, true);
    const shifted = tf.sub(logits, largest);
    const logSum = tf.log(tf.sum(tf.exp(shifted), -1, true));
    return tf.neg(summed(tf.mul(x, tf.sub(shifted, logSum))));
  },
  mean: (logits) => tf.softmax(logits),
};

/** The variance of a Gaussian likelihood: a number, or one that is learned with the weights, shared by all values. */
export type Variance = number | "learned";

const logTwoPi = Math.log(2 * Math.PI);

/**
 * The learned log variance is this many times its weight: an optimizer like Adam moves every weight by about the
 * learning rate, and one number has to go as far as thousands of weights do together.
 */
const logVarianceGain = 10;
/** Below this variance the data are reproduced exactly and the log-likelihood has no upper bound. */
const smallestVariance = 1e-6;

/** Normal with the decoder's output as its mean; with a learned variance, the sigma-VAE of Rybkin et al. 2021. */
function gaussian(variance: Variance, input: Shape): Likelihood {
  const values = count(input);
  const logVariance = (pass: Pass): tf.Tensor =>
    variance === "learned"
      ? tf.maximum(tf.mul(pass.weight("logVariance"), logVarianceGain), Math.log(smallestVariance))
      : tf.scalar(Math.log(variance));
  return {
    name: "gaussian",
    words: `Gaussian, ${variance === "learned" ? "learned variance" : `variance ${variance}`}`,
    weights: variance === "learned" ? { logVariance: constant([1], 0) } : {},
    firstVariance: variance === "learned" ? 1 : variance,
    negativeLogLikelihood: (x, mean, pass) => {
      const log = logVariance(pass);
      const squares = summed(tf.square(tf.sub(x, mean)));
      return tf.mul(0.5, tf.add(tf.mul(squares, tf.exp(tf.neg(log))), tf.mul(tf.add(log, logTwoPi), values)));
    },
    mean: (decoded) => decoded,
  };
}

/** The likelihood of this name for examples of this shape. */
export function likelihoodOf(name: LikelihoodName, input: Shape, variance: Variance = "learned"): Likelihood {
  if (variance !== "learned" && !(variance > 0))
    throw new RangeError(`variance must be above 0 or "learned", but is ${written(variance)}.`);
  switch (name) {
    case "bernoulli":
      return bernoulli;
    case "categorical":
      return categorical;
    case "gaussian":
      return gaussian(variance, input);
    default:
      throw new Error(
        `There is no likelihood "${String(name)}".${didYouMean(String(name), ["bernoulli", "gaussian", "categorical"])} There are "bernoulli", "gaussian" and "categorical".`,
      );
  }
}
