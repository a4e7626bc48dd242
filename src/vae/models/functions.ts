import * as tf from "@tensorflow/tfjs";
import type { StepFunction, TensorFunction, Tensors } from "../engine/engine";
import type { Definition, LossTerms } from "./definition";
import type { Posterior } from "./model";
import { klPerDimension, logNormal, logPrior } from "./normal";
import type { Pass } from "./pass";

/** The functions of a model that engines run. Every name of an input or output here is part of that contract. */

function named(tensors: Tensors, name: string, what: string): tf.Tensor {
  const tensor = tensors[name];
  if (tensor === undefined) throw new Error(`There is no ${what} "${name}".`);
  return tensor;
}
const input = (inputs: Tensors, name: string) => named(inputs, name, "input");
const noiseOf = (inputs: Tensors) => input(inputs, "noise") as tf.Tensor2D;

/** A pass that only looks: no random numbers, running statistics as they are. */
export const inference = (weights: Tensors): Pass => ({
  training: false,
  weight: (name) => named(weights, name, "weight"),
  random: (name) => named({}, name, "random number outside of training"),
  update: () => {},
});

/** `x` to the posterior's `mean` and `logVariance`. */
export const encodeFunction = (model: Definition, batch: number): TensorFunction => ({
  name: "encode",
  inputs: { x: [batch, ...model.input] },
  apply: (inputs, weights) => {
    const { mean, logVariance } = model.encode(input(inputs, "x"), inference(weights));
    return { mean, logVariance };
  },
});

/** `z` to the likelihood's `mean`. */
export const decodeFunction = (model: Definition, batch: number): TensorFunction => ({
  name: "decode",
  inputs: { z: [batch, model.latent] },
  apply: (inputs, weights) => ({
    mean: model.mean(model.decode(input(inputs, "z") as tf.Tensor2D, inference(weights))),
  }),
});

/** One posterior sample through the model: reconstruction and KL per example. */
export const lossesFunction = (model: Definition, batch: number): TensorFunction => ({
  name: "loss",
  inputs: { x: [batch, ...model.input], noise: [batch, model.latent] },
  apply: (inputs, weights) => {
    const { reconstruction, kl } = sampled(model, inputs, inference(weights));
    return { reconstruction, kl };
  },
});

/**
 * The terms of the objective, per example: what validation runs, so that its loss is the one that is trained on. With
 * several importance samples also `bound`, the importance-weighted one; it takes `beta` then.
 */
export function objectiveFunction(model: Definition, batch: number): TensorFunction {
  const { importanceSamples: samples } = model.objective;
  return {
    name: "loss",
    inputs: {
      x: [batch, ...model.input],
      noise: [samples * batch, model.latent],
      ...(samples > 1 && { beta: [] }),
    },
    apply: (inputs, weights): Tensors => {
      const pass = inference(weights);
      if (samples > 1) {
        const { bound, reconstruction, perDimension } = importanceTerms(model, inputs, pass, samples);
        return { bound, reconstruction, kl: tf.sum(perDimension, 1) };
      }
      const { reconstruction, kl, posterior } = sampled(model, inputs, pass);
      return { reconstruction, kl, klPerDimension: klPerDimension(posterior) };
    },
  };
}

/** Everything that a score needs of each example, from one sample and from the posterior mean. */
export const scoreFunction = (model: Definition, batch: number): TensorFunction => ({
  name: "loss",
  inputs: { x: [batch, ...model.input], noise: [batch, model.latent] },
  apply: (inputs, weights) => {
    const pass = inference(weights);
    const { reconstruction, kl, posterior } = sampled(model, inputs, pass);
    const atMean = model.mean(model.decode(posterior.mean, pass));
    const difference = tf.square(tf.sub(input(inputs, "x"), atMean));
    return {
      reconstruction,
      kl,
      klPerDimension: klPerDimension(posterior),
      mean: posterior.mean,
      squaredError: tf.mean(tf.reshape(difference, [batch, -1]), 1),
    };
  },
});

/** Log importance weights `log p(x, z) - log q(z | x)` of `samples` posterior samples per example: `[samples, batch]`. */
export const importanceFunction = (model: Definition, batch: number, samples: number): TensorFunction => ({
  name: "loss",
  inputs: { x: [batch, ...model.input], noise: [samples * batch, model.latent] },
  apply: (inputs, weights) => {
    const pass = inference(weights);
    const x = input(inputs, "x");
    const { reconstruction, ratio } = sampledTimes(
      model,
      samples,
      x,
      model.encode(x, pass),
      noiseOf(inputs),
      pass,
    );
    return { logWeight: tf.reshape(tf.neg(tf.add(reconstruction, ratio)), [samples, batch]) };
  },
});

