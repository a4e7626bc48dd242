import * as tf from "@tensorflow/tfjs";
import { didYouMean } from "../../options";

const activations = {
  linear: (x: tf.Tensor) => x,
  relu: (x: tf.Tensor) => tf.relu(x),
  leakyRelu: (x: tf.Tensor) => tf.leakyRelu(x, 0.2),
  elu: (x: tf.Tensor) => tf.elu(x),
  selu: (x: tf.Tensor) => tf.selu(x),
  sigmoid: (x: tf.Tensor) => tf.sigmoid(x),
  tanh: (x: tf.Tensor) => tf.tanh(x),
  softplus: (x: tf.Tensor) => tf.softplus(x),
  silu: (x: tf.Tensor) => tf.mul(x, tf.sigmoid(x)),
  /** The tanh form of Hendrycks and Gimpel 2016. */
  gelu: (x: tf.Tensor) =>
    tf.mul(
      tf.mul(x, 0.5),
      tf.add(
        1,
        tf.tanh(tf.mul(Math.sqrt(2 / Math.PI), tf.add(x, tf.mul(0.044715, tf.mul(x, tf.mul(x, x)))))),
      ),
    ),
};

/** The nonlinearities that layers offer by name. */
export type Activation = keyof typeof activations;

/** Applies a nonlinearity to every value. */
export const activate = (x: tf.Tensor, name: Activation): tf.Tensor => activations[name](x);

/** @throws if there is no such activation */
export function requireActivation(name: string): void {
  const names = Object.keys(activations);
  if (names.includes(name)) return;
  throw new Error(
    `There is no activation "${String(name)}".${didYouMean(String(name), names)} There are ${names.join(", ")}.`,
  );
}
