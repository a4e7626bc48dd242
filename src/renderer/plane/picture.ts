import { legible, rgbOf } from "../colour";
import { element, svg } from "../elements";
import type { Range } from "../ticks";
import type { Theme } from "../view";
import { axes, type AxisTitles, margins } from "./axes";
import { apart } from "./nameTags";
import type { Hidden, Points } from "./points";
import { drawPoints, type Raster, raster, straight } from "./raster";
import { toPixels, type Viewport } from "./viewport";

export type Place = readonly [x: number, y: number];

export interface PlaneContent {
  readonly points: Points;
  readonly x: Range;
  readonly y: Range;
  readonly titles: AxisTitles;
  /** A unit is as long to the right as upwards. */
  readonly equal: boolean;
  readonly classes: readonly { readonly name: string; readonly colour: string }[];
  /** For screen readers. */
  readonly description: string;
}

/** What of the points is to be seen, and how. */
export interface Scene {
  readonly content: PlaneContent;
  readonly view: Viewport;
  readonly hidden: Hidden;
  /** 1 where a point is selected. */
  readonly chosen: Uint8Array | undefined;
  /** Draws every nth point only. */
  readonly stride: number;
}

/** What lies above the points, in the units of the data; the outline in pixels of the plane. */
export interface Marks {
  readonly cursor: Place | undefined;
  readonly hovered: Place | undefined;
  readonly outline: readonly Place[];
  /** Where the names of the classes stand. */
  readonly tags: readonly (Place | undefined)[];
}

export interface PlanePicture {
  readonly element: HTMLElement;
  /** What takes pointer and keys: it lies over the points alone. */
  readonly surface: HTMLElement;
  /** Makes room for a plane of this many pixels. */
  layOut(width: number, height: number): void;
  paint(scene: Scene): void;
  mark(scene: Scene, marks: Marks): void;
}

/** The layers of the plane: axes, the canvas of points, names and marks, and what listens. */
export function planePicture(theme: Theme): PlanePicture {
  let pixels: Raster | undefined;
  let image: ImageData | undefined;
  const canvas = element("canvas", { "aria-hidden": "true" });
  const below = svg("svg", { "aria-hidden": "true" });
  const nameTags = svg("g");
  const outline = svg("polygon", { class: "vaenb-outline", visibility: "hidden" });
  const cross = svg("path", {
    class: "vaenb-cross",
    d: "M-9 0H-3M3 0H9M0 -9V-3M0 3V9",
    visibility: "hidden",
  });
  const ring = svg("circle", { class: "vaenb-ring", r: 6, visibility: "hidden" });
  const above = svg("svg", { "aria-hidden": "true" }, nameTags, outline, ring, cross);
  const surface = element("div", {
    class: "vaenb-surface",
    tabindex: 0,
    role: "application",
    "aria-roledescription": "plane of points",
    "aria-description":
      "Arrow keys move a point, which the kernel decodes, with Control further. Enter shows the example nearest to it. With Shift, arrow keys select a box, and Escape lets go. Plus, minus and 0 change the view.",
  });

  const drawCanvas = ({ content, view, hidden, chosen, stride }: Scene): void => {
    const density = window.devicePixelRatio || 1;
    const [width, height] = [Math.round(view.width * density), Math.round(view.height * density)];
    if (pixels?.width !== width || pixels.height !== height) {
      pixels = raster(width, height);
      image = new ImageData(width, height);
      Object.assign(canvas, { width, height });
    }
    const { background, foreground, highContrast } = theme.colours();
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
    if (image === undefined) return;
    straight(pixels, image.data);
    canvas.getContext("2d")?.putImageData(image, 0, 0);
    // Says to whoever waits for the picture that it is there, and of how many points.
    canvas.dataset.points = String(content.points.x.length);
  };

  return {
    element: element("div", { class: "vaenb-plane" }, below, canvas, above, surface),
    surface,
    layOut: (width, height) => {
      const [wide, tall] = [width + margins.left + margins.right, height + margins.top + margins.bottom];
      for (const layer of [below, above]) {
        layer.setAttribute("width", String(wide));
        layer.setAttribute("height", String(tall));
      }
      const place = { left: `${margins.left}px`, top: `${margins.top}px` };
      for (const layer of [canvas, surface])
        Object.assign(layer.style, { ...place, width: `${width}px`, height: `${height}px` });
    },
    paint: (scene) => {
      drawCanvas(scene);
      below.replaceChildren(axes(scene.view, scene.content.titles));
    },
    mark: ({ content, view, hidden }, marks) => {
      const { scaleX, offsetX, scaleY, offsetY } = toPixels(view);
      /** From the corner of the layers; nothing where it is not in view. */
      const spot = (at: Place | undefined): Place | undefined => {
        if (at === undefined) return undefined;
        const [x, y] = [at[0] * scaleX + offsetX, at[1] * scaleY + offsetY];
        const seen = x >= -0.5 && y >= -0.5 && x <= view.width + 0.5 && y <= view.height + 0.5;
        return seen ? [x + margins.left, y + margins.top] : undefined;
      };
      for (const [mark, at] of [
        [cross, spot(marks.cursor)],
        [ring, spot(marks.hovered)],
      ] as const) {
        mark.setAttribute("visibility", at === undefined ? "hidden" : "visible");
        if (at !== undefined) mark.setAttribute("transform", `translate(${at[0]} ${at[1]})`);
      }
      outline.setAttribute("visibility", marks.outline.length > 1 ? "visible" : "hidden");
      outline.setAttribute(
        "points",
        marks.outline.map(([x, y]) => `${x + margins.left},${y + margins.top}`).join(" "),
      );
      const wanted = marks.tags.flatMap((tag, c) => {
        const at = hidden[c] === 1 ? undefined : spot(tag);
        return at === undefined ? [] : [{ at, text: shortened(content.classes[c]?.name ?? "") }];
      });
      nameTags.replaceChildren(
        ...apart(wanted).map(({ at: [x, y], text }) =>
          svg("text", { x, y, "text-anchor": "middle", class: "vaenb-tag" }, text),
        ),
      );
    },
  };
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

const longestTag = 18;
const shortened = (name: string): string =>
  name.length > longestTag ? `${name.slice(0, longestTag - 1)}…` : name;
