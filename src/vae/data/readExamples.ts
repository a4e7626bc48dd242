import type { Dataset } from "./dataset";

/** The values of some examples, `[examples, ...shape]`. */
export function readExamples(data: Dataset, examples: readonly number[]): Float32Array {
  const values = new Float32Array(examples.length * data.valuesPerExample);
  data.read(examples, values);
  return values;
}

/** The values of the first examples. */
export const readFirst = (data: Dataset, count: number): Float32Array =>
  readExamples(
    data,
    Array.from({ length: count }, (_, example) => example),
  );

/** The values of all examples of a small dataset. */
export const readAll = (data: Dataset): Float32Array => readFirst(data, data.size);
