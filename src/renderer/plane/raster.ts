import type { Rgb } from "../colour";
import { type Hidden, isHidden, type Points } from "./points";

/** A picture in the making: colours multiplied by their opacity, four bytes a pixel, nothing drawn yet where all are 0. */
export interface Raster {
  readonly width: number;
  readonly height: number;
  readonly bytes: Uint8Array;
}

export const raster = (width: number, height: number): Raster => ({
  width,
  height,
  bytes: new Uint8Array(width * height * 4),
});

/** Where points go: a factor and an offset for each axis, in pixels of the raster. */
export interface Placing {
  readonly scaleX: number;
  readonly offsetX: number;
  readonly scaleY: number;
  readonly offsetY: number;
}

export interface PointLook {
  readonly colours: readonly Rgb[];
  readonly hidden: Hidden;
  /** Of a point's disc, in pixels of the raster. */
  readonly radius: number;
  readonly opacity: number;
  /** 1 where a point stands out; the others are faint then. */
  readonly chosen?: Uint8Array;
  /** Draws every nth point only, while something moves. */
  readonly stride?: number;
}

/** Discs are drawn as if at one of this many places within a pixel, each way. */
const places = 4;
const faintness = 0.15;

/**
 * Draws points as small discs with smooth edges, in the order of the data, so that no class covers the others. Plain
 * arithmetic on bytes: it takes as long as painting by WebGL does where there is a graphics card, a tenth of it where
 * there is none, and it needs none of the few WebGL contexts that a page has.
 */
export function drawPoints(
  { width, height, bytes }: Raster,
  points: Points,
  placing: Placing,
  look: PointLook,
): void {
  const { x, y, classOf } = points;
  const { scaleX, offsetX, scaleY, offsetY } = placing;
  const { hidden, chosen, stride = 1 } = look;
  const discs = discsOf(look.radius);
  const bright = inks(look.colours, look.opacity);
  const faint = inks(look.colours, look.opacity * faintness);
  const reach = Math.ceil(look.radius) + 1;
  for (let i = 0; i < x.length; i += stride) {
    const px = (x[i] ?? 0) * scaleX + offsetX;
    const py = (y[i] ?? 0) * scaleY + offsetY;
    // Also false where a coordinate is not a number.
    if (!(px > -reach && py > -reach && px < width + reach && py < height + reach)) continue;
    if (isHidden(points, hidden, i)) continue;
    const [left, top] = [Math.floor(px), Math.floor(py)];
    const disc = discs[Math.floor((py - top) * places) * places + Math.floor((px - left) * places)];
    const ink = (chosen === undefined || chosen[i] === 1 ? bright : faint)[classOf?.[i] ?? 0];
    if (disc === undefined || ink === undefined) continue;
    const { dx, dy, cover } = disc;
    for (let k = 0; k < cover.length; k++) {
      const [column, row] = [left + (dx[k] ?? 0), top + (dy[k] ?? 0)];
      if (column < 0 || row < 0 || column >= width || row >= height) continue;
      const at = (row * width + column) * 4;
      const share = cover[k] ?? 0;
      const alpha = (ink.alpha * share) >> 8;
      const rest = 256 - alpha;
      bytes[at] = (ink.red * alpha + (bytes[at] ?? 0) * rest) >> 8;
      bytes[at + 1] = (ink.green * alpha + (bytes[at + 1] ?? 0) * rest) >> 8;
      bytes[at + 2] = (ink.blue * alpha + (bytes[at + 2] ?? 0) * rest) >> 8;
      bytes[at + 3] = (255 * alpha + (bytes[at + 3] ?? 0) * rest) >> 8;
    }
  }
}

/** The picture as a canvas takes it: colours no longer multiplied by their opacity. */
export function straight({ bytes }: Raster, into: Uint8ClampedArray): void {
  for (let i = 0; i < bytes.length; i += 4) {
    const alpha = bytes[i + 3] ?? 0;
    into[i + 3] = alpha;
    if (alpha === 0) continue;
    const factor = 255 / alpha;
    for (let c = 0; c < 3; c++) into[i + c] = (bytes[i + c] ?? 0) * factor;
  }
}

interface Ink {
  readonly red: number;
  readonly green: number;
  readonly blue: number;
  /** 0 to 256. */
  readonly alpha: number;
}

const inks = (colours: readonly Rgb[], opacity: number): readonly Ink[] =>
  colours.map(([red, green, blue]) => ({ red, green, blue, alpha: Math.round(opacity * 256) }));

interface Disc {
  readonly dx: Int8Array;
  readonly dy: Int8Array;
  /** How much of the pixel the disc covers, 0 to 256. */
  readonly cover: Uint16Array;
}

/** The pixels of a disc for each place of its middle within a pixel. */
function discsOf(radius: number): readonly Disc[] {
  return Array.from({ length: places * places }, (_, place) => {
    const middle = [((place % places) + 0.5) / places, (Math.floor(place / places) + 0.5) / places] as const;
    const reach = Math.ceil(radius) + 1;
    const pixels: { dx: number; dy: number; cover: number }[] = [];
    for (let dy = -reach; dy <= reach; dy++) {
      for (let dx = -reach; dx <= reach; dx++) {
        const distance = Math.hypot(dx + 0.5 - middle[0], dy + 0.5 - middle[1]);
        const cover = Math.round(256 * Math.max(0, Math.min(1, radius + 0.5 - distance)));
        if (cover > 8) pixels.push({ dx, dy, cover });
      }
    }
    return {
      dx: Int8Array.from(pixels, ({ dx }) => dx),
      dy: Int8Array.from(pixels, ({ dy }) => dy),
      cover: Uint16Array.from(pixels, ({ cover }) => cover),
    };
  });
}