/** The training step of the model's objective on a batch. Inputs beside `x`: `noise`, `beta`, and what dropout draws. */
export function trainingFunction(model: Definition, batch: number): StepFunction {
  const { importanceSamples: samples, freeBits } = model.objective;
  const randoms = Object.entries(model.randoms).map(([name, { shape, part }]) => [
    name,
    [part === "decoder" ? batch * samples : batch, ...shape],
  ]);
  const updates = Object.entries(model.weights)
    .filter(([, weight]) => !weight.trainable)
    .map(([name]) => [name, `next ${name}`]);
  return {
    name: "loss",
    inputs: {
      x: [batch, ...model.input],
      noise: [samples * batch, model.latent],
      beta: [],
      ...(Object.fromEntries(randoms) as Record<string, number[]>),
    },
    updates: Object.fromEntries(updates) as Record<string, string>,
    apply(inputs, weights) {
      const next: Record<string, tf.Tensor> = {};
      const pass: Pass = {
        training: true,
        weight: (name) => named(weights, name, "weight"),
        random: (name) => input(inputs, name),
        update: (name, value) => (next[`next ${name}`] = value),
      };
      const terms =
        samples === 1 ? elbo(model, inputs, pass, freeBits) : importance(model, inputs, pass, samples);
      return { ...terms, ...next };
    },
  };
}

/** Reconstruction + beta * KL, with the KL of each dimension kept from below by `freeBits`. */
function elbo(model: Definition, inputs: Tensors, pass: Pass, freeBits: number) {
  const { reconstruction, kl, posterior } = sampled(model, inputs, pass);
  const perDimension = tf.mean(klPerDimension(posterior), 0);
  const meanKl = tf.mean(kl);
  const meanReconstruction = tf.mean(reconstruction);
  const minimised = freeBits > 0 ? tf.sum(tf.maximum(perDimension, freeBits)) : meanKl;
  return {
    loss: tf.add(meanReconstruction, tf.mul(input(inputs, "beta"), minimised)),
    reconstruction: meanReconstruction,
    kl: meanKl,
    klPerDimension: perDimension,
  };
}

/** The negative importance-weighted bound, averaged over the batch. */
function importance(model: Definition, inputs: Tensors, pass: Pass, samples: number) {
  const { bound, reconstruction, perDimension } = importanceTerms(model, inputs, pass, samples);
  const meanPerDimension = tf.mean(perDimension, 0);
  return {
    loss: tf.neg(tf.mean(bound)),
    reconstruction: tf.mean(reconstruction),
    kl: tf.sum(meanPerDimension),
    klPerDimension: meanPerDimension,
  };
}

/**
 * The importance-weighted bound of Burda et al. 2016, eq. 8, of each example; beta weighs the ratio of posterior and
 * prior. Beside it the reconstruction, averaged over the samples, and the KL per dimension, `[batch, latent]`.
 */
function importanceTerms(model: Definition, inputs: Tensors, pass: Pass, samples: number) {
  const x = input(inputs, "x");
  const posterior = model.encode(x, pass);
  const at = sampledTimes(model, samples, x, posterior, noiseOf(inputs), pass);
  const perSample = (values: tf.Tensor) => tf.reshape(values, [samples, x.shape[0] ?? 1]);
  const logWeights = tf.neg(tf.add(at.reconstruction, tf.mul(input(inputs, "beta"), at.ratio)));
  return {
    bound: tf.sub(tf.logSumExp(perSample(logWeights), 0), Math.log(samples)),
    reconstruction: tf.mean(perSample(at.reconstruction), 0),
    perDimension: klPerDimension(posterior),
  };
}

function sampled(model: Definition, inputs: Tensors, pass: Pass): LossTerms & { posterior: Posterior } {
  const x = input(inputs, "x");
  const posterior = model.encode(x, pass);
  const z = model.reparameterize(posterior, noiseOf(inputs));
  const decoded = model.decode(z, pass);
  return { ...model.losses({ x, posterior, z, decoded }, pass), posterior };
}

/** `samples` samples of each example's posterior: the reconstruction, and `log q(z | x) - log p(z)`, `[samples * batch]` each. */
function sampledTimes(
  model: Definition,
  samples: number,
  x: tf.Tensor,
  { mean, logVariance }: Posterior,
  noise: tf.Tensor2D,
  pass: Pass,
) {
  const repeat = <T extends tf.Tensor>(tensor: T): T =>
    samples === 1 ? tensor : tf.tile<T>(tensor, [samples, ...tensor.shape.slice(1).map(() => 1)]);
  const posterior = { mean: repeat(mean), logVariance: repeat(logVariance) };
  const z = model.reparameterize(posterior, noise);
  const decoded = model.decode(z, pass);
  const { reconstruction } = model.losses({ x: repeat(x), posterior, z, decoded }, pass);
  return { reconstruction, ratio: tf.sub(logNormal(z, posterior), logPrior(z)) };
}
