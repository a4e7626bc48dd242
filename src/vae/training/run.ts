import type { Displayable, Live } from "../host";
import type { HistoryPoint, TrainingWarning } from "./history";

/** Where a run stands. `stopped`: by the person; `early-stopped`: by `earlyStopping`; `failed`: the loss was no number. */
export type RunStatus = "running" | "finished" | "stopped" | "early-stopped" | "failed";

/**
 * What `model.fit` returns, and shows while it trains: the curve so far, what is left, and what went wrong.
 * It is a living figure: `run[live](changed)` is told of each change, at most about ten times a second, and once more
 * at the end. Its faces are drawn by `runFigure(run)` of `figures/run.ts`, from nothing but these fields.
 */
export interface Run extends Displayable, Live {
  /** For titles: the model's name, "vae 784-400-2". */
  readonly model: string;
  /** For titles: the names of the data trained and validated on. */
  readonly data: string;
  readonly validationData?: string;
  readonly status: RunStatus;
  /** Curve points, oldest first: a few hundred, however long the run. Losses are nats per example. */
  readonly history: readonly HistoryPoint[];
  readonly warnings: readonly TrainingWarning[];
  /** Optimizer steps done, and planned. */
  readonly step: number;
  readonly totalSteps: number;
  /** Epochs done, fractional within one, and planned. */
  readonly epoch: number;
  readonly totalEpochs: number;
  readonly batchSize: number;
  /** "compiled", "tfjs-node", "wasm" or "cpu". */
  readonly engine: string;
  readonly seconds: number;
  /** Estimated; 0 when the run has ended. */
  readonly secondsLeft: number;
  readonly examplesPerSecond: number;
  /** The folder that holds a checkpoint of this run, from the first one on until the run has finished. */
  readonly checkpoints?: string;
  /** KL of each latent dimension in nats, over the latest stretch of training. */
  readonly klPerDimension: readonly number[];
}
