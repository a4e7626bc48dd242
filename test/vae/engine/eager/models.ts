import * as tf from "@tensorflow/tfjs";
import type { Shape, StepFunction, Tensors, Values, WeightSpec } from "../../../../src/vae/engine/engine";
import { stream } from "../../../../src/vae/random";

/** A small model to try engines on: its step, its weights, and inputs by step number. */
export interface TrialModel {
  readonly step: StepFunction;
  readonly weights: readonly WeightSpec[];
  inputs(draw: number): Values;
}

export type Activation = (x: tf.Tensor) => tf.Tensor;

const size = (shape: Shape): number => shape.reduce((product, length) => product * length, 1);

const weight = (name: string, shape: Shape): WeightSpec => {
  const fan = shape.length > 1 ? size(shape.slice(0, -1)) : Infinity;
  const initial = stream(11, `trial ${name}`).fillNormal(new Float32Array(size(shape)), 0);
  return { name, shape, trainable: true, initial: initial.map((value) => value / Math.sqrt(fan)) };
};

const of = (tensors: Tensors, name: string): tf.Tensor => {
  const tensor = tensors[name];
  if (!tensor) throw new Error(`no ${name}`);
  return tensor;
};

/** Negative ELBO, nats per example: Bernoulli likelihood from logits, standard normal prior. */
function negativeElbo(x: tf.Tensor, logits: tf.Tensor, mean: tf.Tensor, logVariance: tf.Tensor): Tensors {
  const batch = x.shape[0] ?? 1;
  const crossEntropy = tf.add(
    tf.sub(tf.relu(logits), tf.mul(logits, x)),
    tf.log1p(tf.exp(tf.neg(tf.abs(logits)))),
  );
  const reconstruction = tf.div(tf.sum(crossEntropy), batch);
  const inner = tf.sub(tf.sub(tf.add(1, logVariance), tf.square(mean)), tf.exp(logVariance));
  const kl = tf.mul(-0.5 / batch, tf.sum(inner));
  return { loss: tf.add(reconstruction, kl), reconstruction, kl };
}

const sample = (mean: tf.Tensor, logVariance: tf.Tensor, noise: tf.Tensor): tf.Tensor =>
  tf.add(mean, tf.mul(noise, tf.exp(tf.mul(logVariance, 0.5))));

const inputsOf = (x: Shape, noise: Shape) => (draw: number) => ({
  x: stream(5, "trial data").fillUniform(new Float32Array(size(x)), draw),
  noise: stream(5, "trial noise").fillNormal(new Float32Array(size(noise)), draw),
});

export function mlp(
  activation: Activation = tf.relu,
  batch = 16,
  pixels = 36,
  hidden = 24,
  latent = 3,
): TrialModel {
  const dense = (x: tf.Tensor, w: Tensors, name: string): tf.Tensor =>
    tf.add(tf.matMul(x, of(w, `${name}.kernel`)), of(w, `${name}.bias`));
  const layer = (name: string, from: number, to: number) => [
    weight(`${name}.kernel`, [from, to]),
    weight(`${name}.bias`, [to]),
  ];
  const inputs = { x: [batch, pixels], noise: [batch, latent] };
  return {
    weights: [
      ...layer("hidden", pixels, hidden),
      ...layer("mean", hidden, latent),
      ...layer("logVariance", hidden, latent),
      ...layer("up", latent, hidden),
      ...layer("out", hidden, pixels),
    ],
    inputs: inputsOf(inputs.x, inputs.noise),
    step: {
      name: "loss",
      inputs,
      apply(given, w) {
        const x = of(given, "x");
        const h = activation(dense(x, w, "hidden"));
        const mean = dense(h, w, "mean");
        const logVariance = dense(h, w, "logVariance");
        const z = sample(mean, logVariance, of(given, "noise"));
        return negativeElbo(x, dense(activation(dense(z, w, "up")), w, "out"), mean, logVariance);
      },
    },
  };
}

/** Two strided convolutions down, two transposed ones up, 8 x 8 pixels. */
export function convolutional(activation: Activation = tf.relu, batch = 8, latent = 2): TrialModel {
  const inputs = { x: [batch, 8, 8, 1], noise: [batch, latent] };
  const conv = (x: tf.Tensor, w: Tensors, name: string): tf.Tensor =>
    activation(
      tf.add(
        tf.conv2d(x as tf.Tensor4D, of(w, `${name}.kernel`) as tf.Tensor4D, 2, "same"),
        of(w, `${name}.bias`),
      ),
    );
  const up = (x: tf.Tensor, w: Tensors, name: string, shape: [number, number, number, number]): tf.Tensor =>
    tf.add(
      tf.conv2dTranspose(x as tf.Tensor4D, of(w, `${name}.kernel`) as tf.Tensor4D, shape, 2, "same"),
      of(w, `${name}.bias`),
    );
  return {
    weights: [
      weight("first.kernel", [3, 3, 1, 4]),
      weight("first.bias", [4]),
      weight("second.kernel", [3, 3, 4, 6]),
      weight("second.bias", [6]),
      weight("mean.kernel", [24, latent]),
      weight("logVariance.kernel", [24, latent]),
      weight("dense.kernel", [latent, 24]),
      weight("third.kernel", [3, 3, 4, 6]),
      weight("third.bias", [4]),
      weight("fourth.kernel", [3, 3, 1, 4]),
      weight("fourth.bias", [1]),
    ],
    inputs: inputsOf(inputs.x, inputs.noise),
    step: {
      name: "loss",
      inputs,
      apply(given, w) {
        const x = of(given, "x");
        const h = tf.reshape(conv(conv(x, w, "first"), w, "second"), [batch, 24]);
        const mean = tf.matMul(h, of(w, "mean.kernel"));
        const logVariance = tf.matMul(h, of(w, "logVariance.kernel"));
        const z = sample(mean, logVariance, of(given, "noise"));
        const seed = tf.reshape(activation(tf.matMul(z, of(w, "dense.kernel"))), [batch, 2, 2, 6]);
        const middle = activation(up(seed, w, "third", [batch, 4, 4, 4]));
        return negativeElbo(x, up(middle, w, "fourth", [batch, 8, 8, 1]), mean, logVariance);
      },
    },
  };
}
