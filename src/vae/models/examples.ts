import * as tf from "@tensorflow/tfjs";
import { isDataset } from "../data/isDataset";
import { readAll } from "../data/readExamples";
import type { Shape } from "../engine/engine";
import { written } from "../options";
import { shapeText, size } from "./layers/layer";
import type { Examples } from "./model";
import { isTensor } from "./requireShape";

/**
 * Examples in any form as one tensor `[batch, ...input]`.
 * @throws if they do not have as many values as the model's input
 */
export function asBatch(method: string, examples: Examples, input: Shape): tf.Tensor {
  const wanted = `${method} takes examples of shape ${shapeText(input)}, one or [batch, ${input.join(", ")}]: a dataset, a tensor or arrays of numbers`;
  const tensor = isDataset(examples)
    ? tf.tensor(readAll(examples), [examples.size, ...examples.shape])
    : tensorOf(examples, wanted);
  const perExample = size(input);
  const batch = tensor.rank === 0 ? 0 : tensor.size / perExample;
  const fits =
    Number.isInteger(batch) && batch >= 1 && (tensor.shape[0] === batch || tensor.size === perExample);
  if (!fits) throw new Error(`${wanted}; but got ${shapeText(tensor.shape)}.`);
  return tf.reshape(tf.cast(tensor, "float32"), [batch, ...input]);
}

/**
 * Latent points in any form as one tensor `[batch, latent]`; one point may stand alone.
 * @throws if they do not have `latent` columns
 */
export function asPoints(method: string, points: unknown, latent: number): tf.Tensor2D {
  const wanted = `${method} takes latent points of shape [batch, ${latent}], a tensor or arrays of numbers`;
  if (isDataset(points))
    throw new TypeError(
      `${wanted}; but got a dataset. model.reconstruct(examples) goes from examples to what the model makes of them.`,
    );
  const given = tensorOf(points, wanted);
  const rows = given.rank === 1 && given.size === latent ? tf.reshape(given, [1, latent]) : given;
  if (!isMatrix(rows) || rows.shape[1] !== latent)
    throw new Error(`${wanted}; but got ${shapeText(given.shape)}.`);
  return tf.cast(rows, "float32");
}

const isMatrix = (tensor: tf.Tensor): tensor is tf.Tensor2D => tensor.rank === 2;

/** @throws if it is neither a tensor nor arrays that are as long as each other */
function tensorOf(value: unknown, wanted: string): tf.Tensor {
  if (isTensor(value)) return value;
  if (!isNumbers(value)) throw new TypeError(`${wanted}; but got ${found(value)}.`);
  const tensor = tf.tensor(value);
  // tfjs takes the lengths from the first list of each depth.
  if (Array.isArray(value) && value.flat(Infinity).length !== tensor.size)
    throw new TypeError(`${wanted}; but got lists of different lengths.`);
  return tensor;
}

const isNumbers = (value: unknown): value is tf.TensorLike =>
  Array.isArray(value) || ArrayBuffer.isView(value) || typeof value === "number";

function found(value: unknown): string {
  if (value instanceof Promise) return "a promise: put await before it";
  if (typeof value === "object" && value !== null && "mean" in value && "logVariance" in value)
    return "a posterior: take its .mean";
  return written(value);
}
