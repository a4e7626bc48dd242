import type { Range } from "../ticks";
import type { Frame, PanelFrame, Zoom } from "./frame";
import type { Outline } from "./picture";
import { pixelOf, type Scale, valueAt } from "./scale";

/** The panel that a pixel of the chart is in, or below whose axis it is. */
export const panelAt = ({ panels }: Frame, x: number, y: number): PanelFrame | undefined =>
  panels.find(
    ({ left, top, width, height }) => x >= left && x <= left + width && y >= top && y <= top + height + below,
  );

/** Numbers of the axis and its title. */
const below = 36;
/** A box that is flatter or narrower than this enlarges in one direction. */
const thickness = 12;

/** What a box from one pixel of the chart to another would enlarge. */
export interface Drawn {
  readonly outline: Outline;
  readonly x: Range | undefined;
  readonly y: { readonly panel: number; readonly range: Range } | undefined;
}

export function outlineOf(
  frame: Frame,
  start: readonly [number, number],
  end: readonly [number, number],
): Drawn | undefined {
  const panel = panelAt(frame, ...start);
  if (panel === undefined) return undefined;
  const { left, top, width, height, across, up } = panel;
  const isTall = Math.abs(end[1] - start[1]) >= thickness && up !== undefined;
  const isWide = Math.abs(end[0] - start[0]) >= thickness || !isTall;
  const [x0, x1] = isWide ? between(start[0] - left, end[0] - left, width) : [0, width];
  const [y0, y1] = isTall ? between(start[1] - top, end[1] - top, height) : [0, height];
  return {
    outline: { left: left + x0, top: top + y0, width: x1 - x0, height: y1 - y0 },
    x: isWide && x1 > x0 ? [valueAt(across, x0), valueAt(across, x1)] : undefined,
    y:
      isTall && y1 > y0
        ? { panel: frame.panels.indexOf(panel), range: [valueAt(up, y1), valueAt(up, y0)] }
        : undefined,
  };
}

const between = (a: number, b: number, most: number): readonly [number, number] => [
  Math.max(0, Math.min(a, b)),
  Math.min(most, Math.max(a, b)),
];

/** A view that holds what was outlined. Other panels show again what is usual of the new part. */
export function enlargedTo({ x, y }: Zoom, drawn: Drawn): Zoom {
  const across = drawn.x ?? x;
  const kept = drawn.x === undefined ? y : [];
  return {
    ...(across && { x: across }),
    y: new Map([...kept, ...(drawn.y ? [[drawn.y.panel, drawn.y.range] as const] : [])]),
  };
}

/** Moved to the right by pixels, as a sheet of paper under a finger is to the left. */
export function moved(zoom: Zoom, across: Scale, pixels: number): Zoom {
  const by = (value: number): number => valueAt(across, pixelOf(across, value) + pixels);
  return { ...zoom, x: [by(across.range[0]), by(across.range[1])] };
}

/** Not less than a few places are seen, and no more than there are: all of them is no enlargement. */
export function limited({ x, y }: Zoom, whole: Range): Zoom {
  if (x === undefined) return { y };
  const [span, most] = [x[1] - x[0], whole[1] - whole[0]];
  if (!(span < most)) return { y };
  const half = Math.max(span, Math.min(fewest, most)) / 2;
  const middle = Math.max(whole[0] + half, Math.min(whole[1] - half, (x[0] + x[1]) / 2));
  return { x: [middle - half, middle + half], y };
}

const fewest = 2;
