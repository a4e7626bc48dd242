import * as tf from "@tensorflow/tfjs";
import type { Dataset } from "../data/dataset";
import type { Shape } from "../engine/engine";
import { shapeText, size } from "./layers/layer";
import type { Examples } from "./model";
import { isTensor } from "./requireShape";

/** Whether a value is a dataset: something that reads its examples into an array. */
export function isDataset(value: unknown): value is Dataset {
  return typeof value === "object" && value !== null && "read" in value && "valuesPerExample" in value;
}

/**
 * Examples in any form as one tensor `[batch, ...input]`.
 * @throws if they do not have as many values as the model's input
 */
export function asBatch(examples: Examples, input: Shape): tf.Tensor {
  const tensor = isDataset(examples)
    ? readAll(examples)
    : isTensor(examples)
      ? examples
      : tf.tensor(examples);
  const perExample = size(input);
  const batch = tensor.rank === 0 ? 0 : tensor.size / perExample;
  const fits =
    Number.isInteger(batch) && batch >= 1 && (tensor.shape[0] === batch || tensor.size === perExample);
  if (!fits)
    throw new Error(
      `The model takes examples of shape ${shapeText(input)}, [batch, ${input.join(", ")}], but got ${shapeText(tensor.shape)}.`,
    );
  return tf.reshape(tensor, [batch, ...input]);
}

function readAll(data: Dataset): tf.Tensor {
  const values = new Float32Array(data.size * data.valuesPerExample);
  data.read(
    Array.from({ length: data.size }, (_, index) => index),
    values,
  );
  return tf.tensor(values, [data.size, ...data.shape]);
}
