import { datasetFigure } from "../figures/dataset";
import { counted } from "../figures/format";
import { display, type Displayable, type MimeBundle } from "../host";
import { stream } from "../random";
import { sessionSeed } from "../random/seed";
import { explainOtherNames } from "../otherNames";
import { requireOptions, written } from "../options";
import { augmenting, bernoulli, scaling, thresholding, type Change } from "./change";
import type { Batch, Dataset, Factor, Labels, ValueRange } from "./dataset";
import { describe } from "./describe";
import { checkShape, checkedSource, emptyRange, product, rangeOf, shapeText, type Source } from "./source";

interface ViewState {
  readonly name: string;
  readonly size: number;
  readonly shape: readonly number[];
  /** Place in the source of each example; absent where it is the same place. */
  readonly positions?: Uint32Array;
  readonly changes: readonly Change[];
}

function requireThreshold(threshold: unknown): void {
  if (typeof threshold === "number" && Number.isFinite(threshold)) return;
  throw new TypeError(
    `binarize needs a threshold that is a number, such as { threshold: 0.5 }, but it is ${written(threshold)}.`,
  );
}

const inspect = Symbol.for("nodejs.util.inspect.custom");

/** The dataset of all examples of a source. */
export const datasetOf = (source: Source): View =>
  new View(checkedSource(source), { name: source.name, size: source.size, shape: source.shape, changes: [] });

/** Some examples of a source, in some order and shape, read through some changes. */
export class View implements Dataset, Displayable {
  readonly name: string;
  readonly size: number;
  readonly shape: readonly number[];
  readonly valuesPerExample: number;
  readonly labels?: Labels;
  readonly factors?: Readonly<Record<string, Factor>>;
  readonly #source: Source;
  readonly #state: ViewState;
  #range: ValueRange | undefined;
  #ofByte: Float32Array | undefined;
  #copied = new Uint8Array(0);

