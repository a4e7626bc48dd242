import type { Dataset } from "../data/dataset";

/** A stretch of a dataset as one full batch: rows after `count` repeat the last example, and their results are dropped. */
export interface EvaluationBatch {
  readonly index: number;
  readonly start: number;
  readonly count: number;
  readonly x: Float32Array;
}

/** Batches of a fixed size over a dataset, in order; `x` is the same array each time. */
export function* evaluationBatches(data: Dataset, batchSize: number): Generator<EvaluationBatch> {
  const x = new Float32Array(batchSize * data.valuesPerExample);
  const examples = new Uint32Array(batchSize);
  for (let start = 0, index = 0; start < data.size; start += batchSize, index++) {
    for (let row = 0; row < batchSize; row++) examples[row] = Math.min(start + row, data.size - 1);
    data.read(examples, x);
    yield { index, start, count: Math.min(batchSize, data.size - start), x };
  }
}

/** A batch size for evaluation: large enough to be quick, not larger than the data, few distinct ones. */
export function evaluationBatchSize(examples: number, valuesPerExample: number): number {
  const fits = 2 ** Math.max(4, Math.floor(Math.log2(2 ** 20 / valuesPerExample)));
  const needed = 2 ** Math.ceil(Math.log2(Math.max(1, examples)));
  return Math.min(256, fits, needed);
}
