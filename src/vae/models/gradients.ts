import type { Dataset } from "../data/dataset";
import { readFirst } from "../data/readExamples";
import type { Values } from "../engine/engine";
import { gradientCheckFigure } from "../figures/gradientCheck";
import { display } from "../host";
import { stream } from "../random";
import { pacer } from "../training/pace";
import type { Definition } from "./definition";
import { lossesFunction, trainingFunction } from "./functions";
import type { Agreement, GradientCheck, GradientCheckRow } from "./gradientCheck";
import type { Machine } from "./machine";
import { compareSlopes, type Line, type SlopeComparison, type SlopeScale } from "./slopes";

/** Directions per weight beside the gradient's own: the steepest of some random ones, as what is nearly flat shows nothing. */
const otherDirections = 3;
const drawnDirections = 12;
/** Most examples of the data that are used: the check is about formulas, not about data. */
const mostExamples = 16;
/** Half of the longest way along a direction: this part of a usual entry of the weight, for all entries. */
const longestMove = 1;
/** What a usual entry is taken for where it is less, as in biases that are still 0. */
const leastEntry = 0.1;
/** What float32 may get wrong in an example's loss, of its size: more than three times what was measured of a sum over 784 pixels. */
const lossRounding = 2 ** -22;

/**
 * Compares the gradient of the loss along some directions of each weight with finite differences. The loss is the
 * ELBO's with the KL in full and one fixed noise, so that both see the same function.
 */
export async function checkGradients(
  machine: Machine,
  model: Definition,
  data: Dataset,
  tolerance: number,
): Promise<GradientCheck> {
  const plain: Definition = { ...model, objective: { beta: 1, freeBits: 0, importanceSamples: 1 } };
  const batchSize = Math.min(mostExamples, data.size);
  const x = readFirst(data, batchSize);
  const noise = stream(0, "gradient check noise").fillNormal(new Float32Array(batchSize * model.latent), 0);
  const step = evaluatedAsTrained(plain, batchSize);
  const trainer = await machine.trainer(step, { kind: "sgd", momentum: 0, nesterov: false });
  const before = machine.readAll();
  const pace = pacer();
  try {
    const gradientsHere = () => trainer.gradients({ x, noise, beta: Float32Array.of(1) });
    const lossHere = async (): Promise<LossHere> => {
      const make = () => lossesFunction(plain, batchSize);
      const losses = await machine.run(`gradient check losses of ${batchSize}`, make, { x, noise });
      await pace();
      return averaged(losses, batchSize);
    };
    const gradients = await gradientsHere();
    const { loss, size } = await lossHere();
    if (!Number.isFinite(loss))
      throw new Error(
        `The loss of ${model.name} is ${loss} at its present weights, so there is no gradient to check. Make the model anew, or look for a log, an exp or a division in your own functions.`,
      );
    const rows: GradientCheckRow[] = [];
    for (const { name, shape, trainable } of machine.specs) {
      const gradient = gradients[name];
      const at = before[name];
      if (!trainable || !gradient || !at) continue;
      const steepness = norm(gradient);
      const scale: SlopeScale = {
        longest: longestMove * Math.max(norm(at), leastEntry * Math.sqrt(at.length)),
        lossRounding: (lossRounding * size) / Math.sqrt(batchSize),
        tolerance,
      };
      const compared: SlopeComparison[] = [];
      for (const direction of directions(name, gradient, steepness)) {
        const moveTo = (distance: number): void => machine.write(name, moved(at, direction, distance));
        const line: Line = {
          loss: async (distance) => {
            moveTo(distance);
            return (await lossHere()).loss;
          },
          slope: async (distance) => {
            if (distance === 0) return dot(gradient, direction);
            moveTo(distance);
            const there = (await gradientsHere())[name];
            await pace();
            return there ? dot(there, direction) : NaN;
          },
        };
        compared.push(await compareSlopes(line, scale));
      }
      machine.write(name, at);
      rows.push({ weight: name, shape, ...worstOf(compared) });
    }
    return report(machine.engineName, model.name, rows, tolerance);
  } finally {
    machine.writeAll(before);
    machine.release(trainer);
  }
}

