import type { Dataset } from "./dataset";

/** Whether a value is a dataset: something that reads its examples into an array. */
export const isDataset = (value: unknown): value is Dataset =>
  typeof value === "object" && value !== null && "read" in value && "valuesPerExample" in value;
