import type { TrainedModel } from "../models/model";
import { stream } from "../random";
import { sessionSeed } from "../random/seed";
import type { Figure } from "./figure";
import { type ImagesData, imagesFigure } from "./imageGrid";
import { imageShape, toImages, tonesOf } from "./images";
import { requireOptions } from "../options";
import { requireCount, requireModel } from "./requirements";

export interface SampleOptions {
  /** How many samples. Default 64. */
  readonly count?: number;
  /** How many side by side. Default: as square as `count` allows. */
  readonly columns?: number;
  /** Which latent points are drawn. Default: the session's seed, so that the same cell shows the same samples. */
  readonly seed?: number;
  /** Standard deviation of the latent points; 1 is the prior, less gives more typical pictures. Default 1. */
  readonly temperature?: number;
}

/**
 * What the model makes up: latent points drawn from the prior, and the likelihood's mean at each.
 *
 * @throws RangeError if `count` is not a whole number from 1 on.
 */
export async function samples(
  model: TrainedModel,
  options: SampleOptions = {},
): Promise<Figure<"images", ImagesData>> {
  requireModel("plot.samples", model);
  requireOptions("plot.samples", options, { count: true, columns: true, seed: true, temperature: true });
  const { count = 64, seed = sessionSeed(), temperature = 1 } = options;
  requireCount("plot.samples: count", count);
  const points = stream(seed, "figures/samples").fillNormal(new Float32Array(count * model.latent), 0);
  for (let i = 0; i < points.length; i++) points[i] = (points[i] ?? 0) * temperature;
  const decoded = await model.decodeAll(points);
  return imagesFigure({
    title: `Samples of ${model.name}${temperature === 1 ? "" : ` at temperature ${temperature}`}`,
    images: toImages(decoded, imageShape(model.input), tonesOf(decoded, model.likelihood)),
    columns: options.columns ?? Math.ceil(Math.sqrt(count)),
    captions: Array.from({ length: count }, (_, i) => `sample ${i}`),
  });
}
