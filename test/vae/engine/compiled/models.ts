import * as tf from "@tensorflow/tfjs";
import type { StepFunction, Tensors, Values, WeightSpec } from "../../../../src/vae/engine/engine";
import { Choices } from "./random";

/** VAEs as a student would write them, with weights and data to run them on. */
export interface TestModel {
  readonly specs: readonly WeightSpec[];
  readonly step: StepFunction;
  data(r: Choices): Values;
}

const size = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

function weights(shapes: Readonly<Record<string, readonly number[]>>): readonly WeightSpec[] {
  const r = new Choices(11);
  return Object.entries(shapes).map(([name, shape]) => {
    const reach = shape.length > 1 ? Math.sqrt(1 / size(shape.slice(0, -1))) : 0.1;
    return { name, shape, trainable: true, initial: r.values(size(shape), -reach, reach) };
  });
}

const dataFor =
  (step: StepFunction) =>
  (r: Choices): Values =>
    Object.fromEntries(
      Object.entries(step.inputs).map(([name, shape]) => [
        name,
        name === "noise" ? r.values(size(shape)) : r.values(size(shape), 0, 1),
      ]),
    );

const get = (tensors: Tensors, name: string): tf.Tensor => {
  const tensor = tensors[name];
  if (!tensor) throw new Error(`no tensor "${name}"`);
  return tensor;
};

const affine = (x: tf.Tensor, w: Tensors, name: string): tf.Tensor =>
  tf.add(tf.matMul(x, get(w, name)), get(w, `${name}Bias`));

const crossEntropy = (logits: tf.Tensor, x: tf.Tensor): tf.Tensor =>
  tf.add(tf.sub(tf.relu(logits), tf.mul(logits, x)), tf.log1p(tf.exp(tf.neg(tf.abs(logits)))));

const klToPrior = (mean: tf.Tensor, logVariance: tf.Tensor): tf.Tensor =>
  tf.mul(-0.5, tf.sum(tf.sub(tf.sub(tf.add(1, logVariance), tf.square(mean)), tf.exp(logVariance)), 1));

function elbo(logits: tf.Tensor, x: tf.Tensor, mean: tf.Tensor, logVariance: tf.Tensor): Tensors {
  const pixels = tf.reshape(crossEntropy(logits, x), [x.shape[0] ?? 1, -1]);
  const reconstruction = tf.mean(tf.sum(pixels, 1));
  const kl = tf.mean(klToPrior(mean, logVariance));
  return { loss: tf.add(reconstruction, kl), reconstruction, kl };
}

const sample = (mean: tf.Tensor, logVariance: tf.Tensor, noise: tf.Tensor): tf.Tensor =>
  tf.add(mean, tf.mul(noise, tf.exp(tf.mul(logVariance, 0.5))));

export function denseVae(o: {
  input: number;
  hidden: readonly number[];
  latent: number;
  batch: number;
}): TestModel {
  const down = [o.input, ...o.hidden];
  const up = [o.latent, ...o.hidden.toReversed(), o.input];
  const shapes: Record<string, readonly number[]> = {};
  const layer = (name: string, from: number, to: number): void => {
    shapes[name] = [from, to];
    shapes[`${name}Bias`] = [to];
  };
  o.hidden.forEach((to, i) => layer(`down${i}`, down[i] ?? 1, to));
  layer("mean", down.at(-1) ?? 1, o.latent);
  layer("logVariance", down.at(-1) ?? 1, o.latent);
  up.slice(1).forEach((to, i) => layer(`up${i}`, up[i] ?? 1, to));
  const step: StepFunction = {
    name: "loss",
    inputs: { x: [o.batch, o.input], noise: [o.batch, o.latent] },
    apply: (inputs, w) => {
      const h = o.hidden.reduce((x, _, i) => tf.relu(affine(x, w, `down${i}`)), get(inputs, "x"));
      const [mean, logVariance] = [affine(h, w, "mean"), affine(h, w, "logVariance")];
      const z = sample(mean, logVariance, get(inputs, "noise"));
      const last = o.hidden.length;
      const features = o.hidden.reduce((x, _, i) => tf.relu(affine(x, w, `up${i}`)), z);
      return elbo(affine(features, w, `up${last}`), get(inputs, "x"), mean, logVariance);
    },
  };
  return { specs: weights(shapes), step, data: dataFor(step) };
}

export function convolutionalVae(o: {
  size: number;
  channels: readonly [number, number];
  dense: number;
  latent: number;
  batch: number;
}): TestModel {
  const [c1, c2] = o.channels;
  const half = Math.ceil(o.size / 2);
  const quarter = Math.ceil(half / 2);
  const flat = quarter * quarter * c2;
  const shapes: Record<string, readonly number[]> = {
    conv1: [3, 3, 1, c1],
    conv2: [3, 3, c1, c2],
    dense: [flat, o.dense],
    denseBias: [o.dense],
    mean: [o.dense, o.latent],
    meanBias: [o.latent],
    logVariance: [o.dense, o.latent],
    logVarianceBias: [o.latent],
    up: [o.latent, flat],
    upBias: [flat],
    deconv1: [3, 3, c2, c2],
    deconv1Bias: [c2],
    deconv2: [3, 3, c1, c2],
    deconv2Bias: [c1],
    out: [3, 3, c1, 1],
    outBias: [1],
    conv1Bias: [c1],
    conv2Bias: [c2],
  };
  const step: StepFunction = {
    name: "loss",
    inputs: { x: [o.batch, o.size, o.size, 1], noise: [o.batch, o.latent] },
    apply: (inputs, w) => {
      const filter = (name: string): tf.Tensor4D => get(w, name) as tf.Tensor4D;
      const biased = (x: tf.Tensor, name: string): tf.Tensor4D => tf.add(x, get(w, `${name}Bias`));
      const x = get(inputs, "x") as tf.Tensor4D;
      const h1 = tf.relu(biased(tf.conv2d(x, filter("conv1"), 2, "same"), "conv1"));
      const h2 = tf.relu(biased(tf.conv2d(h1, filter("conv2"), 2, "same"), "conv2"));
      const h = tf.relu(affine(tf.reshape(h2, [o.batch, flat]), w, "dense"));
      const [mean, logVariance] = [affine(h, w, "mean"), affine(h, w, "logVariance")];
      const z = sample(mean, logVariance, get(inputs, "noise"));
      const start = tf.reshape<tf.Rank.R4>(tf.relu(affine(z, w, "up")), [o.batch, quarter, quarter, c2]);
      const u1 = tf.conv2dTranspose(start, filter("deconv1"), [o.batch, half, half, c2], 2, "same");
      const u2 = tf.conv2dTranspose(
        tf.relu(biased(u1, "deconv1")),
        filter("deconv2"),
        [o.batch, o.size, o.size, c1],
        2,
        "same",
      );
      const logits = biased(tf.conv2d(tf.relu(biased(u2, "deconv2")), filter("out"), 1, "same"), "out");
      return elbo(logits, x, mean, logVariance);
    },
  };
  return { specs: weights(shapes), step, data: dataFor(step) };
}
