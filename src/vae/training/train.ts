import type { Dataset } from "../data/dataset";
import type { Trainer, Values } from "../engine/engine";
import type { Definition } from "../models/definition";
import { decodeFunction, trainingFunction } from "../models/functions";
import type { Machine } from "../models/machine";
import type { KeepState } from "../models/surroundings";
import { firstNonFinite } from "./diagnose";
import { dataDoubt, decoderDoubt, trialPoints } from "./doubts";
import { Feed } from "./feed";
import type { HistoryPoint } from "./history";
import type { LiveRun } from "./liveRun";
import { Meter } from "./meter";
import type { TrainingCallbacks } from "./options";
import { pacer } from "./pace";
import { rehearsal } from "./rehearsal";
import { endsEpoch, stepsPerEpoch, stepsPerPoint, type Plan } from "./plan";
import type { RunStatus } from "./run";
import { LastSane } from "./sanity";
import { weightsNow, type Best, type Snapshot } from "./snapshot";
import { validate, type Validation } from "./validation";
import {
  collapseWarning,
  divergenceWarning,
  nanWarning,
  overfittingWarning,
  stoppedNote,
  untouchedWarning,
} from "./warnings";

/** Everything that one run works on. */
export interface Job {
  readonly model: Definition;
  readonly machine: Machine;
  readonly plan: Plan;
  readonly data: Dataset;
  readonly validationData?: Dataset;
  readonly run: LiveRun;
  readonly callbacks?: TrainingCallbacks;
  /** Aborted when the person presses Stop. */
  readonly signal: AbortSignal;
  /** Where to begin: a checkpoint's state, or the optimizer's of the model's last run. */
  readonly from?: Snapshot;
  readonly optimizer?: Values;
  /** Takes the run's state from time to time; answers at once and writes in its own time. */
  readonly keep?: KeepState;
}

/** Weights to go back to, with the optimizer's memory. */
type Safe = Pick<Snapshot, "step" | "weights" | "optimizer">;

/** The longest stretch of training that finding a NaN may have to repeat, in milliseconds. */
const snapshotEvery = 1_000;

/** A weight that begins without a gradient, behind one that is zero, has one after this many steps. */
const stepsToMoveAll = 10;

/**
 * The training loop. Ends with the run's status set and the weights in the machine; answers with the optimizer's
 * state, for the next run. A run is a function of its plan, its data and the first weights: where it is stopped,
 * displayed or written to disk changes nothing about its numbers.
 */
export async function train(job: Job): Promise<Values> {
  const { model, machine, plan, run, from } = job;
  const step = trainingFunction(model, plan.batchSize);
  if (!from) await voiceDoubts(job);
  const trainer = await machine.trainer(step, plan.optimizer).catch((error: unknown) => {
    throw rehearsal(step, machine.specs) ?? error;
  });
  run.engine = machine.engineName;
  try {
    if (from) machine.writeAll(from.weights);
    const optimizer = from?.optimizer ?? job.optimizer;
    if (optimizer) trainer.restoreOptimizerState(optimizer);
    if (from) run.restore(from);
    const loop = new Loop(job, trainer, new Feed(step, job.data, plan));
    run.end(await loop.toTheEnd());
    return trainer.optimizerState();
  } finally {
    machine.release(trainer);
  }
}

/** Says before the first step what looks like a mistake that training would not bring to light. */
async function voiceDoubts(job: Job): Promise<void> {
  const { model, plan, data, run } = job;
  if (plan.stepsBefore > 0) return;
  const say = (text: string | undefined): void => {
    if (text !== undefined) run.warn({ kind: "other", step: 0, text });
  };
  say(dataDoubt(data, model));
  if (model.likelihood !== "bernoulli" || !model.own.includes("decode")) return;
  const means = await triedMeans(job);
  say(means && decoderDoubt(means, model.own.includes("loss")));
}

/** What the decoder makes of a batch of points, or nothing: a trial is no reason to fail. */
async function triedMeans({ model, machine, plan: { batchSize } }: Job): Promise<Float32Array | undefined> {
  const key = "trial of decode";
  const inputs = { z: trialPoints(model.latent, batchSize) };
  try {
    return (await machine.run(key, () => decodeFunction(model, batchSize), inputs)).mean;
  } catch {
    return undefined;
  } finally {
    machine.forget(key);
  }
}

