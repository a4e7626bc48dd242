import type { Dataset } from "../data/dataset";
import type { FitOptions } from "../training/options";
import type { Plan } from "../training/plan";
import type { LiveRun } from "../training/liveRun";
import type { Snapshot } from "../training/snapshot";
import type { EngineSource } from "./machine";
import type { Model } from "./model";

/** What a run is, for whoever keeps its checkpoints. */
export interface RunDescription {
  readonly model: Model;
  readonly plan: Plan;
  readonly data: Dataset;
  readonly validationData?: Dataset;
  readonly run: LiveRun;
  readonly checkpoints: FitOptions["checkpoints"];
}

/** Keeps one run's checkpoints. */
export interface Recorder {
  /** Called after each step; answers at once. */
  readonly keep: (step: number, snapshot: () => Snapshot | undefined) => void;
  /** Called when the run has ended, however it did. */
  readonly end: () => Promise<void>;
}

/** What a model knows of the session around it: where engines come from, and who wants to hear of what happens. */
export interface Surroundings {
  readonly engines: EngineSource;
  readonly adopt: (model: Model) => void;
  readonly release: (model: Model) => void;
  readonly sees: (data: Dataset) => void;
  readonly starts: (description: RunDescription) => Recorder | undefined;
}
