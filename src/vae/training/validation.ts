import type { Dataset } from "../data/dataset";
import { evaluationBatches, evaluationBatchSize } from "../evaluation/passes";
import type { Values } from "../engine/engine";
import type { Definition } from "../models/definition";
import { objectiveFunction } from "../models/functions";
import type { Machine } from "../models/machine";
import { stream } from "../random";
import type { ValidationLosses } from "./history";

/** What was found on a dataset, and its loss with the KL weighed as in the run's last step. */
export interface Validation {
  readonly losses: ValidationLosses;
  readonly lossAtFinalBeta: number;
}

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
    finalBeta,
    seed,
    pause,
  }: {
    readonly beta: number;
    readonly finalBeta: number;
    readonly seed: number;
    readonly pause: () => Promise<boolean>;
  },
): Promise<Validation | undefined> {
  const { importanceSamples: samples, freeBits } = model.objective;
  const batchSize = evaluationBatchSize(data.size, data.valuesPerExample * samples);
  const random = stream(seed, "validation noise");
  const noise = new Float32Array(samples * batchSize * model.latent);
  const sums = { reconstruction: 0, kl: 0, bound: 0, finalBound: 0 };
  const spread = new Spread();
  const perDimension = new Float64Array(model.latent);
  for (const { index, count, x } of evaluationBatches(data, batchSize)) {
    random.fillNormal(noise, index);
    const make = () => objectiveFunction(model, batchSize);
    const termsAt = (weight: number): Promise<Values> => {
      const inputs = { x, noise, ...(samples > 1 && { beta: Float32Array.of(weight) }) };
      return machine.run(`objective of ${batchSize}`, make, inputs);
    };
    const terms = await termsAt(beta);
    // A bound of several samples is no sum of reconstruction and KL: with another beta it is computed anew.
    const finalTerms = samples > 1 && finalBeta !== beta ? await termsAt(finalBeta) : terms;
    sums.reconstruction += sumOfFirst(terms.reconstruction, count);
    sums.kl += sumOfFirst(terms.kl, count);
    sums.bound += sumOfFirst(terms.bound, count);
    sums.finalBound += sumOfFirst(finalTerms.bound, count);
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
  const parts = { reconstruction, kl, standardError };
  if (samples > 1)
    return {
      losses: { loss: -sums.bound / data.size, ...parts },
      lossAtFinalBeta: -sums.finalBound / data.size,
    };
  const minimised =
    freeBits > 0 ? perDimension.reduce((sum, total) => sum + Math.max(total / data.size, freeBits), 0) : kl;
  return {
    losses: { loss: reconstruction + beta * minimised, ...parts },
    lossAtFinalBeta: reconstruction + finalBeta * minimised,
  };
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
