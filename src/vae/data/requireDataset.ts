import type { Dataset } from "./dataset";
import { isDataset } from "./isDataset";

/**
 * @param reader how the person called it: "fit", "plot.latentSpace"
 * @throws TypeError if it is something else than one dataset; what was probably meant is in the message
 */
export function requireDataset(reader: string, value: unknown): asserts value is Dataset {
  if (isDataset(value)) return;
  throw new TypeError(`${reader} takes a dataset, but got ${insteadOfDataset(value)}`);
}

function insteadOfDataset(value: unknown): string {
  if (value === undefined || value === null)
    return "nothing. Is a name misspelt? The parts of data.digits(...) and its like are .train and .test.";
  if (value instanceof Promise)
    return "a promise: put await before what makes it, as in await data.fashionMnist().";
  if (typeof value === "object" && "train" in value && "test" in value) {
    const name = "name" in value && typeof value.name === "string" ? value.name : "the data";
    return `training and test data together. Pass one of the two: .train or .test of ${name}.`;
  }
  if (Array.isArray(value) || ArrayBuffer.isView(value))
    return "an array. data.fromArray(array, { shape }) makes a dataset of it.";
  if (typeof value === "object" && "dataSync" in value)
    return "a tensor. data.fromArray(await tensor.data(), { shape }) makes a dataset of it.";
  return `${typeof value === "object" ? "an object that is none" : typeof value}. data.fromArray makes one of your own numbers.`;
}
