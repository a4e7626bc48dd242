import type { Dataset } from "../data/dataset";
import { requireDataset } from "../data/requireDataset";
import type { Answering } from "../host";
import type { TrainedModel } from "../models/model";
import { type Figure, figure, once } from "./figure";
import { dimensionName, nats } from "./format";
import { gridText, type ImagesData, png } from "./imageGrid";
import { imagesData, pictureShape, toImages, tonesOf, tonesOfRange } from "./images";
import { dimensionStatistics, finiteExamples, mostInformative } from "./latentStatistics";
import { answering, decoder, field, pointsOf } from "./questions";
import { requireOptions } from "../options";
import { requireCount, requireDimension, requireModel } from "./requirements";

export interface TraversalOptions {
  /** The dimensions that get a row. Default: the ten with the largest KL divergence, or the first ten without data. */
  readonly dimensions?: readonly number[];
  /** Pictures per row. Default 11. */
  readonly steps?: number;
  /** The rows go from -range to range. Default 3: three standard deviations of the prior. */
  readonly range?: number;
  /** The example of the data that the rows start from. Default 0. */
  readonly example?: number;
}

interface MovingDimension {
  readonly dimension: number;
  readonly kl?: number;
}

export interface TraversalsData {
  readonly title: string;
  readonly base: readonly number[];
  readonly values: readonly number[];
  readonly dimensions: readonly MovingDimension[];
  readonly images: ImagesData["images"];
  readonly questions: readonly ["decode"];
}

const mostRows = 10;
/** Enough to rank the dimensions. */
const mostExamples = 2_000;

/**
 * What each latent dimension does: a row per dimension, in which it moves while the others stay. With data they stay at
 * the posterior mean of one example, and the rows are ordered by KL divergence (in nats per example); without data they
 * stay at 0, the prior's mean. While the session lives, sliders move any of them.
 *
 * @throws RangeError if a dimension or the example does not exist, if the encoder gives NaN for the example, or if `steps`
 * is not a whole number from 1 on.
 */
export async function traversals(
  model: TrainedModel,
  data?: Dataset,
  options: TraversalOptions = {},
): Promise<Figure<"traversals", TraversalsData> & Answering> {
  requireModel("plot.traversals", model);
  if (data !== undefined) requireDataset("plot.traversals", data);
  requireOptions("plot.traversals", options, { dimensions: true, steps: true, range: true, example: true });
  const { steps = 11, range = 3, example = 0 } = options;
  requireCount("plot.traversals: steps", steps);
  for (const dimension of options.dimensions ?? []) requireDimension(model, dimension);
  const start = data === undefined ? atPriorMean(model) : await atExample(model, data, example);
  const dimensions = (options.dimensions ?? start.order.slice(0, mostRows)).map(
    (dimension): MovingDimension => {
      const kl = start.kl?.[dimension];
      // JSON has no NaN, which a model that diverged has.
      return { dimension, ...(kl !== undefined && Number.isFinite(kl) && { kl }) };
    },
  );
  const values = Array.from({ length: steps }, (_, i) =>
    steps === 1 ? 0 : -range + (2 * range * i) / (steps - 1),
  );

  const points = dimensions.flatMap(({ dimension }) =>
    values.map((value) => start.base.with(dimension, value)),
  );
  const decoded = await model.decodeAll(Float32Array.from(points.flat()));
  const shape = pictureShape(model.input, data?.shape);
  const tones = data ? tonesOfRange(data.range) : tonesOf(decoded, model.likelihood);
  const images = toImages(decoded, shape, tones);
  const decode = decoder(model, shape, tones);
  const title = `Latent traversals of ${model.name}${data ? `, from example ${example} of ${data.name}` : ""}`;
  const grid = {
    images,
    columns: steps,
    rowNames: dimensions.map(({ dimension }) => dimensionName(dimension)),
    columnNames: values.map((value) => String(Math.round(value * 10) / 10)),
  };
  const drawn = figure({
    view: "traversals",
    data: once((): TraversalsData => ({
      title,
      base: start.base,
      values,
      dimensions,
      images: imagesData(images),
      questions: ["decode"],
    })),
    standard: once(() => png(grid)),
    text: once(() => {
      const rowNames = dimensions.map(
        ({ dimension, kl }) =>
          `${dimensionName(dimension)} from ${-range} to ${range}${kl === undefined ? "" : `, KL ${nats(kl)} nats`}`,
      );
      return `${title}\n${gridText({ ...grid, rowNames }, { rows: 4, spread: true, of: images.count })}`;
    }),
  });
  return Object.assign(
    drawn,
    answering({ decode: (payload) => decode(pointsOf(field(payload, "points"), model.latent)) }),
  );
}

interface Start {
  readonly base: readonly number[];
  /** Dimensions, the ones to show first. */
  readonly order: readonly number[];
  readonly kl?: readonly number[];
}

function atPriorMean({ latent }: TrainedModel): Start {
  const order = Array.from({ length: latent }, (_, d) => d);
  return { base: order.map(() => 0), order };
}

async function atExample(model: TrainedModel, data: Dataset, example: number): Promise<Start> {
  if (!Number.isInteger(example) || example < 0 || example >= data.size) {
    throw new RangeError(`plot.traversals: there is no example ${example}: ${data.name} has ${data.size}.`);
  }
  const { mean } = await model.posterior(data.filter(({ index }) => index === example));
  if (!mean.every(Number.isFinite)) {
    throw new RangeError(
      `plot.traversals: ${model.name} gives NaN or infinity for example ${example} of ${data.name}, so there is no point to start from. The data may hold a NaN, or the training diverged. plot.traversals(model) starts from the prior's mean.`,
    );
  }
  const some = await model.posterior(data.take(Math.min(mostExamples, data.size)));
  const statistics = dimensionStatistics(finiteExamples(some, model.latent), model.latent);
  return { base: [...mean], order: mostInformative(statistics), kl: statistics.map(({ kl }) => kl) };
}
