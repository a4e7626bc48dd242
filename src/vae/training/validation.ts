import type { Dataset } from "../data/dataset";
import { evaluationBatches, evaluationBatchSize } from "../evaluation/passes";
import type { Definition } from "../models/definition";
import { objectiveFunction } from "../models/functions";
import type { Machine } from "../models/machine";
import { stream } from "../random";
import type { ValidationLosses } from "./history";

/**
 * The objective on a dataset, made of the same terms as in training: KL weighed by beta, free bits, importance samples.
 * The noise is the same each time, so that two evaluations differ by the weights only.
 * @param pause called between batches; when it answers true the evaluation is given up
 */
export async function validate(
  machine: Machine,
  model: Definition,
  data: Dataset,
  {
    beta,
    seed,
    pause,
  }: { readonly beta: number; readonly seed: number; readonly pause: () => Promise<boolean> },
): Promise<ValidationLosses | undefined> {
  const { importanceSamples: samples, freeBits } = model.objective;
  const batchSize = evaluationBatchSize(data.size, data.valuesPerExample * samples);
  const random = stream(seed, "validation noise");
  const noise = new Float32Array(samples * batchSize * model.latent);
  const sums = { reconstruction: 0, kl: 0, bound: 0 };
  const spread = new Spread();
  const perDimension = new Float64Array(model.latent);
  for (const { index, count, x } of evaluationBatches(data, batchSize)) {
    random.fillNormal(noise, index);
    const make = () => objectiveFunction(model, batchSize);
    const inputs = { x, noise, ...(samples > 1 && { beta: Float32Array.of(beta) }) };
    const terms = await machine.run(`objective of ${batchSize}`, make, inputs);
    sums.reconstruction += sumOfFirst(terms.reconstruction, count);
    sums.kl += sumOfFirst(terms.kl, count);
    sums.bound += sumOfFirst(terms.bound, count);
    for (let row = 0; row < count; row++) {
      const ofExample = (values: Float32Array | undefined): number => values?.[row] ?? NaN;
      spread.add(
        samples > 1 ? -ofExample(terms.bound) : ofExample(terms.reconstruction) + beta * ofExample(terms.kl),
      );
    }
    if (freeBits > 0) addRows(perDimension, terms.klPerDimension, count);
    if (await pause()) return undefined;
  }
  const reconstruction = sums.reconstruction / data.size;
  const kl = sums.kl / data.size;
  const { standardError } = spread;
  if (samples > 1) return { loss: -sums.bound / data.size, reconstruction, kl, standardError };
  const minimised =
    freeBits > 0 ? perDimension.reduce((sum, total) => sum + Math.max(total / data.size, freeBits), 0) : kl;
  return { loss: reconstruction + beta * minimised, reconstruction, kl, standardError };
}

/** Mean and variance of a stream of numbers that may all be large and alike (Welford 1962). */
class Spread {
  private count = 0;
  private mean = 0;
  private squares = 0;

  add(value: number): void {
    this.count += 1;
    const before = value - this.mean;
    this.mean += before / this.count;
    this.squares += before * (value - this.mean);
  }

  /** Of the mean; 0 for a single number, which tells nothing of the spread. */
  get standardError(): number {
    return this.count > 1 ? Math.sqrt(this.squares / (this.count - 1) / this.count) : 0;
  }
}

function sumOfFirst(values: Float32Array | undefined, count: number): number {
  let sum = 0;
  for (let row = 0; row < count; row++) sum += values?.[row] ?? NaN;
  return sum;
}

/** Adds the first `count` rows of `[rows, columns]` to the totals of the columns. */
function addRows(totals: Float64Array, values: Float32Array | undefined, count: number): void {
  const columns = totals.length;
  for (let i = 0; i < count * columns; i++)
    totals[i % columns] = (totals[i % columns] ?? 0) + (values?.[i] ?? NaN);
}
