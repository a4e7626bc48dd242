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
  const finite = Object.values(weights).every((values) => values.every(Number.isFinite));
  return finite ? { weights, optimizer: copied(trainer.optimizerState()) } : undefined;
}

const copied = (values: Values): Values =>
  Object.fromEntries(Object.entries(values).map(([name, array]) => [name, array.slice()]));
