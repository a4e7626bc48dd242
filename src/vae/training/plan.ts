import type { Dataset } from "../data/dataset";
import type { OptimizerSpec } from "../engine/engine";
import { sessionSeed } from "../random/seed";
import { didYouMean, requireOptions, wholeNumber, written } from "../options";
import { lengthMissing, type EarlyStopping, type FitOptions, type OptimizerOption } from "./options";
import { requireSchedule, type Moment, type Schedule } from "./schedules";

/** Everything that decides which weights a run ends with, beside model and data: plain values, kept in checkpoints. */
export interface Plan {
  readonly batchSize: number;
  readonly examples: number;
  readonly totalSteps: number;
  /** As the person asked; the last batch may reach a little over their end. */
  readonly epochs?: number;
  readonly learningRate: Schedule;
  readonly beta: Schedule;
  readonly optimizer: OptimizerSpec;
  readonly clipNorm?: number;
  readonly earlyStopping?: Required<EarlyStopping>;
  readonly seed: number;
  /** Optimizer steps that the model had taken before this run, and how many runs: both number the random draws. */
  readonly stepsBefore: number;
  readonly runsBefore: number;
}

const adam = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };
const usual: { readonly [Kind in OptimizerSpec["kind"]]: Extract<OptimizerSpec, { kind: Kind }> } = {
  adam: { kind: "adam", ...adam },
  adamw: { kind: "adamw", ...adam, weightDecay: 0.01 },
  sgd: { kind: "sgd", momentum: 0, nesterov: false },
  rmsprop: { kind: "rmsprop", decay: 0.9, epsilon: 1e-8, momentum: 0 },
};

function optimizerSpec(option: OptimizerOption): OptimizerSpec {
  const kind = typeof option === "string" ? option : option.kind;
  const kinds = Object.keys(usual);
  if (typeof kind !== "string")
    throw new TypeError(
      `optimizer is a name, such as "adam", or { kind: "adam", beta1: 0.5 }, but is ${written(option)}. The learning rate is an option of its own.`,
    );
  if (!kinds.includes(kind))
    throw new Error(
      `There is no optimizer "${String(kind)}".${didYouMean(String(kind), kinds)} There are ${kinds.join(", ")}.`,
    );
  if (typeof option === "string") return usual[kind];
  const settings = Object.keys(usual[kind]).map((name) => [name, true] as const);
  requireOptions(`the optimizer ${kind}`, option, Object.fromEntries(settings));
  const given = Object.entries(option).filter(([, value]) => value !== undefined);
  for (const [name, value] of given) requireSetting(kind, name, value);
  return { ...usual[kind], ...Object.fromEntries(given) };
}

const share = { fits: (value: number) => value >= 0 && value < 1, wanted: "a number from 0 to below 1" };
const ranges: Readonly<Record<string, { fits: (value: number) => boolean; readonly wanted: string }>> = {
  beta1: share,
  beta2: share,
  momentum: share,
  decay: share,
  // Gradients far below this count for nothing in 32-bit arithmetic, and would be weighed by what little they are.
  epsilon: { fits: (value) => value >= 1e-12, wanted: "a number from 1e-12 on" },
  weightDecay: { fits: (value) => value >= 0, wanted: "a number from 0 on" },
};

function requireSetting(kind: string, name: string, value: unknown): void {
  const range = ranges[name];
  if (!range || (typeof value === "number" && Number.isFinite(value) && range.fits(value))) return;
  throw new RangeError(`${name} of the optimizer ${kind} must be ${range.wanted}, but is ${written(value)}.`);
}

const positive = (name: string, value: number): number => {
  if (Number.isFinite(value) && value > 0) return value;
  throw new RangeError(`${name} must be a number above 0, but is ${written(value)}.`);
};

const fromZero = (name: string, value: number): number => {
  if (Number.isFinite(value) && value >= 0) return value;
  throw new RangeError(`${name} must be a number from 0 on, but is ${written(value)}.`);
};

/**
 * Reads the options of a `fit`.
 * @throws if one makes no sense, with its name and value
 */
export function planned(
  options: FitOptions,
  data: Dataset,
  model: { readonly beta: Schedule; readonly stepsTrained: number; readonly runs: number },
): Plan {
  const batchSize = wholeNumber("batchSize", options.batchSize ?? 128);
  if (batchSize > data.size)
    throw new RangeError(
      `batchSize is ${batchSize}, but ${data.name} has ${data.size} examples. Use batchSize: ${data.size} or less.`,
    );
  const { epochs, steps, clipNorm, earlyStopping } = options;
  if (epochs === undefined && steps === undefined) throw new Error(lengthMissing);
  if (epochs !== undefined && steps !== undefined)
    throw new Error(
      `fit was given two lengths, epochs: ${written(epochs)} and steps: ${written(steps)}. Leave one of them out.`,
    );
  if (epochs !== undefined) positive("epochs", epochs);
  if (earlyStopping && !options.validationData)
    throw new Error("earlyStopping watches the validation loss: give validationData too.");
  const learningRate = options.schedule ?? options.learningRate ?? 1e-3;
  if (typeof learningRate === "number") positive("learningRate", learningRate);
  else requireSchedule(options.schedule === undefined ? "learningRate" : "schedule", learningRate);
  if (options.beta !== undefined) requireSchedule("beta", options.beta);
  return {
    batchSize,
    examples: data.size,
    totalSteps:
      epochs === undefined ? wholeNumber("steps", steps) : Math.ceil((epochs * data.size) / batchSize),
    ...(epochs !== undefined && { epochs }),
    learningRate,
    beta: options.beta ?? model.beta,
    optimizer: optimizerSpec(options.optimizer ?? "adam"),
    ...(clipNorm !== undefined && { clipNorm: positive("clipNorm", clipNorm) }),
    ...(earlyStopping && {
      earlyStopping: {
        patience: wholeNumber("earlyStopping.patience", earlyStopping.patience),
        minDelta: fromZero("earlyStopping.minDelta", earlyStopping.minDelta ?? 0),
        restoreBest: earlyStopping.restoreBest ?? true,
      },
    }),
    seed: options.seed ?? sessionSeed(),
    stepsBefore: model.stepsTrained,
    runsBefore: model.runs,
  };
}

/** Steps per epoch, fractional: batches reach over the ends of epochs. */
export const stepsPerEpoch = ({ examples, batchSize }: Plan): number => examples / batchSize;

export const momentOf = (plan: Plan, step: number): Moment => ({
  step,
  totalSteps: plan.totalSteps,
  stepsPerEpoch: stepsPerEpoch(plan),
});

/** Whether an epoch ends within this step. */
export function endsEpoch({ examples, batchSize }: Plan, step: number): boolean {
  return Math.floor(((step + 1) * batchSize) / examples) > Math.floor((step * batchSize) / examples);
}

/** Steps between two points of the curve: a few hundred points, however long the run. */
export const stepsPerPoint = ({ totalSteps }: Plan): number => Math.max(1, Math.round(totalSteps / 400));
