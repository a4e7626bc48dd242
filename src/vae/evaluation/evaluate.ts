import type { Dataset } from "../data/dataset";
import type { Values } from "../engine/engine";
import { scoreFigure } from "../figures/score";
import { display } from "../host";
import type { Definition } from "../models/definition";
import { decodeFunction, encodeFunction, scoreFunction } from "../models/functions";
import type { Machine } from "../models/machine";
import { wholeNumber } from "../options";
import { explainOtherNames } from "../otherNames";
import { stream } from "../random";
import { pacer } from "../training/pace";
import { importanceWeightedBound } from "./importance";
import { Moments } from "./moments";
import { evaluationBatches, evaluationBatchSize } from "./passes";
import type { Score } from "./score";

/** Above this variance over the data, a dimension's posterior mean is active (Burda et al. 2016, section 5.2). */
const activeAbove = 0.01;

export interface EvaluationOptions {
  readonly importanceSamples: number;
  readonly seed: number;
  readonly signal: AbortSignal;
}

/**
 * Measures a model on a dataset, one batch at a time.
 * @throws if `importanceSamples` is not a whole number from 1 on, or the person stops it: half a score is none
 */
export async function evaluate(
  machine: Machine,
  model: Definition,
  data: Dataset,
  { importanceSamples, seed, signal }: EvaluationOptions,
): Promise<Score> {
  wholeNumber("importanceSamples", importanceSamples);
  const pace = pacer();
  const pause = async (): Promise<void> => {
    await pace();
    if (signal.aborted) throw new Error(`The evaluation on ${data.name} was stopped.`);
  };
  const batchSize = evaluationBatchSize(data.size, data.valuesPerExample);
  const random = stream(seed, "evaluation noise");
  const noise = new Float32Array(batchSize * model.latent);
  const terms = { reconstruction: 0, kl: 0, squaredError: 0 };
  const klPerDimension = new Float64Array(model.latent);
  const means = new Moments(model.latent);
  for (const { index, count, x } of evaluationBatches(data, batchSize)) {
    random.fillNormal(noise, index);
    const make = () => scoreFunction(model, batchSize);
    const outputs = await machine.run(`score of ${batchSize}`, make, { x, noise });
    terms.reconstruction += sum(output(outputs, "reconstruction"), count);
    terms.kl += sum(output(outputs, "kl"), count);
    terms.squaredError += sum(output(outputs, "squaredError"), count);
    addColumns(klPerDimension, output(outputs, "klPerDimension"), count);
    means.add(output(outputs, "mean"), count);
    await pause();
  }
  const perExample = (total: number): number => total / data.size;
  const elbo = -perExample(terms.reconstruction + terms.kl);
  const bound =
    importanceSamples === 1
      ? elbo
      : await importanceWeightedBound(machine, model, data, { samples: importanceSamples, seed, pause });
  const posteriorMeanVariance = means.variances();
  return withDisplay({
    model: model.name,
    data: data.name,
    examples: data.size,
    elbo,
    reconstruction: perExample(terms.reconstruction),
    kl: perExample(terms.kl),
    klPerDimension: Array.from(klPerDimension, perExample),
    posteriorMeanVariance,
    activeUnits: posteriorMeanVariance.filter((variance) => variance > activeAbove).length,
    importanceWeightedBound: bound,
    importanceSamples,
    reconstructionMse: perExample(terms.squaredError),
  });
}

/** Posterior means and log variances of all examples, `[size, latent]` each. */
export async function posteriorOf(machine: Machine, model: Definition, data: Dataset) {
  const batchSize = evaluationBatchSize(data.size, data.valuesPerExample);
  const mean = new Float32Array(data.size * model.latent);
  const logVariance = new Float32Array(data.size * model.latent);
  const pace = pacer();
  for (const { start, count, x } of evaluationBatches(data, batchSize)) {
    const make = () => encodeFunction(model, batchSize);
    const outputs = await machine.run(`encode ${batchSize}`, make, { x });
    const values = count * model.latent;
    mean.set(output(outputs, "mean").subarray(0, values), start * model.latent);
    logVariance.set(output(outputs, "logVariance").subarray(0, values), start * model.latent);
    await pace();
  }
  return { mean, logVariance };
}

/** The likelihood's mean for latent points `[count, latent]`: `[count, ...input]`. */
export async function reconstructed(
  machine: Machine,
  model: Definition,
  points: Float32Array,
): Promise<Float32Array> {
  const { latent } = model;
  const values = model.input.reduce((product, length) => product * length, 1);
  const count = points.length / latent;
  const batchSize = evaluationBatchSize(count, values);
  const result = new Float32Array(count * values);
  const z = new Float32Array(batchSize * latent);
  const pace = pacer();
  for (let start = 0; start < count; start += batchSize) {
    const rows = Math.min(batchSize, count - start);
    z.fill(0);
    z.set(points.subarray(start * latent, (start + rows) * latent));
    const outputs = await machine.run(`decode ${batchSize}`, () => decodeFunction(model, batchSize), { z });
    result.set(output(outputs, "mean").subarray(0, rows * values), start * values);
    await pace();
  }
  return result;
}

function output(outputs: Values, name: string): Float32Array {
  const values = outputs[name];
  if (!values) throw new Error(`The engine did not return "${name}".`);
  return values;
}

function sum(values: Float32Array, count: number): number {
  let total = 0;
  for (const value of values.subarray(0, count)) total += value;
  return total;
}

function addColumns(totals: Float64Array, rows: Float32Array, count: number): void {
  const columns = totals.length;
  for (let i = 0; i < count * columns; i++)
    totals[i % columns] = (totals[i % columns] ?? 0) + (rows[i] ?? NaN);
}

function withDisplay(measured: Omit<Score, typeof display>): Score {
  const score: Score = { ...measured, [display]: () => scoreFigure(score)[display]() };
  explainOtherNames(score, "A score has", {
    loss: "score.elbo is the ELBO, score.reconstruction and score.kl are its parts, all in nats per example.",
    iwae: "score.importanceWeightedBound is the bound, with as many samples as evaluate's importanceSamples.",
    mse: "score.reconstructionMse is the mean squared difference per value.",
    nll: "score.reconstruction is the negative log-likelihood given the code, in nats per example.",
  });
  return Object.defineProperty(score, Symbol.for("nodejs.util.inspect.custom"), {
    value: () => scoreFigure(score).text,
  });
}
