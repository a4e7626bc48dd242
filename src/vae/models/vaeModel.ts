import * as tf from "@tensorflow/tfjs";
import type { Dataset } from "../data/dataset";
import { requireDataset } from "../data/requireDataset";
import type { Values, WeightSpec } from "../engine/engine";
import { evaluate, posteriorOf, reconstructed } from "../evaluation/evaluate";
import type { Score } from "../evaluation/score";
import { modelFigure } from "../figures/model";
import { requireOptions, written } from "../options";
import { explainOtherNames } from "../otherNames";
import { unchangeable } from "../unchangeable";
import { display, host, type MimeBundle } from "../host";
import { stream } from "../random";
import { sessionSeed } from "../random/seed";
import { LiveRun } from "../training/liveRun";
import { requireFitOptions, type FitOptions } from "../training/options";
import { planned, type Plan } from "../training/plan";
import type { Run } from "../training/run";
import type { Snapshot } from "../training/snapshot";
import { train } from "../training/train";
import { requireData, requireSize } from "./checks";
import type { Definition } from "./definition";
import { asBatch, asPoints } from "./examples";
import { exportOnnx } from "./export";
import { inference } from "./functions";
import type { GradientCheck } from "./gradientCheck";
import { checkGradients } from "./gradients";
import { shapeText, size } from "./layers/layer";
import { Machine } from "./machine";
import type { Examples, LikelihoodName, Model, ModelSummary, Posterior } from "./model";
import { architectureOf, saveModel, type Architecture, type Progress } from "./saved";
import type { Recorder, Surroundings } from "./surroundings";

interface CarryOutOptions extends Pick<FitOptions, "validationData" | "callbacks" | "checkpoints"> {
  /** The name of the run that this one continues. */
  readonly continues?: string;
}

/** The one model type: a definition, its weights in an engine, and the session that it lives in. */
export class VaeModel<Options extends object = object> implements Model<Options> {
  readonly name: string;
  readonly input: readonly number[];
  readonly latent: number;
  readonly likelihood: LikelihoodName;
  readonly options: Options;
  private readonly machine: Machine;
  private stepsTrained = 0;
  private runs = 0;
  /** The optimizer's memory of the last run, with which optimizer it was. */
  private optimizer: { readonly kind: string; readonly state: Values } | undefined;
  /** What the last run that kept checkpoints is called. */
  private keptRun: string | undefined;
  private training = false;
  private gone = false;

  constructor(
    readonly definition: Definition,
    options: Options,
    private readonly surroundings: Surroundings,
    seed: number = sessionSeed(),
  ) {
    this.name = definition.name;
    this.input = definition.input;
    this.latent = definition.latent;
    this.likelihood = definition.likelihood;
    this.options = unchangeable(
      options,
      (name) =>
        `A model's options say what it was made of, and cannot be changed. Make another: vae({ ...model.options, ${name}: ... }).`,
    );
    this.machine = new Machine(firstWeights(definition, seed), surroundings.engines);
    surroundings.adopt(this);
  }

  get summary(): ModelSummary {
    const { definition, machine, stepsTrained } = this;
    const { layers, objective, reconstructionWords } = definition;
    return {
      name: definition.name,
      input: definition.input,
      latent: definition.latent,
      layers,
      weights: layers.reduce((sum, { weights }) => sum + weights, 0),
      loss: lossInWords(reconstructionWords, objective),
      engine: machine.engineName,
      stepsTrained,
    };
  }

  encode(examples: Examples): Posterior {
    return this.eagerly((weights) =>
      this.definition.encode(asBatch("encode", examples, this.input), inference(weights)),
    );
  }

  decode(points: tf.Tensor | tf.TensorLike): tf.Tensor {
    return this.eagerly((weights) => this.meanAt(asPoints("decode", points, this.latent), weights));
  }

  reconstruct(examples: Examples): tf.Tensor {
    return this.eagerly((weights) => {
      const batch = asBatch("reconstruct", examples, this.input);
      return this.meanAt(this.definition.encode(batch, inference(weights)).mean, weights);
    });
  }

  async posterior(data: Dataset) {
    this.requireAlive();
    requireDataset("posterior", data);
    requireSize(data, this);
    this.surroundings.sees(data);
    return posteriorOf(this.machine, this.definition, data);
  }

  async decodeAll(points: Float32Array): Promise<Float32Array> {
    this.requireAlive();
    const isArray = points instanceof Float32Array;
    if (!isArray || points.length % this.latent !== 0)
      throw new Error(
        `decodeAll takes latent points in one Float32Array, ${this.latent} numbers each, but got ${isArray ? `${points.length} numbers` : written(points)}. model.decode(points) takes tensors and lists.`,
      );
    return reconstructed(this.machine, this.definition, points);
  }

