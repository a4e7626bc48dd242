import type { TypedNumbers } from "../numbers";
import type { LineChartContent } from "./content";
import type { Frame, PanelFrame } from "./frame";
import { pixelOf, valueAt } from "./scale";
import { lastUpTo } from "./search";

type Spot = readonly [x: number, y: number];
type Size = readonly [width: number, height: number];

/** Pixels between the pointer and the box. */
const fromPointer = 14;
/** Pixels between two looks at a line. */
const stride = 6;

/** Where the lines of a chart are, every few pixels, in pixels of the chart. */
export function spotsOf({ lines }: LineChartContent, { panels }: Frame): readonly Spot[] {
  return panels.flatMap(({ left, top, width, across, up }, p) => {
    if (up === undefined) return [];
    const spots: Spot[] = [];
    for (const { x, ys } of lines) {
      const y: TypedNumbers = ys[p] ?? x;
      for (let at = 0; at <= width; at += stride) {
        const value = y[lastUpTo(x, valueAt(across, at))];
        const pixel = value === undefined ? NaN : pixelOf(up, value);
        if (Number.isFinite(pixel)) spots.push([left + at, top + pixel]);
      }
    }
    return spots;
  });
}

/**
 * Where a box of words about the pointer goes: beside it, to the left in the right half of the chart, at that end of the
 * panel where it covers less of the lines. In a chart too narrow for that, it goes under the panel, or above the last.
 */
export function boxPlace(
  [x, y]: Spot,
  [wide, tall]: Size,
  { left, top, width, height }: PanelFrame,
  within: Size,
  spots: readonly Spot[],
): Spot {
  const [toLeft, toRight] = [x - fromPointer - wide, x + fromPointer];
  const sides = x > within[0] / 2 ? [toLeft, toRight] : [toRight, toLeft];
  const side = sides.find((at) => at >= 0 && at + wide <= within[0]);
  const inside = (at: number): number => Math.max(0, Math.min(at, within[1] - tall));
  if (side === undefined) {
    const under = top + height + fromPointer;
    const across = Math.max(0, Math.min(left + width / 2 - wide / 2, within[0] - wide));
    return [across, under + tall <= within[1] ? under : inside(Math.min(top, y) - tall - fromPointer)];
  }
  const ends = [top, top + height - tall].map(inside);
  const covered = ends.map(
    (end) =>
      spots.filter(([px, py]) => px >= side && px <= side + wide && py >= end && py <= end + tall).length,
  );
  const [above = 0, below = above] = ends;
  return [side, (covered[1] ?? 0) < (covered[0] ?? 0) ? below : above];
}
