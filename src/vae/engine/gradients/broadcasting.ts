import * as tf from "@tensorflow/tfjs";
import { flat, one, saved } from "./gradient";

/** Gradients of operations on two tensors that broadcast. */

/** Steps: flat wherever they have a slope. */
const steps: readonly tf.GradConfig[] = [
  "Greater",
  "GreaterEqual",
  "Less",
  "LessEqual",
  "Equal",
  "NotEqual",
  "LogicalAnd",
  "LogicalOr",
  "LogicalXor",
  "FloorDiv",
].map((kernelName) => ({
  kernelName,
  inputsToSave: ["a", "b"],
  gradFunc: (_, tensors) => ({ a: flat(saved(tensors, 0)), b: flat(saved(tensors, 1)) }),
}));

const where = (condition: tf.Tensor, dy: tf.Tensor): tf.Tensor => tf.mul(dy, tf.cast(condition, "float32"));
const maximum = binary("Maximum", (dy) => ({
  a: (a, b) => where(tf.greaterEqual(a, b), dy),
  b: (a, b) => where(tf.less(a, b), dy),
}));
const minimum = binary("Minimum", (dy) => ({
  a: (a, b) => where(tf.lessEqual(a, b), dy),
  b: (a, b) => where(tf.greater(a, b), dy),
}));
const squaredDifference = binary("SquaredDifference", (dy) => ({
  a: (a, b) => tf.mul(dy, tf.mul(2, tf.sub(a, b))),
  b: (a, b) => tf.mul(dy, tf.mul(2, tf.sub(b, a))),
}));

type Side = (a: tf.Tensor, b: tf.Tensor) => tf.Tensor;

/** The gradient of an operation on two tensors that broadcast: summed over the axes along which an input was repeated. */
function binary(
  kernelName: string,
  sides: (dy: tf.Tensor) => { readonly a: Side; readonly b: Side },
): tf.GradConfig {
  return {
    kernelName,
    inputsToSave: ["a", "b"],
    gradFunc: (dy, tensors) => {
      const [a, b] = [saved(tensors, 0), saved(tensors, 1)];
      const { a: ofA, b: ofB } = sides(one(dy));
      return { a: () => sumTo(ofA(a, b), a.shape), b: () => sumTo(ofB(a, b), b.shape) };
    },
  };
}

function sumTo(gradient: tf.Tensor, shape: number[]): tf.Tensor {
  const repeated = tf.broadcast_util.getReductionAxes(shape, gradient.shape);
  return tf.reshape(repeated.length > 0 ? tf.sum(gradient, repeated) : gradient, shape);
}

export const broadcasting: readonly tf.GradConfig[] = [...steps, maximum, minimum, squaredDifference];