  async fit(data: Dataset, options: FitOptions): Promise<Run> {
    this.requireAlive();
    requireFitOptions(options);
    requireDataset("fit", data);
    if (options.validationData !== undefined) requireDataset("validationData", options.validationData);
    requireData(data, this);
    if (options.validationData) requireData(options.validationData, this);
    const beta = this.definition.objective.beta;
    const plan = planned(options, data, { beta, stepsTrained: this.stepsTrained, runs: this.runs });
    return this.carryOut(plan, data, options);
  }

  /** How far the training has come: both numbers decide what later runs draw. */
  private get progress(): Progress {
    return { stepsTrained: this.stepsTrained, runs: this.runs };
  }

  /** What the model is made of, as far as a file can hold it. */
  get architecture(): Architecture {
    return architectureOf(this.definition, this.options, this.progress);
  }

  /** Goes on with a run that a checkpoint knows: its plan, from its state. */
  async resume(plan: Plan, from: Snapshot, data: Dataset, options: CarryOutOptions): Promise<Run> {
    this.requireAlive();
    return this.carryOut(plan, data, options, from);
  }

  async evaluate(
    data: Dataset,
    options: { readonly importanceSamples?: number; readonly seed?: number } = {},
  ): Promise<Score> {
    this.requireAlive();
    requireOptions("evaluate", options, { importanceSamples: true, seed: true });
    const { importanceSamples = 1, seed = sessionSeed() } = options;
    requireDataset("evaluate", data);
    requireData(data, this);
    this.surroundings.sees(data);
    return host().cooperate((signal) =>
      evaluate(this.machine, this.definition, data, { importanceSamples, seed, signal }),
    );
  }

  async checkGradients(data: Dataset, options: { readonly tolerance?: number } = {}): Promise<GradientCheck> {
    this.requireAlive();
    requireOptions("checkGradients", options, { tolerance: true });
    const { tolerance = 0.005 } = options;
    requireDataset("checkGradients", data);
    requireData(data, this);
    const check = await checkGradients(this.machine, this.definition, data, tolerance);
    host().announce(check);
    return check;
  }

  weights(): Values {
    this.requireAlive();
    return this.machine.readAll();
  }

  setWeights(values: Values): void {
    this.requireAlive();
    const converted: Record<string, Float32Array> = {};
    for (const [name, array] of Object.entries(values)) {
      const spec = this.machine.specs.find((candidate) => candidate.name === name);
      if (!spec)
        throw new Error(
          `${this.name} has no weight "${name}". It has ${this.machine.specs.map((known) => known.name).join(", ")}.`,
        );
      if (array.length !== size(spec.shape))
        throw new Error(
          `The weight ${name} has the shape ${shapeText(spec.shape)}, ${size(spec.shape)} values, but got ${array.length}.`,
        );
      const numbers = Float32Array.from(array);
      if (!ArrayBuffer.isView(array) && numbers.some(Number.isNaN))
        throw new TypeError(`The weight ${name} must be numbers, but some of what was given are not.`);
      converted[name] = numbers;
    }
    this.machine.writeAll(converted);
  }

  /** Whether the model's last training was this run, or a stretch of it. */
  carriedOut(run: string): boolean {
    return this.keptRun === run;
  }

  /** Says how long the weights were trained before they came here: noise of later steps goes on from there. */
  restoreProgress({ stepsTrained, runs }: Progress): void {
    this.stepsTrained = stepsTrained;
    this.runs = runs;
  }

  async save(path: string): Promise<void> {
    this.requireAlive();
    await saveModel(path, this.architecture, this.machine);
  }

  async export(format: "onnx", options: { readonly path?: string; readonly batchSize?: number } = {}) {
    this.requireAlive();
    if (format !== "onnx")
      throw new Error(`There is no format "${String(format)}" to export to. There is "onnx".`);
    requireOptions("export", options, { path: true, batchSize: true });
    return exportOnnx(this.machine, this.definition, options);
  }

  get disposed(): boolean {
    return this.gone;
  }

  dispose(): void {
    if (this.gone) return;
    if (this.training)
      throw new Error(`${this.name} is being trained. Stop the run before disposing the model.`);
    this.gone = true;
    this.optimizer = undefined;
    this.machine.dispose();
    this.surroundings.release(this);
  }

  [display](): MimeBundle {
    return modelFigure(this)[display]();
  }

  toString(): string {
    return modelFigure(this).text;
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }

