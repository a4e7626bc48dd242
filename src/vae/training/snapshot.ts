import type { Trainer, Values } from "../engine/engine";
import type { Machine } from "../models/machine";
import type { HistoryPoint, TrainingWarning } from "./history";
import type { MeterState } from "./meter";

/** The best weights that early stopping has seen. */
export interface Best {
  readonly loss: number;
  readonly step: number;
  /** Epochs since then. */
  readonly waited: number;
  readonly weights?: Values;
}

/** A run as it was after some step: enough to go on from there to the same weights, and the same curve. */
export interface Snapshot {
  /** Steps done. */
  readonly step: number;
  readonly seconds: number;
  readonly weights: Values;
  readonly optimizer: Values;
  readonly history: readonly HistoryPoint[];
  readonly warnings: readonly TrainingWarning[];
  readonly meter: MeterState;
  readonly best?: Best;
}

/** Copies the state of weights and optimizer; undefined if a weight is no number, for that is nothing to go back to. */
export function weightsNow(
  machine: Machine,
  trainer: Trainer,
): Pick<Snapshot, "weights" | "optimizer"> | undefined {
  const weights = machine.readAll();
  return Object.values(weights).every(isFinite)
    ? { weights, optimizer: trainer.optimizerState() }
    : undefined;
}

/** Asked every second of every weight. A loop, as `Number.isFinite` for each takes 17 times as long: 0 times x is 0 only for numbers. */
function isFinite(values: Float32Array): boolean {
  let sum = 0;
  for (let index = 0; index < values.length; index += 2)
    sum += 0 * (values[index] ?? 0) + 0 * (values[index + 1] ?? 0);
  return sum === 0;
}
