import type { Dataset } from "../data/dataset";
import type { FitOptions } from "../training/options";
import type { Plan } from "../training/plan";
import type { LiveRun } from "../training/liveRun";
import type { Snapshot } from "../training/snapshot";
import type { EngineSource } from "./machine";
import type { VaeModel } from "./vaeModel";

/** What a run is, for whoever keeps its checkpoints. */
export interface RunDescription {
  readonly model: VaeModel;
  /** The name of the run that is continued, if this one continues one. */
  readonly continues?: string;
  readonly plan: Plan;
  readonly data: Dataset;
  readonly validationData?: Dataset;
  readonly run: LiveRun;
  readonly checkpoints: FitOptions["checkpoints"];
}

/** Takes a run's state, by a function that copies it where it is wanted. */
export type KeepState = (step: number, snapshot: () => Snapshot | undefined, isLast?: boolean) => void;

/** Keeps one run's checkpoints. */
export interface Recorder {
  /** What the run is called where its checkpoints are; one that is continued keeps its name. */
  readonly name: string;
  /** Called after each step, and with `isLast` when a person stops the run; answers at once. */
  readonly keep: KeepState;
  /** Called when the run has ended, however it did; done when what it kept is on the disk. */
  readonly end: () => Promise<void>;
}

/** What a model knows of the session around it: where engines come from, and who wants to hear of what happens. */
export interface Surroundings {
  readonly engines: EngineSource;
  readonly adopt: (model: VaeModel) => void;
  readonly release: (model: VaeModel) => void;
  readonly sees: (data: Dataset) => void;
  readonly starts: (description: RunDescription) => Recorder | undefined;
  /** Takes the end of a run that nobody waits for. */
  readonly ends: (end: Promise<void>) => void;
}
