import type { Dataset, TrainTest } from "../data/dataset";
import { classCounts } from "../data/describe";
import { exampleName } from "./exampleName";
import { readExamples } from "../data/readExamples";
import { type Figure, figure, once } from "./figure";
import { counted, shapeText, significant, whole } from "./format";
import { gridData, gridText, type ImagesData, type LabelledGrid, png } from "./imageGrid";
import { imageShape, toImages, tonesOfRange } from "./images";
import { finiteOrNull } from "./numbers";
import { sparkline, textTable } from "./textTable";

export interface DatasetData {
  readonly title: string;
  readonly sets: readonly SetData[];
  readonly classes?: readonly string[];
  readonly factors?: readonly { readonly name: string; readonly sizes: number }[];
  readonly examples: ImagesData;
}

interface SetData {
  readonly name: string;
  readonly size: number;
  readonly shape: readonly number[];
  readonly min: number | null;
  readonly max: number | null;
  readonly nan: number;
  readonly perClass?: readonly number[];
}

/** A dataset, or a training and a test set: examples of each class, sizes, shape, range of values, examples per class. */
export function datasetFigure(data: Dataset | TrainTest): Figure<"dataset", DatasetData> {
  const sets = "train" in data ? [data.train, data.test] : [data];
  const shown = "train" in data ? data.train : data;
  const title = sets.map(({ name }) => name).join(" and ");
  const grid = once(() => exampleGrid(shown));
  return figure({
    view: "dataset",
    data: once((): DatasetData => ({
      title,
      sets: sets.map(setData),
      ...(shown.labels && { classes: shown.labels.names }),
      ...(shown.factors && {
        factors: Object.entries(shown.factors).map(([name, { sizes }]) => ({ name, sizes })),
      }),
      examples: gridData(grid()),
    })),
    standard: once(() => (shown.size === 0 ? {} : png(grid()))),
    text: once(() => datasetText(sets, shown, grid())),
  });
}

function setData(data: Dataset): SetData {
  const { name, size, shape, range, labels } = data;
  return {
    name,
    size,
    shape,
    min: finiteOrNull(range.min),
    max: finiteOrNull(range.max),
    nan: range.nan,
    ...(labels && { perClass: classCounts(data) }),
  };
}

const mostColumns = 10;
const rowsPerClass = 4;
const unlabelled = 40;

/** A column per class, or, with many classes or none, simply the first examples. */
function exampleGrid(data: Dataset): LabelledGrid {
  const shape = imageShape(data.shape);
  const columns = data.labels && data.labels.names.length <= mostColumns ? data.labels.names : undefined;
  const chosen = columns ? firstOfEachClass(data, columns.length) : undefined;
  const full = chosen?.every((example) => example !== undefined) ?? false;
  const examples =
    chosen && full
      ? chosen.filter((example) => example !== undefined)
      : Array.from({ length: Math.min(unlabelled, data.size) }, (_, i) => i);
  return {
    title: `Examples of ${data.name}`,
    images: toImages(readExamples(data, examples), shape, tonesOfRange(data.range)),
    columns: columns && full ? columns.length : Math.max(1, Math.min(mostColumns, examples.length)),
    ...(columns && full && { columnNames: columns }),
    captions: examples.map((example) => exampleName(data, example)),
  };
}

/** Row by row: the n-th example of each class. A class with too few leaves holes. */
function firstOfEachClass({ labels, size }: Dataset, classes: number): (number | undefined)[] {
  const found = Array.from({ length: classes }, (): number[] => []);
  for (let example = 0; example < size && found.some((of) => of.length < rowsPerClass); example++) {
    const of = found[labels?.of(example) ?? -1];
    if (of && of.length < rowsPerClass) of.push(example);
  }
  const rows = Math.max(1, Math.min(rowsPerClass, ...found.map((of) => of.length)));
  return Array.from({ length: rows }, (_, row) => found.map((of) => of[row])).flat();
}

function datasetText(sets: readonly Dataset[], shown: Dataset, grid: LabelledGrid): string {
  const table = textTable(
    [
      { name: "data", align: "left" },
      { name: "examples", align: "right" },
      { name: "shape", align: "left" },
      { name: "values", align: "left" },
      ...(shown.labels ? [{ name: "per class", align: "left" } as const] : []),
    ],
    sets.map((data) => [
      data.name,
      whole(data.size),
      shapeText(data.shape),
      rangeText(data.range),
      ...(data.labels ? [perClassText(classCounts(data))] : []),
    ]),
  );
  const classes = shown.labels ? `\nclasses: ${listed(shown.labels.names)}` : "";
  const factors = shown.factors
    ? `\nfactors: ${Object.entries(shown.factors)
        .map(([name, { sizes }]) => `${name} (${counted(sizes, "value")})`)
        .join(", ")}`
    : "";
  return `${table}${classes}${factors}${shown.size === 0 ? "" : `\n${gridText(grid, { rows: 1 })}`}`;
}

const rangeText = ({ min, max, nan }: Dataset["range"]): string =>
  `${significant(min)} to ${significant(max)}${nan > 0 ? `, ${whole(nan)} not a number` : ""}`;

function perClassText(counts: readonly number[]): string {
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  return `${least === most ? whole(least) : `${whole(least)} to ${whole(most)}`} ${sparkline(counts.length > 1 ? [0, ...counts] : counts, 26).slice(counts.length > 1 ? 1 : 0)}`;
}

const mostListed = 20;

const listed = (names: readonly string[]): string =>
  names.length <= mostListed
    ? names.join(", ")
    : `${names.slice(0, mostListed).join(", ")}, ... (${names.length} in all)`;
