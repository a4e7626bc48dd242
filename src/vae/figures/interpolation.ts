import type { Dataset } from "../data/dataset";
import { isDataset } from "../data/isDataset";
import type { TrainedModel } from "../models/model";
import type { Figure } from "./figure";
import { type ImagesData, imagesFigure } from "./imageGrid";
import { pictureShape, toImages, tonesOf, tonesOfRange } from "./images";
import { requireOptions, written } from "../options";
import { requireCount, requireModel } from "./requirements";

/** An end of an interpolation: a dataset, whose first example is encoded, or a latent point. */
export type LatentEnd = Dataset | ArrayLike<number>;

export interface InterpolationOptions {
  /** Pictures, with both ends. Default 10. */
  readonly steps?: number;
  /**
   * "linear": a straight line. "spherical": along the arc, which keeps the distance from the prior's mean typical in many
   * dimensions (White 2016). Default "linear".
   */
  readonly path?: "linear" | "spherical";
}

/**
 * What the decoder makes of the points between two ends.
 *
 * @throws RangeError if an end is empty or has not one number per latent dimension, or `steps` is below 2.
 */
export async function interpolation(
  model: TrainedModel,
  from: LatentEnd,
  to: LatentEnd,
  options: InterpolationOptions = {},
): Promise<Figure<"images", ImagesData>> {
  requireModel("plot.interpolation", model);
  requireEnd("from", from);
  requireEnd("to", to);
  requireOptions("plot.interpolation", options, { steps: true, path: true });
  const { steps = 10, path = "linear" } = options;
  requireCount("plot.interpolation: steps", steps);
  const [a, b] = [await latentPoint(model, from), await latentPoint(model, to)];
  const weigh = path === "linear" ? linear : spherical(a, b);
  const shares = Array.from({ length: steps }, (_, i) => (steps === 1 ? 0 : i / (steps - 1)));
  const points = shares.flatMap((share) => {
    const [left, right] = weigh(share);
    return a.map((value, d) => left * value + right * (b[d] ?? 0));
  });
  const decoded = await model.decodeAll(Float32Array.from(points));
  const data = [from, to].find(isDataset);
  return imagesFigure({
    title: `Interpolation by ${model.name}, ${path}`,
    images: toImages(
      decoded,
      pictureShape(model.input, data?.shape),
      data ? tonesOfRange(data.range) : tonesOf(decoded, model.likelihood),
    ),
    columns: steps,
    spread: true,
    columnNames: shares.map((share) => String(Math.round(share * 100) / 100)),
    captions: shares.map((share) => `${Math.round(share * 100)} % of the way`),
  });
}

function requireEnd(which: "from" | "to", end: unknown): void {
  if (isDataset(end) || (typeof end === "object" && end !== null && "length" in end)) return;
  throw new TypeError(
    `plot.interpolation(model, from, to) needs two ends, each a dataset, whose first example is taken, or a latent point; but ${which} is ${end === undefined ? "missing" : written(end)}.`,
  );
}

async function latentPoint(model: TrainedModel, end: LatentEnd): Promise<readonly number[]> {
  if (isDataset(end)) {
    if (end.size === 0) throw new RangeError(`plot.interpolation: ${end.name} has no example to start from.`);
    const { mean } = await model.posterior(end.take(1));
    return [...mean];
  }
  if (end.length !== model.latent) {
    throw new RangeError(
      `plot.interpolation: a latent point of ${model.name} has ${model.latent} numbers, not ${end.length}. ` +
        "Pass data.take(1) for an example.",
    );
  }
  return Array.from(end);
}

type Weigh = (share: number) => readonly [number, number];

const linear: Weigh = (share) => [1 - share, share];

/** Shoemake's spherical interpolation (1985); where the ends lie in one direction it is the straight line. */
function spherical(a: readonly number[], b: readonly number[]): Weigh {
  const dot = a.reduce((sum, value, d) => sum + value * (b[d] ?? 0), 0);
  const cosine = dot / (Math.hypot(...a) * Math.hypot(...b));
  const angle = Math.acos(Math.max(-1, Math.min(1, cosine)));
  if (!(Math.sin(angle) > 1e-6)) return linear;
  return (share) => [
    Math.sin((1 - share) * angle) / Math.sin(angle),
    Math.sin(share * angle) / Math.sin(angle),
  ];
}