class Loop {
  private readonly meter: Meter;
  private readonly pace = pacer();
  private best: Best | undefined;
  private readonly sane = new LastSane();
  private safe: Safe | undefined;
  private safeAt = -Infinity;
  /** Of a model of the person's own functions: which weights a run leaves alone shows which of them they forgot. */
  private readonly weightsBefore: Values | undefined;

  constructor(
    private readonly job: Job,
    private readonly trainer: Trainer,
    private readonly feed: Feed,
  ) {
    this.meter = new Meter(job.from?.meter);
    this.best = job.from?.best;
    this.weightsBefore = job.model.own.includes("decode") ? job.machine.readAll() : undefined;
  }

  async toTheEnd(): Promise<RunStatus> {
    const { run, plan } = this.job;
    run.start(this.job.from);
    while (run.step < plan.totalSteps) {
      if (this.stopped) {
        this.job.keep?.(run.step, () => this.snapshot(), true);
        return this.finished("stopped");
      }
      this.keepSafe();
      const losses = this.meter.add(await this.take(run.step));
      if (!Number.isFinite(losses.loss)) return this.failed(run.step);
      this.sane.add(run.step, losses, this.safe);
      run.step += 1;
      if (this.pointIsDue(run.step - 1)) {
        const verdict = await this.point(run.step - 1);
        if (verdict) return this.finished(verdict);
      }
      this.job.keep?.(run.step, () => this.snapshot());
      run.changed();
      await this.pace();
    }
    return this.finished("finished");
  }

  private get stopped(): boolean {
    return this.job.signal.aborted || this.job.run.stopRequested;
  }

  private take(step: number): Promise<Values> {
    const { clipNorm } = this.job.plan;
    const learningRate = this.feed.learningRate(step);
    return this.trainer.step(this.feed.inputs(step), {
      learningRate,
      ...(clipNorm !== undefined && { clipNorm }),
    });
  }

  private pointIsDue(step: number): boolean {
    const { plan } = this.job;
    return (step + 1) % stepsPerPoint(plan) === 0 || step + 1 === plan.totalSteps || endsEpoch(plan, step);
  }

  /** Adds a point to the curve; at the end of an epoch also what is measured there. Answers if the run should end. */
  private async point(step: number): Promise<RunStatus | undefined> {
    const { plan, run, validationData, callbacks } = this.job;
    const { klPerDimension, ...train } = this.meter.take();
    const isEpochEnd = endsEpoch(plan, step) || step + 1 === plan.totalSteps;
    const beta = this.feed.beta(step);
    const validation = isEpochEnd && validationData ? await this.validated(validationData, beta) : undefined;
    const point: HistoryPoint = {
      step: step + 1,
      epoch: (step + 1) / stepsPerEpoch(plan),
      train,
      ...(validation && { validation: validation.losses }),
      learningRate: this.feed.learningRate(step),
      beta,
    };
    run.history.push(point);
    run.klPerDimension = klPerDimension;
    const divergence = run.warnings.some(({ kind }) => kind === "divergence")
      ? undefined
      : divergenceWarning(run.history);
    if (divergence) run.warn(divergence);
    await callbacks?.onPoint?.(point, run);
    if (!isEpochEnd) return undefined;
    run.settle("overfitting", overfittingWarning(run.history));
    await callbacks?.onEpoch?.(point, run);
    if (validation && !this.stopped) return this.watchBest(validation.lossAtFinalBeta, step + 1);
    return undefined;
  }

  private async validated(data: Dataset, beta: number): Promise<Validation | undefined> {
    const { machine, model, plan, run } = this.job;
    const pause = async (): Promise<boolean> => {
      run.changed();
      await this.pace();
      return this.stopped;
    };
    const finalBeta = plan.earlyStopping ? this.finalBeta : beta;
    return validate(machine, model, data, { beta, finalBeta, seed: plan.seed, pause });
  }

  /** `loss`: with the KL weighed as in the run's last step, for losses at different betas cannot be compared. */
  private watchBest(loss: number, step: number): RunStatus | undefined {
    const { plan, machine, run } = this.job;
    if (!plan.earlyStopping) return undefined;
    const { patience, minDelta, restoreBest } = plan.earlyStopping;
    if (!this.best || loss < this.best.loss - minDelta) {
      this.best = { loss, step, waited: 0, ...(restoreBest && { weights: machine.readAll() }) };
      return undefined;
    }
    this.best = { ...this.best, waited: this.best.waited + 1 };
    if (this.best.waited < patience) return undefined;
    run.warn({
      kind: "other",
      step,
      text: `Stopped early: the validation loss${this.weighing} has not fallen below ${this.best.loss.toFixed(1)} nats per example (step ${this.best.step}) for ${patience} ${patience === 1 ? "epoch" : "epochs"}.`,
    });
    return "early-stopped";
  }

