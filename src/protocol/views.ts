/**
 * The data of each of our views: what a figure puts under `application/vnd.vaenb.<view>+json` and the renderer draws.
 * Arrays of numbers travel as base64 (plotly's `bdata`, little-endian), so that 60,000 points stay small and exact.
 * Where a single number may be missing or not finite, it is `null`: JSON has no NaN.
 *
 * Notebooks keep these data for years. A field that comes later is optional or gets a default (`olderViews.ts`), and a
 * version that does not know it passes over it. A change that older data cannot be brought to takes a new MIME type
 * (`latent2`): a version without a view for that draws the output's standard face, the picture or the plotly chart.
 */
export interface Views {
  readonly training: TrainingView;
  readonly images: ImagesView;
  readonly latent: LatentView;
  readonly manifold: ManifoldView;
  readonly traversals: TraversalsView;
  readonly kl: KlView;
  readonly dataset: DatasetView;
  readonly model: ModelView;
  readonly score: ScoreView;
  readonly tensor: TensorView;
  readonly table: TableView;
  readonly value: ValueView;
}
export type ViewName = keyof Views;

export const viewNames = [
  "training",
  "images",
  "latent",
  "manifold",
  "traversals",
  "kl",
  "dataset",
  "model",
  "score",
  "tensor",
  "table",
  "value",
] as const satisfies readonly ViewName[];

const prefix = "application/vnd.vaenb.";
export const viewMime = (view: ViewName): string => `${prefix}${view}+json`;
export const viewOfMime = (mime: string): ViewName | undefined =>
  viewNames.find((view) => viewMime(view) === mime);

/** A typed array: plotly's names of types (unsigned bytes, unsigned 16 bit, 32 bit integers, 32 bit floats). */
export interface Numbers {
  readonly dtype: "u1" | "u2" | "i4" | "f4";
  readonly bdata: string;
}

/** Numbers on an even scale: 0 stands for `low`, 65535 for `high`. A column of 60,000 costs 160 KB. */
export interface ScaledNumbers {
  readonly low: number;
  readonly high: number;
  readonly values: Numbers;
  /** The indices of those that are not finite and stand for nothing; absent where all are. */
  readonly missing?: Numbers;
}

/** Pictures of one size as bytes, one after the other, rows from the top, channels together. */
export interface Images {
  readonly count: number;
  readonly height: number;
  readonly width: number;
  readonly channels: 1 | 3;
  readonly pixels: Numbers;
}

/**
 * What a view may ask its figure while a kernel runs, and what it is answered. A view's `questions` name the ones that
 * its figure knows.
 */
export interface Questions {
  /** The decoder's picture of each latent point: `points` has one row of `latent` numbers per picture. */
  readonly decode: {
    ask: { readonly points: readonly (readonly number[])[] };
    answer: { readonly images: Images };
  };
  /** The same for points of a plane that two axes of a latent view span. */
  readonly decodePlane: {
    ask: { readonly axes: readonly [string, string]; readonly at: readonly (readonly [number, number])[] };
    answer: { readonly images: Images };
  };
  /** One example of the data, and its reconstruction. */
  readonly example: { ask: { readonly index: number }; answer: { readonly images: Images } };
  /** The values of an axis that was too large to send along. */
  readonly axis: { ask: { readonly name: string }; answer: { readonly axis: LatentAxis } };
}
export type QuestionName = keyof Questions;

/** The training curves of one run, or of several to compare. */
export interface TrainingView {
  readonly title: string;
  /** Of every loss: "nats per example". */
  readonly unit: string;
  readonly runs: readonly TrainingRunView[];
}

export interface TrainingRunView {
  readonly name: string;
  /** Name of the training data. */
  readonly data: string;
  readonly engine: string;
  /** "cut-off": its kernel ended before it did. */
  readonly status: "running" | "finished" | "stopped" | "early-stopped" | "failed" | "cut-off";
  /** Of the curves, as `#rrggbb`. */
  readonly colours: { readonly training: string; readonly validation: string };
  readonly train: LossCurves;
  /** Absent where the run has no validation data; empty until it was evaluated once. */
  readonly validation?: LossCurves;
  readonly progress: TrainingProgress;
  /** KL divergence of each latent dimension, in nats per example. */
  readonly klPerDimension: Numbers;
  readonly warnings: readonly { readonly kind: string; readonly step: number; readonly text: string }[];
}

/** Columns of equal length. */
export interface LossCurves {
  readonly step: Numbers;
  readonly epoch: Numbers;
  readonly loss: Numbers;
  readonly reconstruction: Numbers;
  readonly kl: Numbers;
}

export interface TrainingProgress {
  readonly step: number;
  readonly steps: number;
  /** Position in epochs, fractional within one. */
  readonly epoch: number;
  readonly epochs: number;
  readonly batchSize: number;
  readonly examplesPerSecond: number | null;
  readonly seconds: number;
  /** 0 when the run is over. */
  readonly secondsLeft: number | null;
}

