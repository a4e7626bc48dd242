import type { Answering } from "../host";
import type { TrainedModel } from "../models/model";
import { type Figure, figure, once } from "./figure";
import { dimensionName } from "./format";
import type { Grid } from "./grid";
import { gridText, type ImagesData, png, spreadOver } from "./imageGrid";
import { imageShape, imagesData, type ImageStack, pickImages, toImages, tonesOf } from "./images";
import { normalQuantile } from "./normalQuantile";
import { answering, decoder, field, pointsOf } from "./questions";
import { requireOptions } from "../options";
import { requireCount, requireDimension, requireModel } from "./requirements";

export interface ManifoldOptions {
  /** Pictures per side. Default 20. */
  readonly size?: number;
  /** The two dimensions of the plane, across and down. Default [0, 1]. */
  readonly dimensions?: readonly [number, number];
  /** Where the other dimensions stand, one number per latent dimension. Default: the prior's mean, 0. */
  readonly base?: ArrayLike<number>;
}

interface Side {
  readonly dimension: number;
  readonly values: readonly number[];
}

export interface ManifoldData {
  readonly title: string;
  readonly size: number;
  readonly across: Side;
  readonly down: Side;
  readonly base: readonly number[];
  readonly images: ImagesData["images"];
  readonly questions: readonly ["decode"];
}

/**
 * What the decoder makes of an even grid over the prior: the coordinates are quantiles of the standard normal, so that
 * each picture stands for the same share of it (Kingma and Welling 2014, figure 4).
 *
 * @throws RangeError if the model has no such dimensions, or `size` is not a whole number from 1 on.
 */
export async function manifold(
  model: TrainedModel,
  options: ManifoldOptions = {},
): Promise<Figure<"manifold", ManifoldData> & Answering> {
  requireModel("plot.manifold", model);
  requireOptions("plot.manifold", options, { size: true, dimensions: true, base: true });
  const { size = 20, dimensions = [0, Math.min(1, model.latent - 1)] } = options;
  requireCount("plot.manifold: size", size);
  const [across, down] = dimensions;
  for (const dimension of dimensions) requireDimension(model, dimension);
  const base = Array.from({ length: model.latent }, (_, d) => options.base?.[d] ?? 0);
  const quantiles = Array.from({ length: size }, (_, i) => normalQuantile((i + 0.5) / size));
  // As in a plot, the second coordinate grows upwards.
  const downwards = [...quantiles].reverse();
  // With one latent dimension there is one row to see.
  const rows = across === down ? [0] : downwards;
  const points = rows.flatMap((y) =>
    quantiles.map((x) => base.map((value, d) => (d === across ? x : d === down ? y : value))),
  );

  const decoded = await model.decodeAll(Float32Array.from(points.flat()));
  const shape = imageShape(model.input);
  const tones = tonesOf(decoded, model.likelihood);
  const images = toImages(decoded, shape, tones);
  const decode = decoder(model, shape, tones);
  const title = `Manifold of ${model.name}`;
  const plane =
    across === down
      ? dimensionName(across)
      : `${dimensionName(across)} to the right, ${dimensionName(down)} up`;
  const grid: Grid = { images, columns: size, margin: false };
  const labelled: Grid = {
    ...grid,
    columnNames: edgeNames({ dimension: across, values: quantiles }),
    ...(across !== down && { rowNames: edgeNames({ dimension: down, values: rows }) }),
    namesOfEdges: true,
  };
  const drawn = figure({
    view: "manifold",
    data: once((): ManifoldData => ({
      title,
      size,
      across: { dimension: across, values: quantiles },
      down: { dimension: down, values: rows },
      base,
      images: imagesData(images),
      questions: ["decode"],
    })),
    standard: once(() => png(labelled)),
    text: once(
      () =>
        `${title}\n${size} x ${rows.length} decoded points of the prior, ${plane}\n${gridText(sketch(grid), { rows: 3, of: images.count })}`,
    ),
  });
  return Object.assign(
    drawn,
    answering({ decode: (payload) => decode(pointsOf(field(payload, "points"), model.latent)) }),
  );
}

/** The values at both ends of a side, and its dimension between them. */
const edgeNames = ({ dimension, values }: Side): readonly string[] => [
  (values[0] ?? 0).toFixed(2),
  dimensionName(dimension),
  (values.at(-1) ?? 0).toFixed(2),
];

/** Some rows and columns from end to end: a manifold in three lines of five. */
function sketch(grid: { readonly images: ImageStack; readonly columns: number }): Grid {
  const across = spreadOver(grid.columns, 5);
  const rows = spreadOver(Math.ceil(grid.images.count / grid.columns), 3);
  const positions = rows.flatMap((row) => across.map((column) => row * grid.columns + column));
  return { images: pickImages(grid.images, positions), columns: across.length };
}