  /** What beta the loss of a sentence has, where it changes over the run. */
  private get weighing(): string {
    const isSame = typeof this.job.plan.beta === "number";
    return isSame ? "" : `, with beta at ${this.finalBeta} as in the end,`;
  }

  private get finalBeta(): number {
    return this.feed.beta(this.job.plan.totalSteps - 1);
  }

  /** The weights that are still what they were, to the bit, once there were steps enough to move them all. */
  private get untouched(): readonly string[] {
    const { machine, run, from } = this.job;
    const before = this.weightsBefore;
    if (!before || run.step - (from?.step ?? 0) < stepsToMoveAll) return [];
    const isSame = (name: string): boolean =>
      machine.read(name).every((value, index) => value === before[name]?.[index]);
    return machine.specs.flatMap(({ name, trainable }) => (trainable && isSame(name) ? [name] : []));
  }

  private finished(status: RunStatus): RunStatus {
    const { run, machine, model } = this.job;
    if (status !== "stopped" && this.best?.weights) machine.writeAll(this.best.weights);
    const enough = run.epoch >= 1 || run.step >= 200;
    const beta = run.history.at(-1)?.beta ?? 0;
    const collapse = enough
      ? collapseWarning(run.step, run.klPerDimension, beta, model.own.includes("loss"))
      : undefined;
    if (collapse) run.warn(collapse);
    const untouched = untouchedWarning(run.step, this.untouched);
    if (untouched) run.warn(untouched);
    if (status === "stopped") run.warn(stoppedNote(run.step));
    return status;
  }

  private keepSafe(): void {
    const now = performance.now();
    if (now - this.safeAt < snapshotEvery) return;
    const state = weightsNow(this.job.machine, this.trainer);
    if (state) this.safe = { step: this.job.run.step, ...state };
    this.safeAt = performance.now();
  }

  private snapshot(): Snapshot | undefined {
    const state = weightsNow(this.job.machine, this.trainer);
    if (!state) return undefined;
    const { run } = this.job;
    return {
      step: run.step,
      seconds: run.seconds,
      ...state,
      history: [...run.history],
      warnings: [...run.warnings],
      meter: this.meter.state,
      ...(this.best && { best: this.best }),
    };
  }

  /**
   * The loss of a step is no number. Goes back to weights that were good, takes the steps since then again (they give
   * the same numbers), and looks at the bad one tensor by tensor. The weights become those of the last step whose loss
   * had not run away yet: the ones after it are finite, but nobody can use them.
   */
  private async failed(badStep: number): Promise<RunStatus> {
    const { run, plan, machine, model } = this.job;
    const learningRate = this.feed.learningRate(Math.max(0, badStep - 1));
    const last = await this.lastGoodStep(badStep);
    const inputs = this.feed.inputs(last);
    const found = firstNonFinite(model, plan.batchSize, inputs, machine.specs, machine.readAll());
    const sane = this.sane.before(last);
    if (sane && sane.step < last) await this.replay(sane.from, sane.step);
    run.step = sane?.step ?? last;
    run.warn(
      nanWarning({
        step: last,
        found,
        learningRate,
        ...(sane && { sane }),
        clips: plan.clipNorm !== undefined,
      }),
    );
    return "failed";
  }

  /** Leaves the machine with the last finite weights before `badStep`, and says how many steps made them. */
  private async lastGoodStep(badStep: number): Promise<number> {
    if (!this.safe) return badStep;
    let last = badStep;
    for (;;) {
      await this.replay(this.safe, last);
      if (last === this.safe.step || weightsNow(this.job.machine, this.trainer)) return last;
      last -= 1;
    }
  }

  /** Brings the machine to where it was after `steps` steps. */
  private async replay(from: Safe, steps: number): Promise<void> {
    this.job.machine.writeAll(from.weights);
    this.trainer.restoreOptimizerState(from.optimizer);
    for (let step = from.step; step < steps; step++) {
      await this.take(step);
      await this.pace();
    }
  }
}
