import * as tf from "@tensorflow/tfjs";

/** The gradient of an operation's result; operations of one result pass it alone or in a list. */
export function one(dy: tf.Tensor | tf.Tensor[]): tf.Tensor {
  const [single] = Array.isArray(dy) ? dy : [dy];
  if (!single) throw new Error("a gradient has no upstream");
  return single;
}

/** The tensors that a gradient was promised (`inputsToSave`, `outputsToSave`), by their place. */
export function saved(tensors: readonly tf.Tensor[], place: number): tf.Tensor {
  const tensor = tensors[place];
  if (!tensor) throw new Error("a gradient lacks a tensor of its operation");
  return tensor;
}

/** For an input that a result does not depend on smoothly: a condition, a position. */
export const flat = (input: tf.Tensor) => (): tf.Tensor => tf.zeros(input.shape);

export const sizeOf = (shape: readonly number[]): number => shape.reduce((size, length) => size * length, 1);
