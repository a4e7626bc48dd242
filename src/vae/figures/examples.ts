import type { Dataset } from "../data/dataset";

/** The values of some examples, `[examples, ...shape]`. */
export function readExamples(data: Dataset, examples: readonly number[]): Float32Array {
  const values = new Float32Array(examples.length * data.valuesPerExample);
  data.read(examples, values);
  return values;
}

/** The values of all examples of a small dataset. */
export const readAll = (data: Dataset): Float32Array =>
  readExamples(
    data,
    Array.from({ length: data.size }, (_, i) => i),
  );

/** What an example is called in a caption: its position, and its class if it has one. */
export function exampleName({ labels }: Dataset, example: number): string {
  const label = labels?.of(example);
  return label === undefined
    ? `example ${example}`
    : `example ${example}, labelled ${labels?.names[label] ?? label}`;
}
