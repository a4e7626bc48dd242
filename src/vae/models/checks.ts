import type { Dataset } from "../data/dataset";
import { readFirst } from "../data/readExamples";
import { counted, significant } from "../figures/format";
import type { Definition } from "./definition";
import { sameShape, shapeText, size } from "./layers/layer";

/**
 * Refuses data that the model cannot be trained or measured on. Data of another shape with as many values are fine:
 * images and flat vectors are the same numbers.
 * @throws with the numbers that do not fit and what to do about them
 */
export function requireData(data: Dataset, model: Pick<Definition, "input" | "likelihood">): void {
  requireSize(data, model);
  const { min, max, nan } = data.range;
  if (nan > 0)
    throw new Error(
      `${data.name} holds ${counted(nan, "value")} that ${nan === 1 ? "is" : "are"} not a number (NaN), the first in example ${firstWithNaN(data)}. Leave such examples out with filter, or fill the values in before.`,
    );
  if (!Number.isFinite(min) || !Number.isFinite(max))
    throw new Error(
      `${data.name} holds infinite values: its range is ${min} to ${max}. Leave such examples out with filter, or replace the values before.`,
    );
  if (model.likelihood === "bernoulli" && (min < 0 || max > 1))
    throw new Error(
      `pixels must lie in [0, 1] for a bernoulli likelihood, but ${data.name} has a ${max > 1 ? `maximum of ${max}` : `minimum of ${min}`}. ${
        max > 1 && max <= 255 && min >= 0 ? "Divide by 255, as .scale(1 / 255) does" : "Rescale them"
      }, or use likelihood: "gaussian".`,
    );
  if (model.likelihood === "categorical") requireOneHot(data, model.input);
}

/** @throws if an example does not have as many values as the model's input, or there is none */
export function requireSize(data: Dataset, { input }: Pick<Definition, "input">): void {
  if (data.size === 0) throw new Error(`${data.name} is empty: there is nothing to learn from.`);
  const isTurned = data.shape.length === 3 && input.length === 3 && !sameShape(data.shape, input);
  if (data.valuesPerExample !== size(input) || isTurned)
    throw new Error(
      `The model takes ${shapeText(input)}, ${counted(size(input), "value")}, but an example of ${data.name} is ${shapeText(data.shape)}, ${counted(data.valuesPerExample, "value")}. Make the model with input: ${shapeText(data.shape)}, or use other data.`,
    );
}

/** The position of the first example that holds a NaN. */
function firstWithNaN(data: Dataset): number {
  const values = new Float32Array(data.valuesPerExample);
  for (let example = 0; example < data.size; example++) {
    data.read([example], values);
    if (values.some(Number.isNaN)) return example;
  }
  return 0;
}

/** How many examples a one-hot check looks at: enough to notice another format, quick for any dataset. */
const looked = 64;

function requireOneHot(data: Dataset, input: readonly number[]): void {
  const classes = input.at(-1) ?? 1;
  const values = readFirst(data, Math.min(looked, data.size));
  for (let start = 0; start < values.length; start += classes) {
    const sum = values.subarray(start, start + classes).reduce((total, value) => total + value, 0);
    if (Math.abs(sum - 1) < 1e-3) continue;
    throw new Error(
      `A categorical likelihood takes one-hot values: each group of ${classes} (the last axis of ${shapeText(input)}) must sum to 1, but in ${data.name} one sums to ${significant(sum)}. Use tf.oneHot, or another likelihood.`,
    );
  }
}
