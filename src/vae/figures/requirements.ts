import { isDataset } from "../data/isDataset";
import type { TrainedModel } from "../models/model";

/** @throws TypeError unless it is a model; what else it may be is named with the way out. */
export function requireModel(figure: string, model: unknown): asserts model is TrainedModel {
  if (typeof model === "object" && model !== null && "posterior" in model && "decodeAll" in model) return;
  const found =
    model instanceof Promise
      ? "a promise: put await before it"
      : model === undefined
        ? "nothing"
        : isDataset(model)
          ? "a dataset"
          : typeof model;
  throw new TypeError(`${figure} takes a model first, as vae({...}) makes it, but got ${found}.`);
}

/** @throws RangeError unless `count` is a whole number from 1 on. */
export function requireCount(name: string, count: number): void {
  if (Number.isInteger(count) && count >= 1) return;
  throw new RangeError(`${name} is ${count}, but must be a whole number from 1 on.`);
}

/** @throws RangeError unless the model has this latent dimension. */
export function requireDimension(
  { name, latent }: Pick<TrainedModel, "name" | "latent">,
  dimension: number,
): void {
  if (Number.isInteger(dimension) && dimension >= 0 && dimension < latent) return;
  throw new RangeError(`${name} has no latent dimension ${dimension}: they are numbered 0 to ${latent - 1}.`);
}
