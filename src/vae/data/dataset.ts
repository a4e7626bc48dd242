/**
 * Labelled examples in memory. Pixels stay in the bytes that they came in (60,000 images of 28 x 28 cost 47 MB, once);
 * views (`take`, `filter`, `flatten`, `shuffle`, splits) share them and hold only indices or a new shape.
 */
export interface Dataset {
  /** For titles and messages: "digits train". */
  readonly name: string;
  /** Number of examples. */
  readonly size: number;
  /** Shape of one example, without the batch: `[28, 28, 1]` or `[784]`. */
  readonly shape: readonly number[];
  /** Number of values of one example. */
  readonly valuesPerExample: number;
  /** Smallest and largest value of the examples, and how many values are not a number; computed once, then kept. */
  readonly range: ValueRange;
  /** One class per example, if known: an index into `names`. */
  readonly labels?: Labels;
  /** Ground-truth factors (sprites), one named list per factor, if known. */
  readonly factors?: Readonly<Record<string, Factor>>;
  /**
   * Writes the examples with these positions into `into`, one after the other, as float32. `draw` numbers the pass, so
   * that dynamic binarization and augmentation draw anew, reproducibly, each time.
   * @throws RangeError if a position is outside `0 .. size - 1`, or `into` is too short.
   */
  read(examples: ArrayLike<number>, into: Float32Array, draw?: number): void;

  /** The first `count` examples. Where there are fewer, all of them, and a warning says so. */
  take(count: number): Dataset;
  /** The examples for which `keep` answers true. */
  filter(keep: (example: { readonly index: number; readonly label?: number }) => boolean): Dataset;
  /** The same examples as flat vectors. */
  flatten(): Dataset;
  /** The same values in another shape with as many values. */
  reshape(shape: readonly number[]): Dataset;
  /** The same examples in an order that depends on the seed only (by default the session's). */
  shuffle(seed?: number): Dataset;
  /** The first `fraction` of the examples, and the rest. Shuffle before, if the order means something. */
  split(fraction: number): readonly [Dataset, Dataset];
  /** Every value times `factor`: `scale(1 / 255)` brings bytes into [0, 1]. */
  scale(factor: number): Dataset;
  /**
   * Values in [0, 1] turned into 0 and 1. "static" draws each pixel once, with its value as the probability of a 1
   * (Salakhutdinov and Murray 2008); "dynamic" draws it anew on each pass; a threshold compares.
   */
  binarize(how?: "static" | "dynamic" | { readonly threshold: number }): Dataset;
  /**
   * Changes each example as it is read, anew on each pass: in place, or by returning as many values in a Float32Array.
   * `random` gives numbers in [0, 1) from the seed.
   */
  augment(change: (example: Float32Array, random: () => number) => void): Dataset;
  /**
   * The examples in order, `size` at a time; the last batch may be smaller. Each batch is a new array, yours to keep.
   * Between epochs, `shuffle` with another seed, and number the pass with `draw`.
   */
  batches(size: number, options?: { readonly draw?: number }): Iterable<Batch>;
}

export interface ValueRange {
  readonly min: number;
  readonly max: number;
  /** How many values are not a number. */
  readonly nan: number;
}

export interface Labels {
  readonly of: (example: number) => number;
  readonly names: readonly string[];
}

export interface Factor {
  /** Which of its values the factor has in this example: `0 .. sizes - 1`. */
  readonly of: (example: number) => number;
  /** How many values the factor takes. */
  readonly sizes: number;
}

/** Some examples, read: `values` is row-major `[...shape]`, and `shape` starts with the number of examples. */
export interface Batch {
  readonly values: Float32Array;
  readonly shape: readonly number[];
  readonly labels?: Int32Array;
}

/** What `data.digits` and its like return: two datasets that share shape and labels. Displayed as a grid of examples. */
export interface TrainTest {
  readonly shape: readonly number[];
  readonly train: Dataset;
  readonly test: Dataset;
  flatten(): TrainTest;
}