/** The training step's gradients with dropout and batch statistics as in evaluation, where the loss is a function of the weights alone. */
function evaluatedAsTrained(model: Definition, batchSize: number): ReturnType<typeof trainingFunction> {
  const still: Definition = {
    ...model,
    randoms: {},
    weights: Object.fromEntries(Object.entries(model.weights).filter(([, weight]) => weight.trainable)),
    encode: (x, pass) => model.encode(x, { ...pass, training: false }),
    decode: (z, pass) => model.decode(z, { ...pass, training: false }),
  };
  return trainingFunction(still, batchSize);
}

/** What differs before what agrees, and that before what could not be compared so well; within these the largest error. */
const rank: Readonly<Record<Agreement, number>> = {
  differs: 0,
  agrees: 1,
  "agrees roughly": 2,
  "too uneven": 3,
  "too small": 4,
};
const worstFirst = (
  a: Pick<SlopeComparison, "agreement" | "relativeError">,
  b: Pick<SlopeComparison, "agreement" | "relativeError">,
): number => rank[a.agreement] - rank[b.agreement] || b.relativeError - a.relativeError;

function worstOf(compared: readonly SlopeComparison[]): SlopeComparison {
  const [worst] = compared.toSorted(worstFirst);
  if (!worst) throw new Error("A gradient check compares at least one direction.");
  return worst;
}

/** Directions of length 1: along the gradient, and random ones that a gradient missing some entries cannot agree with. */
function directions(weight: string, gradient: Float32Array, steepness: number): Float64Array[] {
  const random = stream(0, `gradient check of ${weight}`);
  const entry = 1 / Math.sqrt(gradient.length);
  const drawn = Array.from({ length: drawnDirections }, (_, draw) => {
    const uniform = random.fillUniform(new Float32Array(gradient.length), draw);
    const direction = Float64Array.from(uniform, (value) => (value < 0.5 ? -entry : entry));
    return { direction, slope: Math.abs(dot(gradient, direction)) };
  });
  const steepest = drawn.sort((a, b) => b.slope - a.slope).slice(0, otherDirections);
  const others = steepest.map(({ direction }) => direction);
  const hasDirection = Number.isFinite(steepness) && steepness > 0;
  return hasDirection ? [Float64Array.from(gradient, (value) => value / steepness), ...others] : others;
}

// Loops, as these run over all entries of a weight for each slope: three times as fast as with `reduce` and `map`.
function dot(a: Float32Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}

function moved(at: Float32Array, direction: Float64Array, distance: number): Float32Array {
  const there = new Float32Array(at.length);
  for (let i = 0; i < at.length; i++) there[i] = (at[i] ?? 0) + distance * (direction[i] ?? 0);
  return there;
}

const norm = (values: Float32Array): number =>
  Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));

interface LossHere {
  readonly loss: number;
  /** Of the terms that it is the sum of, on average: what its rounding is relative to. */
  readonly size: number;
}

function averaged({ reconstruction = none, kl = none }: Values, examples: number): LossHere {
  let loss = 0;
  let size = 0;
  for (const terms of [reconstruction, kl])
    for (const term of terms) {
      loss += term / examples;
      size += Math.abs(term) / examples;
    }
  return { loss, size };
}

const none = new Float32Array();

function report(engine: string, model: string, rows: GradientCheckRow[], tolerance: number): GradientCheck {
  const sorted = rows.toSorted(worstFirst);
  const compared = sorted.filter(({ agreement }) => agreement === "agrees" || agreement === "differs");
  const check: GradientCheck = {
    model,
    engine,
    rows: sorted,
    worst: Math.max(0, ...compared.map(({ relativeError }) => relativeError)),
    tolerance,
    ok: sorted[0] !== undefined && ["agrees", "agrees roughly"].includes(sorted[0].agreement),
    [display]: () => gradientCheckFigure(check)[display](),
  };
  return Object.defineProperty(check, Symbol.for("nodejs.util.inspect.custom"), {
    value: () => gradientCheckFigure(check).text,
  });
}
