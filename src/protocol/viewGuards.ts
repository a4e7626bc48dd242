import {
  array,
  boolean,
  type Guard,
  literal,
  number,
  object,
  optional,
  ProtocolError,
  string,
} from "./guard";
import { classColours, curveColours, formerWhyMissing } from "./olderViews";
import type {
  Images,
  ImagesView,
  KlView,
  LatentAxis,
  LatentView,
  LossCurves,
  ManifoldView,
  Numbers,
  QuestionName,
  TrainingView,
  ValueView,
  ViewName,
  Views,
} from "./views";

const orNull =
  <T>(guard: Guard<T>): Guard<T | null> =>
  (found, path) =>
    found === null ? null : guard(found, path);

const natural: Guard<number> = (found, path) => {
  const checked = number(found, path);
  if (!Number.isSafeInteger(checked) || checked < 0)
    throw new ProtocolError(path, "a whole number from 0", found);
  return checked;
};

const positive: Guard<number> = (found, path) => {
  const checked = natural(found, path);
  if (checked === 0) throw new ProtocolError(path, "a whole number from 1", found);
  return checked;
};

const numbers: Guard<Numbers> = object({ dtype: literal("u1", "u2", "i4", "f4"), bdata: string });

const bytesPer = { u1: 1, u2: 2, i4: 4, f4: 4 } as const;

/** How many numbers base64 holds, without decoding it. */
function lengthOf({ dtype, bdata }: Numbers): number {
  const padding = bdata.endsWith("==") ? 2 : bdata.endsWith("=") ? 1 : 0;
  return ((bdata.length / 4) * 3 - padding) / bytesPer[dtype];
}

/** The numbers, if there are as many as there must be. */
function counted(found: Numbers, count: number, path: string): void {
  if (lengthOf(found) !== count) throw new ProtocolError(path, `${count} numbers`, lengthOf(found));
}

const channels: Guard<1 | 3> = (found, path) => {
  if (found !== 1 && found !== 3) throw new ProtocolError(path, "1 or 3", found);
  return found;
};

const images: Guard<Images> = (found, path) => {
  const checked = object({ count: natural, height: positive, width: positive, channels, pixels: numbers })(
    found,
    path,
  );
  const { count, height, width } = checked;
  counted(checked.pixels, count * height * width * checked.channels, `${path}.pixels`);
  return checked;
};

const imagesView: Guard<ImagesView> = object({
  title: string,
  columns: positive,
  images,
  rowNames: optional(array(string)),
  columnNames: optional(array(string)),
  captions: optional(array(string)),
  margin: optional(boolean),
});

const questions: Guard<readonly QuestionName[]> = array(literal("decode", "decodePlane", "example", "axis"));

const losses: Guard<LossCurves> = (found, path) => {
  const checked = object({
    step: numbers,
    epoch: numbers,
    loss: numbers,
    reconstruction: numbers,
    kl: numbers,
  })(found, path);
  for (const [name, column] of Object.entries(checked))
    counted(column, lengthOf(checked.step), `${path}.${name}`);
  return checked;
};

const run = object({
  name: string,
  data: string,
  engine: string,
  status: literal("running", "finished", "stopped", "early-stopped", "failed", "cut-off"),
  colours: optional(object({ training: string, validation: string })),
  train: losses,
  validation: optional(losses),
  progress: object({
    step: number,
    steps: number,
    epoch: number,
    epochs: number,
    batchSize: number,
    examplesPerSecond: orNull(number),
    seconds: number,
    secondsLeft: orNull(number),
  }),
  klPerDimension: numbers,
  warnings: array(object({ kind: string, step: number, text: string })),
});

const training: Guard<TrainingView> = (found, path) => {
  const checked = object({ title: string, unit: string, runs: array(run) })(found, path);
  const runs = checked.runs.map((one, r) => ({
    ...one,
    colours: one.colours ?? curveColours(r, checked.runs.length),
  }));
  return { ...checked, runs };
};

const axis: Guard<LatentAxis> = object({
  name: string,
  kind: literal("dimension", "component", "deviation"),
  points: object({ low: number, high: number, values: numbers, missing: optional(numbers) }),
  kl: optional(number),
  explained: optional(number),
});

const latent: Guard<LatentView> = (found, path) => {
  const checked = object({
    title: string,
    count: natural,
    axes: array(axis),
    moreAxes: array(string),
    labels: optional(object({ names: array(string), colours: optional(array(string)), of: numbers })),
    whyMissing: optional(string),
    questions,
  })(found, path);
  if (checked.axes.length === 0) throw new ProtocolError(`${path}.axes`, "at least one axis", []);
  for (const { name, points } of checked.axes)
    counted(points.values, checked.count, `${path}, the axis ${name}`);
  const { labels, ...others } = checked;
  const rest = { ...others, whyMissing: checked.whyMissing ?? formerWhyMissing };
  if (labels === undefined) return rest;
  counted(labels.of, checked.count, `${path}.labels.of`);
  return { ...rest, labels: { ...labels, colours: labels.colours ?? classColours(labels.names) } };
};

const side = object({ dimension: natural, values: array(number) });
const manifold: Guard<ManifoldView> = object({
  title: string,
  size: positive,
  across: side,
  down: side,
  base: array(number),
  images,
  questions,
});

const kl: Guard<KlView> = (found, path) => {
  const checked = object({
    title: string,
    unit: string,
    kl: numbers,
    variance: numbers,
    threshold: number,
    active: array(natural),
    total: orNull(number),
  })(found, path);
  counted(checked.variance, lengthOf(checked.kl), `${path}.variance`);
  return checked;
};

const value: Guard<ValueView> = (found, path) =>
  object({
    key: optional(string),
    type: string,
    preview: string,
    children: optional(array(value)),
    omitted: optional(natural),
  })(found, path);

/**
 * Checks the data of a view that comes out of a notebook file, where anything may stand: that all fields are there, and
 * that columns are as long as they say, so that a damaged output is a message and never a view that hangs.
 */
export const viewGuards: { readonly [Name in ViewName]: Guard<Views[Name]> } = {
  training,
  images: imagesView,
  latent,
  manifold,
  traversals: object({
    title: string,
    base: array(number),
    values: array(number),
    dimensions: array(object({ dimension: natural, kl: optional(number) })),
    images,
    questions,
  }),
  kl,
  dataset: object({
    title: string,
    sets: array(
      object({
        name: string,
        size: natural,
        shape: array(natural),
        min: orNull(number),
        max: orNull(number),
        nan: natural,
        perClass: optional(array(number)),
      }),
    ),
    classes: optional(array(string)),
    factors: optional(array(object({ name: string, sizes: natural }))),
    examples: imagesView,
  }),
  model: object({
    title: string,
    layers: array(object({ part: string, name: string, output: array(number), weights: natural })),
    weights: natural,
    facts: array(object({ name: string, value: string, unit: optional(string), note: optional(string) })),
  }),
  score: object({
    title: string,
    metrics: array(object({ name: string, value: orNull(number), unit: string, note: optional(string) })),
    kl,
  }),
  tensor: object({
    title: string,
    dtype: string,
    shape: array(natural),
    size: natural,
    min: orNull(number),
    max: orNull(number),
    mean: orNull(number),
    nan: natural,
    rows: array(array(string)),
    truncated: boolean,
  }),
  table: object({
    title: string,
    columns: array(object({ name: string, align: literal("left", "right") })),
    rows: array(object({ cells: array(string), emphasis: optional(literal("good", "bad")) })),
    note: optional(string),
  }),
  value,
};
