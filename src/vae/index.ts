/** The library that cells import as "vaenb". */
import * as dataRoom from "./data";
import { session } from "./session";
import { refuseOperatorsOnTensors } from "./tensorArithmetic";
import { writeTensorsAsText } from "./tensorText";

export * as tf from "@tensorflow/tfjs";
export { plot } from "./figures";
export type { Initializer } from "./models/initializers";
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
export type { Examples, Model, Posterior } from "./models/model";
export type { VaeOptions } from "./models/parts";
export type { Score } from "./evaluation/score";
export type { Dataset, TrainTest } from "./data/dataset";
export { session, vae } from "./session";
export type { FitOptions, TrainingCallbacks } from "./training/options";
export type { Run } from "./training/run";
export { cosine, cyclic, exponential, warmUp, type Schedule } from "./training/schedules";

export { connectHost } from "./host";
export { present } from "./present";

/** Datasets: generated, downloaded once, or from your own files and arrays. */
export const data = session.watching(dataRoom);

writeTensorsAsText();
refuseOperatorsOnTensors();

// `tf` in cells moves to the fastest backend while the first cell is still being read. Where none starts, tfjs's own
// cpu backend stays, and `session.engine` says so.
void session.ready().catch(() => {});
