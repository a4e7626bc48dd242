import type { Line } from "./pen";

export interface Pen {
  /** Half the width of a line at pressure 1, in pixels. */
  readonly radius: number;
  /** Over how many pixels the edge fades. */
  readonly softness: number;
}

/** Where a line's points fall on an image: `pixel = scale * (point - origin) + middle`. */
export interface Placement {
  readonly scale: number;
  readonly origin: readonly [x: number, y: number];
}

/**
 * Draws lines into a square image of bytes, white on black, anti-aliased: a pixel's ink is how far its centre lies
 * within the pen's edge. Where lines cross, the stronger ink stays. The placement's origin falls on the image's middle.
 */
export function drawLines(
  lines: readonly Line[],
  { radius, softness }: Pen,
  { scale, origin }: Placement,
  image: Uint8Array,
  size: number,
): void {
  // The centre of pixel 0 is at 0.5; with the half taken off here, pixel numbers are coordinates.
  const shiftX = size / 2 - 0.5 - scale * origin[0];
  const shiftY = size / 2 - 0.5 - scale * origin[1];
  const perPixel = 255 / softness;
  for (const line of lines) {
    for (let index = 1; index < line.length; index++) {
      const from = line[index - 1];
      const to = line[index];
      if (!from || !to) continue;
      const fromX = scale * from.x + shiftX;
      const fromY = scale * from.y + shiftY;
      const dx = scale * to.x + shiftX - fromX;
      const dy = scale * to.y + shiftY - fromY;
      const perSquare = 1 / (dx * dx + dy * dy || 1e-12);
      const edge = radius * from.pressure + softness / 2;
      const change = radius * (to.pressure - from.pressure);
      const reach = edge + Math.max(0, change);
      const firstRow = Math.max(0, Math.ceil(fromY + Math.min(0, dy) - reach));
      const lastRow = Math.min(size - 1, Math.floor(fromY + Math.max(0, dy) + reach));
      const firstColumn = Math.max(0, Math.ceil(fromX + Math.min(0, dx) - reach));
      const lastColumn = Math.min(size - 1, Math.floor(fromX + Math.max(0, dx) + reach));
      for (let row = firstRow; row <= lastRow; row++) {
        const y = row - fromY;
        for (let column = firstColumn; column <= lastColumn; column++) {
          const x = column - fromX;
          let along = (x * dx + y * dy) * perSquare;
          along = along < 0 ? 0 : along > 1 ? 1 : along;
          const awayX = x - along * dx;
          const awayY = y - along * dy;
          const away = awayX * awayX + awayY * awayY;
          if (away >= reach * reach) continue;
          const ink = (edge + along * change - Math.sqrt(away)) * perPixel;
          const pixel = row * size + column;
          const before = image[pixel] ?? 0;
          if (ink > before) image[pixel] = ink > 255 ? 255 : ink;
        }
      }
    }
  }
}
