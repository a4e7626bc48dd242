/** The library that cells import as "vaenb". */
export * as tf from "@tensorflow/tfjs";
export * as data from "./data";
export { plot } from "./figures";
export {
  activation,
  averagePool,
  batchNorm,
  conv,
  convTranspose,
  dense,
  dropout,
  flatten,
  layerNorm,
  maxPool,
  reshape,
  upsample,
  type Layer,
} from "./models/layers/spec";
export { session, vae } from "./session";
export { cosine, cyclic, exponential, warmUp, type Schedule } from "./training/schedules";
