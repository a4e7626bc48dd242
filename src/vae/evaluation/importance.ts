import type { Dataset } from "../data/dataset";
import type { Definition } from "../models/definition";
import { importanceFunction } from "../models/functions";
import type { Machine } from "../models/machine";
import { stream } from "../random";
import { evaluationBatches } from "./passes";

/** A running `log(sum(exp(values)))` per row that never overflows: the sum is kept relative to the largest value so far. */
export class LogSumExp {
  private readonly largest: Float64Array;
  private readonly sums: Float64Array;

  constructor(rows: number) {
    this.largest = new Float64Array(rows).fill(-Infinity);
    this.sums = new Float64Array(rows);
  }

  add(row: number, value: number): void {
    const largest = this.largest[row] ?? -Infinity;
    const sum = this.sums[row] ?? 0;
    if (value <= largest) this.sums[row] = sum + Math.exp(value - largest);
    else {
      this.sums[row] = sum * Math.exp(largest - value) + 1;
      this.largest[row] = value;
    }
  }

  value(row: number): number {
    return (this.largest[row] ?? NaN) + Math.log(this.sums[row] ?? NaN);
  }
}

/** Values that one pass may decode at once: bounds the memory, whatever the number of samples. */
const valuesAtOnce = 2 ** 21;

/**
 * The importance-weighted bound of Burda et al. 2016, eq. 8, in nats per example: the mean over the examples of
 * `log(1/k sum p(x, z) / q(z | x))` with k samples `z` of the posterior. Rises with k towards `log p(x)`.
 */
export async function importanceWeightedBound(
  machine: Machine,
  model: Definition,
  data: Dataset,
  {
    samples,
    seed,
    pause,
  }: { readonly samples: number; readonly seed: number; readonly pause: () => Promise<void> },
): Promise<number> {
  const batchSize = Math.min(64, 2 ** Math.ceil(Math.log2(data.size)));
  const atOnce = Math.max(
    1,
    Math.min(samples, Math.floor(valuesAtOnce / (batchSize * data.valuesPerExample))),
  );
  const chunks = Math.ceil(samples / atOnce);
  const random = stream(seed, "importance noise");
  const noise = new Float32Array(atOnce * batchSize * model.latent);
  let total = 0;
  for (const { index, count, x } of evaluationBatches(data, batchSize)) {
    const sums = new LogSumExp(count);
    for (let chunk = 0; chunk < chunks; chunk++) {
      random.fillNormal(noise, index * chunks + chunk);
      const make = () => importanceFunction(model, batchSize, atOnce);
      const { logWeight } = await machine.run(`importance of ${atOnce} x ${batchSize}`, make, { x, noise });
      const used = Math.min(atOnce, samples - chunk * atOnce);
      for (let sample = 0; sample < used; sample++)
        for (let row = 0; row < count; row++) sums.add(row, logWeight?.[sample * batchSize + row] ?? NaN);
      await pause();
    }
    for (let row = 0; row < count; row++) total += sums.value(row) - Math.log(samples);
  }
  return total / data.size;
}
