import { written } from "../options";
import type { Factor, Labels, ValueRange } from "./dataset";

/** Where examples live: one array for all of them, row-major. Every view of a dataset points to the same one. */
export interface Source {
  readonly name: string;
  readonly size: number;
  readonly shape: readonly number[];
  /** Bytes stay bytes; what is not bytes is float32. */
  readonly values: Uint8Array | Float32Array;
  /** A reader gets `value / divisor`: 255 for pixels. */
  readonly divisor: number;
  readonly labels?: Labels;
  readonly factors?: Readonly<Record<string, Factor>>;
}

export const product = (shape: readonly number[]): number =>
  shape.reduce((total, length) => total * length, 1);

/** `28 x 28 x 1`. */
export const shapeText = (shape: readonly number[]): string => shape.join(" x ");

/**
 * Checks that the values are as many as size and shape say, and that the labels fit; then the source is trusted.
 * @throws Error that names the source and the numbers that do not fit.
 */
export function checkedSource(source: Source): Source {
  const { name, size, shape, values } = source;
  if (size < 1) throw new Error(`${name} has no examples: a dataset needs at least one.`);
  checkShape(name, shape);
  if (values.length !== size * product(shape)) {
    throw new Error(
      `${name}: ${size} examples of ${shapeText(shape)} are ${size * product(shape)} values, ` +
        `but there are ${values.length}.`,
    );
  }
  return source;
}

/** @throws Error if a length of the shape is not a positive integer. */
export function checkShape(name: string, shape: readonly number[]): void {
  const lengths: readonly unknown[] = Array.isArray(shape) ? shape : [];
  if (lengths.length === 0 || !lengths.every((length) => Number.isInteger(length) && Number(length) > 0)) {
    throw new Error(
      `${name}: a shape is a list of positive whole numbers such as [28, 28, 1], not ${Array.isArray(shape) ? `[${lengths.join(", ")}]` : written(shape)}.`,
    );
  }
}

/** @throws RangeError if a number of examples to make is not a positive whole number. */
export function requireCount(name: string, count: number): void {
  if (Number.isInteger(count) && count > 0) return;
  throw new RangeError(`${name}: ${count} examples are asked for; ask for a whole number, at least 1.`);
}

/** Labels from a list of class numbers; without names, a class is called by its number. */
export function labelsFrom(
  name: string,
  size: number,
  codes: ArrayLike<number>,
  names?: readonly string[],
): Labels {
  if (codes.length !== size) {
    throw new Error(
      `${name}: there are ${size} examples but ${codes.length} labels. Give one label per example.`,
    );
  }
  let largest = -1;
  for (let example = 0; example < size; example++) {
    const code = codes[example];
    if (code === undefined || !Number.isInteger(code) || code < 0 || code > 0xffff) {
      throw new Error(`${name}: label ${example} is ${code}; a label is a class number between 0 and 65535.`);
    }
    largest = Math.max(largest, code);
  }
  if (names && largest >= names.length) {
    throw new Error(
      `${name}: a label is ${largest}, but there are ${names.length} class names (0 to ${names.length - 1}).`,
    );
  }
  const kept = largest < 256 ? Uint8Array.from(codes) : Uint16Array.from(codes);
  return {
    of: (example) => kept[example] ?? 0,
    names: names ?? Array.from({ length: largest + 1 }, (_, code) => String(code)),
  };
}

/** The range of a stretch of values, before any change. */
export function rangeOf(
  values: Uint8Array | Float32Array,
  start: number,
  end: number,
  soFar: ValueRange,
): ValueRange {
  let { min, max, nan } = soFar;
  for (let index = start; index < end; index++) {
    const value = values[index] ?? 0;
    if (value < min) min = value;
    if (value > max) max = value;
    if (value !== value) nan++;
  }
  return { min, max, nan };
}

export const emptyRange: ValueRange = { min: Infinity, max: -Infinity, nan: 0 };