/** Pictures in rows and columns, row by row; the last row may be short. */
export interface ImagesView {
  readonly title: string;
  readonly columns: number;
  readonly images: Images;
  /** What the rows show, one name per row, repeated where bands repeat: "original", "reconstruction". */
  readonly rowNames?: readonly string[];
  readonly columnNames?: readonly string[];
  /** What each picture is: "example 12, labelled 7". */
  readonly captions?: readonly string[];
  /** False where pictures belong together without a gap. Default true. */
  readonly margin?: boolean;
}

/** One point per example: its posterior mean along each axis. */
export interface LatentView {
  readonly title: string;
  readonly count: number;
  /** Latent dimensions and principal components, best first two first. */
  readonly axes: readonly LatentAxis[];
  /** Names of more axes, which the figure gives when it is asked (`axis`). */
  readonly moreAxes: readonly string[];
  /** Of each example the number of its class; the name and the colour (`#rrggbb`) of each class. */
  readonly labels?: {
    readonly names: readonly string[];
    readonly colours: readonly string[];
    readonly of: Numbers;
  };
  /** Why examples have no place on the axes that are seen: said after how many there are. */
  readonly whyMissing: string;
  readonly questions: readonly QuestionName[];
}

export interface LatentAxis {
  /** `z[3]`, or `PC 1`; with a single dimension, "posterior standard deviation" is the other axis. */
  readonly name: string;
  readonly kind: "dimension" | "component" | "deviation";
  readonly points: ScaledNumbers;
  /** KL divergence of a dimension, in nats per example. */
  readonly kl?: number;
  /** Share of the variance of the means along a component, 0 to 1. */
  readonly explained?: number;
}

/** Decoded pictures of an even grid of quantiles in two latent dimensions, from the top left. */
export interface ManifoldView {
  readonly title: string;
  /** Pictures per side. */
  readonly size: number;
  /** The two dimensions, across and down, and the value of each column and row. */
  readonly across: { readonly dimension: number; readonly values: readonly number[] };
  readonly down: { readonly dimension: number; readonly values: readonly number[] };
  /** The latent point at which the other dimensions stand. */
  readonly base: readonly number[];
  readonly images: Images;
  readonly questions: readonly QuestionName[];
}

/** One row of pictures per latent dimension, in which only that dimension moves away from `base`. */
export interface TraversalsView {
  readonly title: string;
  readonly base: readonly number[];
  /** The values that the moving dimension takes, one per column. */
  readonly values: readonly number[];
  /** The dimensions that have rows, most informative first where that is known. */
  readonly dimensions: readonly { readonly dimension: number; readonly kl?: number }[];
  readonly images: Images;
  readonly questions: readonly QuestionName[];
}

/** KL divergence of each latent dimension from the prior. */
export interface KlView {
  readonly title: string;
  readonly unit: string;
  /** One per latent dimension. */
  readonly kl: Numbers;
  /** Variance over the examples of the posterior mean, one per latent dimension. */
  readonly variance: Numbers;
  /** Dimensions whose variance is above this are active. */
  readonly threshold: number;
  readonly active: readonly number[];
  readonly total: number | null;
}

/** Where a number has a name, a unit and something to say. */
export interface Fact {
  readonly name: string;
  readonly value: string;
  readonly unit?: string;
  readonly note?: string;
}

export interface DatasetView {
  readonly title: string;
  readonly sets: readonly {
    readonly name: string;
    readonly size: number;
    readonly shape: readonly number[];
    readonly min: number | null;
    readonly max: number | null;
    /** How many values are not a number. */
    readonly nan: number;
    /** Examples of each class, in the order of `classes`. */
    readonly perClass?: readonly number[];
  }[];
  readonly classes?: readonly string[];
  readonly factors?: readonly { readonly name: string; readonly sizes: number }[];
  readonly examples: ImagesView;
}

export interface ModelView {
  readonly title: string;
  readonly layers: readonly {
    readonly part: string;
    readonly name: string;
    /** Shape of the output, without the batch. */
    readonly output: readonly number[];
    readonly weights: number;
  }[];
  readonly weights: number;
  readonly facts: readonly Fact[];
}

export interface ScoreView {
  readonly title: string;
  readonly metrics: readonly {
    readonly name: string;
    readonly value: number | null;
    readonly unit: string;
    readonly note?: string;
  }[];
  readonly kl: KlView;
}

export interface TensorView {
  readonly title: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly size: number;
  readonly min: number | null;
  readonly max: number | null;
  readonly mean: number | null;
  readonly nan: number;
  /** The first rows of the last two axes, as text; shorter than the tensor where `truncated`. */
  readonly rows: readonly (readonly string[])[];
  readonly truncated: boolean;
}

export interface TableView {
  readonly title: string;
  readonly columns: readonly { readonly name: string; readonly align: "left" | "right" }[];
  readonly rows: readonly { readonly cells: readonly string[]; readonly emphasis?: "good" | "bad" }[];
  /** A sentence under the table. */
  readonly note?: string;
}

/** A value of a person's cell as a tree that unfolds, bounded in depth and breadth. */
export interface ValueView {
  /** What it is under: a property's name, an index, a map's key. */
  readonly key?: string;
  readonly type: string;
  readonly preview: string;
  readonly children?: readonly ValueView[];
  /** How many more children there are. */
  readonly omitted?: number;
}
