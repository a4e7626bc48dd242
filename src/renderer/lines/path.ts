import type { TypedNumbers } from "../numbers";
import { placing, type Scale } from "./scale";
import { lastUpTo } from "./search";

/** Numbers over other numbers that rise. What is not finite is a gap, and so is what a logarithmic scale has no place for. */
export interface Series {
  readonly x: TypedNumbers;
  readonly y: TypedNumbers;
}

const hasPlace = (value: number, log: boolean): boolean => value > (log ? 0 : -Infinity) && value < Infinity;

/**
 * The points that draw the same line as all of them: of those in one column of pixels the first, the lowest, the highest
 * and the last (U. Jugel et al., "M4: a visualization-oriented time series data aggregation", VLDB 2014), and one of each
 * gap. Outside of what is seen there is one on either side, which the line comes from and goes to.
 */
export function thinned({ x, y }: Series, across: Scale, log: boolean): Uint32Array {
  const { factor, offset } = placing(across);
  const first = Math.max(0, lastUpTo(x, across.range[0]));
  const end = Math.min(x.length, lastUpTo(x, across.range[1]) + 2);
  const kept = new Uint32Array(Math.max(0, end - first));
  let count = 0;
  const keep = (point: number): void => {
    if (count === 0 || (kept[count - 1] ?? 0) < point) kept[count++] = point;
  };
  let column = NaN;
  let [begin, low, high, last] = [0, 0, 0, 0];
  let [lowest, highest] = [0, 0];
  let inGap = true;
  const finish = (): void => {
    if (inGap) return;
    keep(begin);
    keep(Math.min(low, high));
    keep(Math.max(low, high));
    keep(last);
  };
  for (let i = first; i < end; i++) {
    const value = y[i] ?? NaN;
    if (!hasPlace(value, log)) {
      if (inGap) continue;
      finish();
      keep(i);
      inGap = true;
      column = NaN;
      continue;
    }
    const at = Math.floor((x[i] ?? 0) * factor + offset);
    if (at !== column) {
      finish();
      column = at;
      begin = low = high = last = i;
      lowest = highest = value;
      inGap = false;
      continue;
    }
    last = i;
    if (value < lowest) [low, lowest] = [i, value];
    if (value > highest) [high, highest] = [i, value];
  }
  finish();
  return kept.subarray(0, count);
}

/** The line through these points, as an SVG path; a point between two gaps is a dot. */
export function linePath(series: Series, points: Uint32Array, across: Scale, up: Scale): string {
  let path = "";
  let length = 0;
  walk(series, points, across, up, (place) => {
    if (place === undefined) {
      if (length === 1) path += "h0";
      length = 0;
    } else {
      path += `${length === 0 ? "M" : "L"}${place}`;
      length++;
    }
  });
  return length === 1 ? `${path}h0` : path;
}

/** A dot at each of these points: drawn with round ends, each is as wide as the stroke. */
export function dotsPath(series: Series, points: Uint32Array, across: Scale, up: Scale): string {
  let path = "";
  walk(series, points, across, up, (place) => {
    if (place !== undefined) path += `M${place}h0`;
  });
  return path;
}

/** Tells the place of each point, in tenths of a pixel, and undefined for a gap. */
function walk(
  { x, y }: Series,
  points: Uint32Array,
  across: Scale,
  up: Scale,
  tell: (place: string | undefined) => void,
): void {
  const [right, upwards] = [placing(across), placing(up)];
  for (const i of points) {
    const value = y[i] ?? NaN;
    if (!hasPlace(value, up.log)) {
      tell(undefined);
      continue;
    }
    const px = (x[i] ?? 0) * right.factor + right.offset;
    const py = (up.log ? Math.log(value) : value) * upwards.factor + upwards.offset;
    tell(`${tenths(px)} ${tenths(py)}`);
  }
}

const tenths = (pixels: number): number => Math.round(pixels * 10) / 10;

/** The smallest and the largest number that is drawn over a part of x; undefined where there is none. */
export function rangeOver(
  all: readonly Series[],
  [left, right]: readonly [number, number],
  log: boolean,
): readonly [low: number, high: number] | undefined {
  let [low, high] = [Infinity, -Infinity];
  for (const { x, y } of all) {
    const end = lastUpTo(x, right);
    for (let i = Math.max(0, lastUpTo(x, left)); i <= end; i++) {
      const value = y[i] ?? NaN;
      if ((x[i] ?? NaN) < left || !hasPlace(value, log)) continue;
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  return low <= high ? [low, high] : undefined;
}
