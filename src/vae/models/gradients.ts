import type { Dataset } from "../data/dataset";
import type { Values } from "../engine/engine";
import { gradientCheckFigure } from "../figures/gradientCheck";
import { display } from "../host";
import { stream } from "../random";
import { pacer } from "../training/pace";
import type { Definition } from "./definition";
import { lossesFunction, trainingFunction } from "./functions";
import type { GradientCheck, GradientCheckRow } from "./gradientCheck";
import type { Machine } from "./machine";

/** Random directions per weight, beside the gradient's own. */
const randomDirections = 3;
/** Most examples of the data that are used: the check is about formulas, not about data. */
const mostExamples = 16;
/**
 * Steps along a direction of length 1, tried from the longest to the shortest. Finite differences of float32 losses
 * err by rounding where the step is short and by curvature (or a kink of ReLU) where it is long; the best of a few
 * lengths shows what the formula is worth.
 */
const lengths = [0.1, 0.03, 0.01, 0.003];

/**
 * Compares the derivative of the loss along some directions of each weight with central finite differences. The loss
 * is the ELBO's with the KL in full and one fixed noise, so that both see the same function.
 */
export async function checkGradients(
  machine: Machine,
  model: Definition,
  data: Dataset,
  tolerance: number,
): Promise<GradientCheck> {
  const plain: Definition = { ...model, objective: { beta: 1, freeBits: 0, importanceSamples: 1 } };
  const batchSize = Math.min(mostExamples, data.size);
  const x = new Float32Array(batchSize * data.valuesPerExample);
  data.read(
    Array.from({ length: batchSize }, (_, index) => index),
    x,
  );
  const noise = stream(0, "gradient check noise").fillNormal(new Float32Array(batchSize * model.latent), 0);
  const step = evaluatedAsTrained(plain, batchSize);
  const trainer = await machine.trainer(step, { kind: "sgd", momentum: 0, nesterov: false });
  const before = machine.readAll();
  const pace = pacer();
  try {
    const gradients = await trainer.gradients({ x, noise, beta: Float32Array.of(1) });
    const loss = async (weight: string, values: Float32Array): Promise<number> => {
      machine.write(weight, values);
      const make = () => lossesFunction(plain, batchSize);
      const losses = await machine.run(`gradient check losses of ${batchSize}`, make, { x, noise });
      await pace();
      return total(losses) / batchSize;
    };
    const rows: GradientCheckRow[] = [];
    for (const { name, shape, trainable } of machine.specs) {
      const gradient = gradients[name];
      const at = before[name];
      if (!trainable || !gradient || !at) continue;
      const worst = await worstDirection(name, gradient, at, (values) => loss(name, values));
      machine.write(name, at);
      rows.push({ weight: name, shape, ...worst });
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

async function worstDirection(
  weight: string,
  gradient: Float32Array,
  at: Float32Array,
  loss: (values: Float32Array) => Promise<number>,
): Promise<Omit<GradientCheckRow, "weight" | "shape">> {
  let worst: Omit<GradientCheckRow, "weight" | "shape"> = {
    relativeError: -1,
    gradient: 0,
    finiteDifference: 0,
  };
  // A random direction of length 1 has about this slope; errors are relative to it where the slope happens to be 0.
  const usual = Math.sqrt(dot(gradient, Float64Array.from(gradient)) / gradient.length);
  for (const direction of directions(weight, gradient)) {
    const slope = dot(gradient, direction);
    const measured = await closestDifference(slope, usual, direction, at, loss);
    if (!(measured.relativeError <= worst.relativeError)) worst = measured;
  }
  return worst;
}

async function closestDifference(
  slope: number,
  usual: number,
  direction: Float64Array,
  at: Float32Array,
  loss: (values: Float32Array) => Promise<number>,
): Promise<Omit<GradientCheckRow, "weight" | "shape">> {
  let best = { relativeError: Infinity, gradient: slope, finiteDifference: NaN };
  const here = await loss(at);
  for (const length of lengths) {
    const ahead = await loss(moved(at, direction, length));
    const behind = await loss(moved(at, direction, -length));
    const difference = (ahead - behind) / (2 * length);
    // What float32 can tell at all: the loss is known to about this fraction of itself.
    const resolution = (2 ** -22 * Math.abs(here)) / length;
    const error = Math.max(0, Math.abs(difference - slope) - resolution);
    const relativeError = error / Math.max(Math.abs(difference), Math.abs(slope), usual, resolution);
    if (relativeError < best.relativeError)
      best = { relativeError, gradient: slope, finiteDifference: difference };
    if (best.relativeError === 0) break;
  }
  return best;
}

/** Directions of length 1: along the gradient, and random ones that a gradient missing some entries cannot agree with. */
function directions(weight: string, gradient: Float32Array): Float64Array[] {
  const random = stream(0, `gradient check of ${weight}`);
  const signs = Array.from({ length: randomDirections }, (_, draw) => {
    const uniform = random.fillUniform(new Float32Array(gradient.length), draw);
    return unit(Float64Array.from(uniform, (value) => (value < 0.5 ? -1 : 1)));
  });
  const along = unit(Float64Array.from(gradient));
  return along.every((value) => value === 0 || !Number.isFinite(value)) ? signs : [along, ...signs];
}

const dot = (a: Float32Array, b: Float64Array): number =>
  b.reduce((sum, value, i) => sum + value * (a[i] ?? 0), 0);

function unit(direction: Float64Array): Float64Array {
  const length = Math.sqrt(direction.reduce((sum, value) => sum + value * value, 0));
  return length > 0 ? direction.map((value) => value / length) : direction;
}

const moved = (at: Float32Array, direction: Float64Array, length: number): Float32Array =>
  at.map((value, i) => value + length * (direction[i] ?? 0));

function total({ reconstruction, kl }: Values): number {
  let sum = 0;
  for (const value of reconstruction ?? []) sum += value;
  for (const value of kl ?? []) sum += value;
  return sum;
}

function report(engine: string, model: string, rows: GradientCheckRow[], tolerance: number): GradientCheck {
  const sorted = rows.toSorted((a, b) => b.relativeError - a.relativeError);
  const worst = sorted[0]?.relativeError ?? 0;
  const check: GradientCheck = {
    model,
    engine,
    rows: sorted,
    worst,
    tolerance,
    ok: worst <= tolerance,
    [display]: () => gradientCheckFigure(check)[display](),
  };
  return Object.defineProperty(check, Symbol.for("nodejs.util.inspect.custom"), {
    value: () => gradientCheckFigure(check).text,
  });
}
