import { Beat } from "../beat";
import { runFigure } from "../figures/run";
import { display, live, type MimeBundle } from "../host";
import { explainOtherNames } from "../otherNames";
import type { HistoryPoint, TrainingWarning } from "./history";
import type { StoppableRun } from "./options";
import { stepsPerEpoch, type Plan } from "./plan";
import type { RunStatus } from "./run";

/** What a run is about, for titles. */
export interface RunTitle {
  readonly model: string;
  readonly data: string;
  readonly validationData?: string;
  readonly engine: string;
}

/** Time from one change that listeners are told of to the next, in milliseconds. */
const tellEvery = 100;

/** A run while it happens, and afterwards: the training loop writes it, figures and callbacks read it. */
export class LiveRun implements StoppableRun {
  readonly model: string;
  readonly data: string;
  readonly validationData?: string;
  readonly history: HistoryPoint[] = [];
  readonly warnings: TrainingWarning[] = [];
  readonly totalSteps: number;
  readonly totalEpochs: number;
  readonly batchSize: number;
  engine: string;
  status: RunStatus = "running";
  step = 0;
  klPerDimension: readonly number[] = [];
  checkpoints?: string;
  /** Set by `stop`, read by the loop after each step. */
  stopRequested = false;

  private readonly listeners = new Set<() => void>();
  private readonly stepsPerEpoch: number;
  private startedAt: number | undefined;
  /** Seconds and steps of the process that a resumed run began in. */
  private secondsBefore = 0;
  private stepsBefore = 0;
  private endedAfter: number | undefined;
  private readonly beat = new Beat(tellEvery);

  constructor(title: RunTitle, plan: Plan) {
    this.model = title.model;
    this.data = title.data;
    if (title.validationData !== undefined) this.validationData = title.validationData;
    this.engine = title.engine;
    this.totalSteps = plan.totalSteps;
    this.batchSize = plan.batchSize;
    this.stepsPerEpoch = stepsPerEpoch(plan);
    this.totalEpochs = plan.epochs ?? plan.totalSteps / this.stepsPerEpoch;
  }

  get epoch(): number {
    return Math.min(this.totalEpochs, this.step / this.stepsPerEpoch);
  }

  get seconds(): number {
    if (this.endedAfter !== undefined) return this.endedAfter;
    return this.secondsBefore + this.secondsHere;
  }

  get secondsLeft(): number {
    if (this.status !== "running" || this.step === this.stepsBefore) return 0;
    return ((this.totalSteps - this.step) * this.secondsHere) / (this.step - this.stepsBefore);
  }

  get examplesPerSecond(): number {
    const seconds = this.endedAfter === undefined ? this.secondsHere : this.endedAfter - this.secondsBefore;
    return seconds > 0 ? ((this.step - this.stepsBefore) * this.batchSize) / seconds : 0;
  }

  stop(): void {
    this.stopRequested = true;
  }

  /** The clock starts when the model is compiled: what a person waits for per example is what they see. */
  start(from: { readonly step: number; readonly seconds: number } = { step: 0, seconds: 0 }): void {
    this.step = from.step;
    this.stepsBefore = from.step;
    this.secondsBefore = from.seconds;
    this.startedAt = performance.now();
  }

  /** Takes over what a checkpoint knew of this run. */
  restore({
    history,
    warnings,
  }: {
    history: readonly HistoryPoint[];
    warnings: readonly TrainingWarning[];
  }): void {
    this.history.push(...history);
    this.warnings.push(...warnings);
  }

  end(status: RunStatus): void {
    this.endedAfter = this.seconds;
    this.status = status;
    this.tell();
  }

  warn(warning: TrainingWarning): void {
    if (this.warnings.some(({ kind, text }) => kind === warning.kind && text === warning.text)) return;
    this.warnings.push(warning);
  }

  /** Makes this the only warning of its kind, or withdraws that kind. */
  settle(kind: TrainingWarning["kind"], warning: TrainingWarning | undefined): void {
    const first = this.warnings.findIndex((known) => known.kind === kind);
    if (first >= 0) this.warnings.splice(first, 1);
    if (warning) this.warnings.push(warning);
  }

  /** Tells the listeners, unless they were told a moment ago. */
  changed(): void {
    if (this.beat.wait > 0) return;
    this.beat.strike();
    this.tell();
  }

  [live](changed: () => void): () => void {
    this.listeners.add(changed);
    return () => this.listeners.delete(changed);
  }

  [display](): MimeBundle {
    return runFigure(this)[display]();
  }

  toString(): string {
    return runFigure(this).text;
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }

  private tell(): void {
    for (const listener of this.listeners) listener();
  }

  private get secondsHere(): number {
    return this.startedAt === undefined ? 0 : (performance.now() - this.startedAt) / 1000;
  }
}

const losses = "run.history holds the losses of each point, plot.loss(run) draws them.";

explainOtherNames(LiveRun.prototype, "A run has", {
  loss: losses,
  losses,
  plot: "plot.loss(run) draws it.",
  evaluate: "await model.evaluate(data) measures the model.",
  weights: "model.weights() gives the values of all weights by name.",
});