  constructor(source: Source, state: ViewState) {
    this.#source = source;
    this.#state = state;
    this.name = state.name;
    this.size = state.size;
    this.shape = state.shape;
    this.valuesPerExample = product(state.shape);
    const { labels, factors } = source;
    if (labels) this.labels = { names: labels.names, of: (example) => labels.of(this.#position(example)) };
    if (factors) {
      this.factors = Object.fromEntries(
        Object.entries(factors).map(([name, { of, sizes }]) => [
          name,
          { sizes, of: (example: number) => of(this.#position(example)) },
        ]),
      );
    }
  }

  get range(): ValueRange {
    return (this.#range ??= this.#findRange());
  }

  read(examples: ArrayLike<number>, into: Float32Array, draw = 0): void {
    const count = this.valuesPerExample;
    const { values, divisor } = this.#source;
    const ofByte = values instanceof Uint8Array ? this.#bytesAsRead() : undefined;
    if (into.length < examples.length * count) {
      throw new RangeError(
        `${examples.length} examples of ${this.name} are ${examples.length * count} values, ` +
          `but the array to read into holds ${into.length}.`,
      );
    }
    if (ofByte && values instanceof Uint8Array) {
      this.#readBytes(values, ofByte, examples, into);
      return;
    }
    const { changes } = this.#state;
    for (let nth = 0; nth < examples.length; nth++) {
      const position = this.#position(examples[nth] ?? -1);
      const from = position * count;
      const to = nth * count;
      for (let index = 0; index < count; index++) into[to + index] = (values[from + index] ?? 0) / divisor;
      if (changes.length > 0) {
        const example = into.subarray(to, to + count);
        for (const change of changes) change.apply(example, position, draw);
      }
    }
  }

  take(count: number): View {
    if (!Number.isInteger(count) || count < 1) {
      throw new RangeError(
        `take(${count}): take a whole number of examples, at least 1, of the ${this.size} of ${this.name}.`,
      );
    }
    if (count > this.size)
      console.warn(
        `take(${count}): ${this.name} has only ${counted(this.size, "example")}; all of them are taken.`,
      );
    if (count >= this.size) return this;
    return this.#select(`${this.name}, first ${count}`, count, this.#state.positions?.subarray(0, count));
  }

  filter(keep: (example: { readonly index: number; readonly label?: number }) => boolean): View {
    const kept: number[] = [];
    for (let index = 0; index < this.size; index++) {
      const example = this.labels ? { index, label: this.labels.of(index) } : { index };
      if (keep(example)) kept.push(this.#position(index));
    }
    if (kept.length === 0) {
      const classes = this.labels
        ? `; its labels are ${this.labels.names.map((_, code) => code).join(", ")}`
        : "";
      throw new Error(
        `The filter keeps none of the ${this.size} examples of ${this.name}${classes}. Its function is given one { index, label } at a time: filter(({ label }) => label === 3).`,
      );
    }
    return this.#select(`${this.name}, filtered`, kept.length, Uint32Array.from(kept));
  }

  flatten(): View {
    return this.reshape([this.valuesPerExample]);
  }

  reshape(shape: readonly number[]): View {
    checkShape(this.name, shape);
    if (product(shape) !== this.valuesPerExample) {
      throw new Error(
        `reshape: an example of ${this.name} has ${this.valuesPerExample} values (${shapeText(this.shape)}), ` +
          `and ${shapeText(shape)} would need ${product(shape)}.`,
      );
    }
    return new View(this.#source, { ...this.#state, shape: [...shape] });
  }

  shuffle(seed = sessionSeed()): View {
    const order = stream(seed, "shuffle").permutation(this.size, 0);
    return this.#select(
      this.name,
      this.size,
      order.map((example) => this.#position(example)),
    );
  }

  split(fraction: number): readonly [View, View] {
    const first = Math.round(this.size * fraction);
    if (!(first >= 1 && first < this.size)) {
      throw new RangeError(
        `split(${fraction}) of the ${this.size} examples of ${this.name} leaves one side empty. ` +
          `Give a fraction between 0 and 1, such as 0.8.`,
      );
    }
    const rest = Uint32Array.from({ length: this.size - first }, (_, index) => this.#position(first + index));
    return [this.take(first), this.#select(`${this.name}, last ${rest.length}`, rest.length, rest)];
  }

  scale(factor: number): View {
    if (!Number.isFinite(factor))
      throw new RangeError(`scale(${factor}): the factor must be a finite number.`);
    return this.#changed(scaling(factor));
  }

  binarize(how: "static" | "dynamic" | { readonly threshold: number } = "static"): View {
    if (typeof how === "object") {
      requireOptions("binarize", how, { threshold: true });
      requireThreshold(how.threshold);
      return this.#changed(thresholding(how.threshold));
    }
    if (how !== "static" && how !== "dynamic")
      throw new TypeError(
        `binarize takes "static", "dynamic" or a threshold such as { threshold: 0.5 }, but was given ${written(how)}.`,
      );
    const { min, max, nan } = this.range;
    if (min < 0 || max > 1 || nan > 0) {
      throw new Error(
        `binarize needs values in [0, 1], but ${this.name} has values from ${min} to ${max}` +
          `${nan > 0 ? ` and ${nan} that are not a number` : ""}. ` +
          `Scale it first, for example with .scale(1 / ${max}), or binarize({ threshold: ${(min + max) / 2} }).`,
      );
    }
    return this.#changed(bernoulli(sessionSeed(), this.#purpose("binarize"), how === "dynamic"));
  }

  augment(change: (example: Float32Array, random: () => number) => void): View {
    return this.#changed(augmenting(sessionSeed(), this.#purpose("augment"), change));
  }

  *batches(size: number, options: { readonly draw?: number } = {}): Generator<Batch> {
    requireOptions("batches", options, { draw: true });
    const { draw = 0 } = options;
    if (!Number.isInteger(size) || size < 1)
      throw new RangeError(`batches(${size}): a batch has at least 1 example.`);
    for (let start = 0; start < this.size; start += size) {
      const examples = Uint32Array.from(
        { length: Math.min(size, this.size - start) },
        (_, nth) => start + nth,
      );
      const values = new Float32Array(examples.length * this.valuesPerExample);
      this.read(examples, values, draw);
      const shape = [examples.length, ...this.shape];
      const { labels } = this;
      yield labels ? { values, shape, labels: Int32Array.from(examples, labels.of) } : { values, shape };
    }
  }

  [display](): MimeBundle {
    return datasetFigure(this)[display]();
  }

  /** What `console.log` prints. */
  [inspect](): string {
    return describe(this);
  }

  /** What each byte is read as, where that is all that matters: one look per pixel instead of a division and changes. */
  #bytesAsRead(): Float32Array | undefined {
    const { changes } = this.#state;
    if (!changes.every(({ pointwise }) => pointwise)) return undefined;
    if (!this.#ofByte) {
      const { divisor } = this.#source;
      this.#ofByte = Float32Array.from({ length: 256 }, (_, byte) => byte / divisor);
      for (const change of changes) change.apply(this.#ofByte, 0, 0);
    }
    return this.#ofByte;
  }

  /** Copies the bytes of examples next to each other before they are looked up: half the time of one look-up per example. */
  #readBytes(bytes: Uint8Array, ofByte: Float32Array, examples: ArrayLike<number>, into: Float32Array): void {
    const count = this.valuesPerExample;
    const together = Math.max(1, Math.floor(copiedAtOnce / count));
    for (let start = 0; start < examples.length; start += together) {
      const end = Math.min(start + together, examples.length);
      if (this.#copied.length < (end - start) * count) this.#copied = new Uint8Array((end - start) * count);
      for (let nth = start; nth < end; nth++) {
        const from = this.#position(examples[nth] ?? -1) * count;
        this.#copied.set(bytes.subarray(from, from + count), (nth - start) * count);
      }
      look(this.#copied, (end - start) * count, ofByte, into.subarray(start * count));
    }
  }

  /** Place in the source. */
  #position(example: number): number {
    if (example >>> 0 !== example || example >= this.size) {
      throw new RangeError(
        `Example ${example} of ${this.name} does not exist: it has ${this.size}, from 0 to ${this.size - 1}.`,
      );
    }
    return this.#state.positions?.[example] ?? example;
  }

  #select(name: string, size: number, positions: Uint32Array | undefined): View {
    const { positions: _, ...state } = this.#state;
    return new View(this.#source, { ...state, name, size, ...(positions && { positions }) });
  }

  #changed(change: Change): View {
    return new View(this.#source, { ...this.#state, changes: [...this.#state.changes, change] });
  }

  /** Streams of different datasets, and of changes that follow each other, are different. */
  #purpose(change: string): string {
    return `${this.#source.name}/${this.#state.changes.length}/${change}`;
  }

  #findRange(): ValueRange {
    const { values, divisor } = this.#source;
    const { changes } = this.#state;
    const count = this.valuesPerExample;
    let range = emptyRange;
    if (changes.every((change) => "range" in change)) {
      for (let example = 0; example < this.size; example++) {
        const start = this.#position(example) * count;
        range = rangeOf(values, start, start + count, range);
      }
      range = { ...range, min: Math.fround(range.min / divisor), max: Math.fround(range.max / divisor) };
      return changes.reduce((before, change) => change.range?.(before) ?? before, range);
    }
    for (const { values: batch } of this.batches(256)) range = rangeOf(batch, 0, batch.length, range);
    return range;
  }
}

explainOtherNames(View.prototype, "A dataset has", {
  0: "dataset.take(1) is its first example, dataset.filter(({ index }) => index === 7) its eighth; in a cell's last line they are drawn.",
  map: "augment((example, random) => ...) changes each example as it is read; scale(factor) multiplies all values.",
  forEach: "for (const { values } of dataset.batches(100)) ... goes through it.",
  batch: "dataset.batches(size) gives its examples in batches; fit makes its own, of { batchSize }.",
  slice: "dataset.take(count) gives the first examples, dataset.filter(({ index }) => ...) any.",
  length: "dataset.size is how many examples it has.",
  standardize:
    "Standardise the numbers before data.fromArray, or dataset.augment((example) => ...) as they are read.",
  head: "dataset.take(count) gives the first examples.",
  normalize: "dataset.scale(1 / 255) brings bytes into [0, 1].",
  sample: "dataset.shuffle(seed).take(count) gives some examples at random.",
});

/** As many bytes as stay near the processor until they have been looked up. */
const copiedAtOnce = 2 ** 17;

/** A function of its own, so that the types of its arrays never vary; four at a time, which halves its time. */
function look(bytes: Uint8Array, count: number, ofByte: Float32Array, into: Float32Array): void {
  const value = (index: number): number => ofByte[bytes[index] ?? 0] ?? 0;
  let index = 0;
  for (; index + 4 <= count; index += 4) {
    into[index] = value(index);
    into[index + 1] = value(index + 1);
    into[index + 2] = value(index + 2);
    into[index + 3] = value(index + 3);
  }
  for (; index < count; index++) into[index] = value(index);
}
