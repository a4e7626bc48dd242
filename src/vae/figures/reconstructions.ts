import type { Dataset } from "../data/dataset";
import { requireDataset } from "../data/requireDataset";
import type { TrainedModel } from "../models/model";
import type { Figure } from "./figure";
import { type ImagesData, imagesFigure } from "./imageGrid";
import { readAll } from "../data/readExamples";
import { exampleName } from "./exampleName";
import { joinImages, pickImages, pictureShape, toImages, tonesOfRange } from "./images";
import { requireOptions } from "../options";
import { requireCount, requireModel } from "./requirements";

export interface ReconstructionOptions {
  /** How many examples, the first of the data; rounded up to full rows. Default 10. */
  readonly count?: number;
  /** How many side by side. Default 10. */
  readonly columns?: number;
}

/**
 * The first examples of the data above what the model makes of them: the likelihood's mean, decoded from the mean of each
 * example's posterior. Nothing is drawn at random, so the same weights give the same picture.
 *
 * @throws RangeError if `count` is not a whole number from 1 on.
 */
export async function reconstructions(
  model: TrainedModel,
  data: Dataset,
  options: ReconstructionOptions = {},
): Promise<Figure<"images", ImagesData>> {
  requireModel("plot.reconstructions", model);
  requireDataset("plot.reconstructions", data);
  requireOptions("plot.reconstructions", options, { count: true, columns: true });
  const { count = 10, columns: mostColumns = 10 } = options;
  requireCount("plot.reconstructions: count", count);
  const rows = Math.ceil(Math.min(count, data.size) / mostColumns);
  const columns = Math.ceil(Math.min(count, data.size) / rows);
  const examples = data.take(Math.min(columns * rows, data.size));
  const { mean } = await model.posterior(examples);
  const decoded = await model.decodeAll(mean);
  const original = readAll(examples);

  const shape = pictureShape(model.input, data.shape);
  const tones = tonesOfRange(data.range);
  const pair = joinImages(toImages(original, shape, tones), toImages(decoded, shape, tones));
  const order = bandsOf(examples.size, columns);
  return imagesFigure({
    title: `Reconstructions of ${data.name} by ${model.name}`,
    images: pickImages(pair, order),
    columns,
    rowNames: Array.from({ length: Math.ceil(order.length / columns) }, (_, row) => rowKinds[row % 2] ?? ""),
    captions: order.map((position) => captionOf(examples, position)),
  });
}

const rowKinds = ["original", "reconstruction"] as const;

/**
 * Positions in [originals, reconstructions], as rows of originals with their reconstructions below. Where the data ends
 * within a row, that row is left out, so that the rows keep their meaning.
 */
function bandsOf(size: number, columns: number): readonly number[] {
  const bands = Math.floor(size / columns);
  return Array.from({ length: bands }, (_, band) => {
    const row = Array.from({ length: columns }, (_, column) => band * columns + column);
    return [...row, ...row.map((position) => position + size)];
  }).flat();
}

function captionOf(examples: Dataset, position: number): string {
  const name = exampleName(examples, position % examples.size);
  return position < examples.size ? name : `reconstruction of ${name}`;
}