  private async carryOut(plan: Plan, data: Dataset, options: CarryOutOptions, from?: Snapshot): Promise<Run> {
    if (this.training)
      throw new Error(`${this.name} is being trained already. Wait for its run, or stop it.`);
    this.training = true;
    const { validationData, callbacks, checkpoints, continues } = options;
    this.surroundings.sees(data);
    if (validationData) this.surroundings.sees(validationData);
    const title = {
      model: this.name,
      data: data.name,
      engine: this.machine.engineName,
      ...(validationData && { validationData: validationData.name }),
    };
    const run = new LiveRun(title, plan);
    const recorder = this.surroundings.starts({
      model: this,
      plan,
      data,
      run,
      checkpoints,
      ...(validationData && { validationData }),
      ...(continues !== undefined && { continues }),
    });
    this.keptRun = recorder?.name;
    host().announce(run);
    try {
      const { kind } = plan.optimizer;
      const remembered = this.optimizer?.kind === kind ? this.optimizer.state : undefined;
      const state = await host().cooperate((signal) =>
        train({
          model: this.definition,
          machine: this.machine,
          plan,
          data,
          run,
          signal,
          ...(validationData && { validationData }),
          ...(callbacks && { callbacks }),
          ...(from && { from }),
          ...(remembered && { optimizer: remembered }),
          ...(recorder && { keep: recorder.keep }),
        }),
      );
      this.optimizer = { kind, state };
      return run;
    } catch (error) {
      run.end("failed");
      throw error;
    } finally {
      this.training = false;
      this.stepsTrained = plan.stepsBefore + run.step;
      this.runs = plan.runsBefore + 1;
      if (recorder) await this.ended(run, recorder);
    }
  }

  private async ended(run: Run, recorder: Recorder): Promise<void> {
    const end = recorder.end();
    // Who pressed Stop does not wait for the disk; who resumes the run does.
    if (run.status === "stopped") this.surroundings.ends(end);
    else await end;
  }

  /** Runs one of the model's functions on tfjs itself, at once; what it returns is the caller's to dispose. */
  private eagerly<T extends tf.TensorContainer | Posterior>(
    run: (weights: Record<string, tf.Tensor>) => T,
  ): T {
    this.requireAlive();
    const weights = () =>
      Object.fromEntries(
        this.machine.specs.map(({ name, shape }) => [name, tf.tensor(this.machine.read(name), [...shape])]),
      );
    return tf.tidy(() => run(weights()) as tf.TensorContainer) as T;
  }

  private meanAt(points: tf.Tensor2D, weights: Record<string, tf.Tensor>): tf.Tensor {
    return this.definition.mean(this.definition.decode(points, inference(weights)));
  }

  private requireAlive(): void {
    if (this.gone)
      throw new Error(
        `${this.name} has been disposed: its weights are gone. Make it again, or load it from a file.`,
      );
  }
}

explainOtherNames(VaeModel.prototype, "A model has", {
  train: "model.fit(data, { epochs: 10 }) trains it.",
  predict:
    "model.reconstruct(examples) gives what it makes of examples, plot.reconstructions(model, data) shows it.",
  forward: "model.encode(examples) and model.decode(points) are its two halves.",
  call: "model.encode(examples) and model.decode(points) are its two halves.",
  transform: "await model.posterior(data) gives the latent mean and log variance of each example.",
  embed: "await model.posterior(data) gives the latent mean and log variance of each example.",
  sample:
    "plot.samples(model) shows examples that it makes up; model.decode(tf.randomNormal([n, model.latent])) gives their values.",
  generate:
    "plot.samples(model) shows examples that it makes up; model.decode(tf.randomNormal([n, model.latent])) gives their values.",
  score: "await model.evaluate(data) measures it.",
  test: "await model.evaluate(data) measures it.",
  loss: "await model.evaluate(data) measures it, plot.loss(run) draws the losses of a training.",
  elbo: "(await model.evaluate(data)).elbo is the ELBO in nats per example.",
  compile: "model.fit(data, { epochs, optimizer, learningRate }) takes what there is to choose.",
  parameters: "model.weights() gives the values of all weights by name.",
  getWeights: "model.weights() gives the values of all weights by name.",
  reset: "To begin with new weights, run the cell that makes it again.",
  encoder: "model.encode(examples) runs its encoder, model.summary.layers lists the layers.",
  decoder: "model.decode(points) runs its decoder, model.summary.layers lists the layers.",
});

/** The first weights: a function of the seed and the weight's name, so that the same cell gives the same model. */
function firstWeights({ weights }: Definition, seed: number): WeightSpec[] {
  return Object.entries(weights).map(([name, weight]) => ({
    name,
    shape: weight.shape,
    trainable: weight.trainable,
    initial: weight.values(stream(seed, `weight ${name}`)),
  }));
}

function lossInWords(
  reconstruction: string,
  { beta, freeBits, importanceSamples }: Definition["objective"],
): string {
  const unit = "in nats per example, summed over the values, averaged over the batch";
  if (importanceSamples > 1)
    return `importance-weighted bound with ${importanceSamples} samples: ${reconstruction} and KL, ${unit}`;
  const weight = beta === 1 ? "" : typeof beta === "number" ? `${beta} x ` : "beta x ";
  const free = freeBits > 0 ? ` (${freeBits} nats per dimension free)` : "";
  return `${reconstruction} + ${weight}KL${free}, ${unit}`;
}
