import { finiteRange, numbers, type Numbers } from "./numbers";

/** Pictures of one size: bytes, rows from the top, channels of a pixel together, one picture after the other. */
export interface ImageStack {
  readonly count: number;
  readonly height: number;
  readonly width: number;
  readonly channels: 1 | 3;
  readonly pixels: Uint8Array;
}

export interface ImageShape {
  readonly height: number;
  readonly width: number;
  readonly channels: 1 | 3;
}

/**
 * How examples of this shape are drawn. `[h, w]`, `[h, w, 1]` and `[h, w, 3]` are pictures; `[n]` is a gray one if `n` is a
 * square and a coloured one if it is three squares of a side of at least 8. Anything else is a strip of `n` gray cells,
 * which still shows what differs between two examples.
 */
export function imageShape(shape: readonly number[]): ImageShape {
  const [height = 1, width = 1, channels = 1] = shape;
  if (shape.length === 2) return { height, width, channels: 1 };
  if (shape.length === 3 && (channels === 1 || channels === 3)) return { height, width, channels };
  const size = shape.reduce((product, n) => product * n, 1);
  const side = Math.round(Math.sqrt(size));
  if (shape.length === 1 && side * side === size) return { height: side, width: side, channels: 1 };
  const colourSide = Math.round(Math.sqrt(size / 3));
  if (shape.length === 1 && colourSide >= 8 && colourSide * colourSide * 3 === size) {
    return { height: colourSide, width: colourSide, channels: 3 };
  }
  return { height: 1, width: size, channels: 1 };
}

/** The shape that shows more: the data knows that 784 numbers are 28 x 28 when the model was given a flat vector. */
export function pictureShape(model: readonly number[], data?: readonly number[]): ImageShape {
  const own = imageShape(model);
  if (data === undefined) return own;
  const given = imageShape(data);
  return given.height * given.width * given.channels === own.height * own.width * own.channels ? given : own;
}

/** Which value is black and which is white. */
export interface Tones {
  readonly black: number;
  readonly white: number;
}

/**
 * Tones for values whose range nobody stated: [0, 1] for a Bernoulli likelihood and for anything that mostly lies in
 * it, else the values' own range.
 */
export function tonesOf(values: Float32Array, likelihood?: string): Tones {
  const { low, high } = finiteRange(values);
  const aboutUnit = low >= -0.5 && high <= 1.5;
  if (likelihood === "bernoulli" || aboutUnit || low === high) return { black: 0, white: 1 };
  return { black: low, white: high };
}

/** Tones of a dataset: [0, 1] for data within it, so that a dark dataset is not brightened, else its own range. */
export function tonesOfRange(range: { readonly min: number; readonly max: number }): Tones {
  const withinUnit = range.min >= 0 && range.max <= 1;
  return withinUnit || !(range.max > range.min)
    ? { black: 0, white: 1 }
    : { black: range.min, white: range.max };
}

/** Turns row-major values into bytes; values beyond black and white are clipped, NaN is black. */
export function toImages(values: Float32Array, shape: ImageShape, tones: Tones): ImageStack {
  const size = shape.height * shape.width * shape.channels;
  const pixels = new Uint8Array(values.length);
  const scale = 255 / (tones.white - tones.black);
  for (let i = 0; i < values.length; i++) {
    const level = Math.round(((values[i] ?? 0) - tones.black) * scale);
    pixels[i] = level > 0 ? Math.min(255, level) : 0;
  }
  return { ...shape, count: size === 0 ? 0 : Math.floor(values.length / size), pixels };
}

/** Some pictures of a stack, by position, in the order given. */
export function pickImages(stack: ImageStack, positions: readonly number[]): ImageStack {
  const size = stack.height * stack.width * stack.channels;
  const pixels = new Uint8Array(positions.length * size);
  positions.forEach((position, i) =>
    pixels.set(stack.pixels.subarray(position * size, (position + 1) * size), i * size),
  );
  return { ...stack, count: positions.length, pixels };
}

/** Stacks of equal picture size, one after the other. */
export function joinImages(first: ImageStack, ...rest: readonly ImageStack[]): ImageStack {
  const stacks = [first, ...rest];
  const pixels = new Uint8Array(stacks.reduce((sum, stack) => sum + stack.pixels.length, 0));
  let at = 0;
  for (const stack of stacks) {
    pixels.set(stack.pixels, at);
    at += stack.pixels.length;
  }
  return { ...first, count: stacks.reduce((sum, stack) => sum + stack.count, 0), pixels };
}

/** The stack as a view reads it. */
export function imagesData(stack: ImageStack): Omit<ImageStack, "pixels"> & { readonly pixels: Numbers } {
  const { count, height, width, channels } = stack;
  return { count, height, width, channels, pixels: numbers(stack.pixels) };
}
