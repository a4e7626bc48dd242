import type { Range } from "../ticks";

/** A part of the plane of the data, drawn on this many CSS pixels. */
export interface Viewport {
  readonly x: Range;
  readonly y: Range;
  readonly width: number;
  readonly height: number;
}

const span = ([low, high]: Range): number => high - low;

/** From the data to pixels from the top left, as a factor and an offset for each axis. */
export function toPixels({ x, y, width, height }: Viewport) {
  const [perX, perY] = [width / span(x), height / span(y)];
  return { scaleX: perX, offsetX: -x[0] * perX, scaleY: -perY, offsetY: y[1] * perY };
}

export function toData(view: Viewport, px: number, py: number): readonly [x: number, y: number] {
  const { scaleX, offsetX, scaleY, offsetY } = toPixels(view);
  return [(px - offsetX) / scaleX, (py - offsetY) / scaleY];
}

const around = (range: Range, width: number): Range => {
  const middle = (range[0] + range[1]) / 2;
  return [middle - width / 2, middle + width / 2];
};

/** Room around the outermost points, and around a single one. */
const padded = (range: Range): Range =>
  around(range, span(range) > 0 ? span(range) * 1.08 : Math.abs(range[0]) || 2);

/** A view that holds both ranges; with `equal`, a unit is as long to the right as upwards. */
export function fit(x: Range, y: Range, width: number, height: number, equal: boolean): Viewport {
  const [wide, tall] = [padded(x), padded(y)];
  if (!equal) return { x: wide, y: tall, width, height };
  const unit = Math.max(span(wide) / width, span(tall) / height);
  return { x: around(wide, unit * width), y: around(tall, unit * height), width, height };
}

/** The same middle and the same scale on another number of pixels. */
export function resize(view: Viewport, width: number, height: number): Viewport {
  const [x, y] = [(span(view.x) / view.width) * width, (span(view.y) / view.height) * height];
  return { x: around(view.x, x), y: around(view.y, y), width, height };
}

/** Moved by pixels, as a sheet of paper is under a finger. */
export function pan(view: Viewport, dx: number, dy: number): Viewport {
  const [x, y] = [(dx * span(view.x)) / view.width, (dy * span(view.y)) / view.height];
  return { ...view, x: [view.x[0] - x, view.x[1] - x], y: [view.y[0] + y, view.y[1] + y] };
}

/** Enlarged by a factor; what is at the pixel stays there. */
export function zoom(view: Viewport, factor: number, px: number, py: number): Viewport {
  const [x, y] = toData(view, px, py);
  const towards = ([low, high]: Range, at: number): Range => [
    at - (at - low) / factor,
    at + (high - at) / factor,
  ];
  return { ...view, x: towards(view.x, x), y: towards(view.y, y) };
}
