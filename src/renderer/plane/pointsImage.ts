import { legible, rgbOf } from "../colour";
import type { ThemeColours } from "../view";
import type { Scene } from "./picture";
import { drawPoints, type Raster } from "./raster";
import { toPixels } from "./viewport";

/** Draws the points of a scene; a pixel of the plane is `density` pixels of the raster. */
export function paintPoints(
  pixels: Raster,
  { content, view, hidden, chosen, stride }: Scene,
  { background, foreground, highContrast }: ThemeColours,
  density: number,
): void {
  const { scaleX, offsetX, scaleY, offsetY } = toPixels(view);
  const { radius, opacity } = sizeOf(content.points.x.length);
  pixels.bytes.fill(0);
  const placing = {
    scaleX: scaleX * density,
    offsetX: offsetX * density,
    scaleY: scaleY * density,
    offsetY: offsetY * density,
  };
  const look = { hidden, ...(chosen && { chosen }), stride };
  // Colours of enough contrast by themselves would be too alike: a rim gives it.
  if (highContrast && radius >= smallestWithRim)
    drawPoints(pixels, content.points, placing, {
      ...look,
      colours: content.classes.map(() => rgbOf(foreground) ?? gray),
      radius: (radius + 1) * density,
      opacity: 1,
    });
  drawPoints(pixels, content.points, placing, {
    ...look,
    colours: content.classes.map(({ colour }) => rgbOf(legible(colour, background, leastContrast)) ?? gray),
    radius: radius * density,
    opacity: highContrast ? 1 : opacity,
  });
}

/** Radius in CSS pixels and opacity: many points are small and let others shine through. */
function sizeOf(count: number): { readonly radius: number; readonly opacity: number } {
  if (count <= 4_000) return { radius: 3, opacity: 0.8 };
  if (count <= 20_000) return { radius: 2, opacity: 0.7 };
  return count <= 200_000 ? { radius: 1.4, opacity: 0.6 } : { radius: 0.9, opacity: 0.4 };
}

/** Of a class's colour with the background: more would bring the palest classes too close to others. */
const leastContrast = 1.8;
/** Below this many pixels of radius there is no room for a rim. */
const smallestWithRim = 2;
const gray = [128, 128, 128] as const;
