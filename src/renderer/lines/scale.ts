import type { Range } from "../ticks";

/** From the numbers of an axis to pixels: `from` is where its low end is, `to` its high end. */
export interface Scale {
  readonly range: Range;
  readonly log: boolean;
  readonly from: number;
  readonly to: number;
}

/** A factor and an offset from a number to its pixel; of its logarithm, on a logarithmic scale. */
export function placing({ range, log, from, to }: Scale): {
  readonly factor: number;
  readonly offset: number;
} {
  const [low, high] = log ? [Math.log(range[0]), Math.log(range[1])] : range;
  const factor = (to - from) / (high - low);
  return { factor, offset: from - low * factor };
}

export function pixelOf(scale: Scale, value: number): number {
  const { factor, offset } = placing(scale);
  return (scale.log ? Math.log(value) : value) * factor + offset;
}

export function valueAt(scale: Scale, pixel: number): number {
  const { factor, offset } = placing(scale);
  const value = (pixel - offset) / factor;
  return scale.log ? Math.exp(value) : value;
}

/** Of the range, on each side of what is drawn. */
const room = 0.05;
/** A range is never smaller than this share of its numbers: 32 bit floats have no finer steps to show. */
const finest = 1e-5;

/** A range with room around what it holds, and around a single number. */
export function padded([low, high]: Range, log: boolean): Range {
  if (log) {
    const ratio = Math.max(high / low, 1 + finest) ** room;
    return high > low ? [low / ratio, high * ratio] : [low / 1.5, high * 1.5];
  }
  const span = high - low;
  const least = Math.max(Math.abs(low), Math.abs(high)) * finest;
  if (span > least) return [low - room * span, high + room * span];
  const around = Math.abs(low) * 0.1 || 1;
  return span === 0 ? [low - around, high + around] : [low - least, high + least];
}

/** The part of a range that is seen after enlarging it so that what is at a pixel stays there. */
export function enlarged(scale: Scale, factor: number, pixel: number): Range {
  const towards = (end: number): number => valueAt(scale, pixel + (end - pixel) / factor);
  return [towards(scale.from), towards(scale.to)];
}
