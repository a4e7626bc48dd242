import { isDataset } from "../data/isDataset";
import type { Dataset } from "../data/dataset";
import { requireOptions, type OptionNames } from "../options";
import type { OptimizerSpec } from "../engine/engine";
import type { HistoryPoint } from "./history";
import type { Run } from "./run";
import type { Schedule } from "./schedules";

/** An optimizer by name with its usual settings, or with some of them changed: `{ kind: "adam", beta2: 0.99 }`. */
export type OptimizerOption =
  | OptimizerSpec["kind"]
  | {
      [Kind in OptimizerSpec["kind"]]: { readonly kind: Kind } & Partial<
        Extract<OptimizerSpec, { kind: Kind }>
      >;
    }[OptimizerSpec["kind"]];

/**
 * Stops a run when the validation loss has not fallen by `minDelta` nats for `patience` epochs in a row. Where beta
 * changes over the run, the loss is taken with the beta of its last step: others could not be compared.
 */
export interface EarlyStopping {
  readonly patience: number;
  /** Nats per example; 0 unless given. */
  readonly minDelta?: number;
  /** Puts the weights of the best epoch back at the end; true unless given. */
  readonly restoreBest?: boolean;
}

/** Code that takes part in a run. Whatever is returned is awaited; `run.stop()` ends the run after the step. */
export interface TrainingCallbacks {
  readonly onPoint?: (point: HistoryPoint, run: StoppableRun) => void | Promise<void>;
  readonly onEpoch?: (point: HistoryPoint, run: StoppableRun) => void | Promise<void>;
}
export interface StoppableRun extends Run {
  /** Ends the run after the current step, as a person's Stop does: the weights are kept. */
  stop(): void;
}

/** How long to train: passes over the data, or optimizer steps. */
export type TrainingLength =
  { readonly epochs: number; readonly steps?: never } | { readonly steps: number; readonly epochs?: never };

/** How to train. Everything but the length has a default. */
export type FitOptions = TrainingLength & {
  /** Examples per step; 128 unless given. */
  readonly batchSize?: number;
  /** 1e-3 unless given. */
  readonly learningRate?: number;
  /** A learning rate that changes over the run, such as `cosine({ from: 1e-3 })`; wins over `learningRate`. */
  readonly schedule?: Schedule;
  /** "adam" unless given: "adam", "adamw", "sgd", "rmsprop", or one of them with settings. */
  readonly optimizer?: OptimizerOption;
  /** Scales the gradients down where their norm over all weights is larger than this. */
  readonly clipNorm?: number;
  /** Weight of the KL for this run; the model's own `beta` unless given. */
  readonly beta?: Schedule;
  /** Evaluated at the end of each epoch, and at the end. */
  readonly validationData?: Dataset;
  readonly earlyStopping?: EarlyStopping;
  readonly callbacks?: TrainingCallbacks;
  /** Seed of the order of the examples and of the noise; the session's unless given. */
  readonly seed?: number;
  /** Where the run's checkpoints go and how often; `false` writes none. The session's folder, every 15 s, unless given. */
  readonly checkpoints?:
    false | { readonly folder?: string; readonly everySeconds?: number; readonly everySteps?: number };
};

const names: OptionNames<FitOptions> = {
  epochs: true,
  steps: true,
  batchSize: true,
  learningRate: true,
  schedule: true,
  optimizer: true,
  clipNorm: true,
  beta: true,
  validationData: true,
  earlyStopping: true,
  callbacks: true,
  seed: true,
  checkpoints: true,
};

/** @throws TypeError if there is a name among the options, or among those of a part, that nobody reads */
export function requireFitOptions(options: FitOptions): void {
  if (options === undefined) throw new Error(lengthMissing);
  if (isDataset(options))
    throw new TypeError(
      "fit takes one dataset and then its options: model.fit(train, { epochs: 10, validationData: test }).",
    );
  requireOptions("fit", options, names);
  requireParts(options);
}

/** The parts that resuming a run takes too. */
export function requireParts({
  earlyStopping,
  callbacks,
  checkpoints,
}: Pick<FitOptions, "earlyStopping" | "callbacks" | "checkpoints">): void {
  if (earlyStopping !== undefined)
    requireOptions("earlyStopping", earlyStopping, { patience: true, minDelta: true, restoreBest: true });
  if (callbacks !== undefined) requireOptions("callbacks", callbacks, { onPoint: true, onEpoch: true });
  if (checkpoints === undefined || checkpoints === false) return;
  requireOptions("checkpoints", checkpoints, { folder: true, everySeconds: true, everySteps: true });
  const { everySteps = 1, everySeconds = 1 } = checkpoints;
  if (!Number.isInteger(everySteps) || everySteps < 1)
    throw new RangeError(`checkpoints.everySteps must be a whole number from 1 on, but is ${everySteps}.`);
  if (!(everySeconds >= 0))
    throw new RangeError(`checkpoints.everySeconds must be 0 or more, but is ${everySeconds}.`);
}

export const lengthMissing =
  "fit needs to know how long to train: give it epochs or steps, such as { epochs: 10 }.";
