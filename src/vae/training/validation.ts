import type { Dataset } from "../data/dataset";
import { evaluationBatches, evaluationBatchSize } from "../evaluation/passes";
import type { Definition } from "../models/definition";
import { lossesFunction } from "../models/functions";
import type { Machine } from "../models/machine";
import { stream } from "../random";
import type { Losses } from "./history";

/**
 * Reconstruction and KL of a dataset, one posterior sample per example. The noise is the same each time, so that two
 * evaluations differ by the weights only.
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
): Promise<Losses | undefined> {
  const batchSize = evaluationBatchSize(data.size, data.valuesPerExample);
  const random = stream(seed, "validation noise");
  const noise = new Float32Array(batchSize * model.latent);
  let reconstruction = 0;
  let kl = 0;
  for (const { index, count, x } of evaluationBatches(data, batchSize)) {
    random.fillNormal(noise, index);
    const make = () => lossesFunction(model, batchSize);
    const losses = await machine.run(`losses of ${batchSize}`, make, { x, noise });
    reconstruction += sumOfFirst(losses.reconstruction, count);
    kl += sumOfFirst(losses.kl, count);
    if (await pause()) return undefined;
  }
  reconstruction /= data.size;
  kl /= data.size;
  return { loss: reconstruction + beta * kl, reconstruction, kl };
}

function sumOfFirst(values: Float32Array | undefined, count: number): number {
  let sum = 0;
  for (let row = 0; row < count; row++) sum += values?.[row] ?? NaN;
  return sum;
}
