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
  /** Smallest and largest value of the examples, and whether a value is not a number; computed once, then kept. */
  readonly range: { readonly min: number; readonly max: number; readonly nan: number };
  /** One class per example, if known. */
  readonly labels?: { readonly of: (example: number) => number; readonly names: readonly string[] };
  /** Ground-truth factors (sprites), one named list per factor, if known. */
  readonly factors?: Readonly<Record<string, { readonly of: (example: number) => number; readonly sizes: number }>>;
  /**
   * Writes the examples with these positions into `into`, one after the other, as float32. `draw` numbers the pass, so
   * that dynamic binarization and augmentation draw anew, reproducibly, each time.
   */
  read(examples: ArrayLike<number>, into: Float32Array, draw?: number): void;

  take(count: number): Dataset;
  filter(keep: (example: { readonly index: number; readonly label?: number }) => boolean): Dataset;
  /** The same examples as flat vectors. */
  flatten(): Dataset;
  reshape(shape: readonly number[]): Dataset;
  shuffle(seed?: number): Dataset;
  split(fraction: number): readonly [Dataset, Dataset];
  binarize(how?: "static" | "dynamic" | { readonly threshold: number }): Dataset;
  augment(change: (example: Float32Array, random: () => number) => void): Dataset;
}

/** What `data.digits` and its like return: two datasets that share shape and labels. Displayed as a grid of examples. */
export interface TrainTest {
  readonly shape: readonly number[];
  readonly train: Dataset;
  readonly test: Dataset;
  flatten(): TrainTest;
}
