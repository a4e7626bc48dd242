import { element, svg } from "../elements";
import type { Range } from "../ticks";
import { set } from "../lines/inPlace";
import type { Theme, ThemeColours } from "../view";
import { axes, type AxisTitles, margins } from "./axes";
import { apart } from "./nameTags";
import type { Hidden, Points } from "./points";
import { planeImage } from "./planeImage";
import { paintPoints } from "./pointsImage";
import { type Raster, raster, straight } from "./raster";
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
  /** What is seen, without what is pointed at, as a picture of its own. */
  image(title: string, scene: Scene): Promise<HTMLCanvasElement>;
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

  const drawCanvas = (scene: Scene): void => {
    const { content, view } = scene;
    const density = window.devicePixelRatio || 1;
    const [width, height] = [Math.round(view.width * density), Math.round(view.height * density)];
    if (pixels?.width !== width || pixels.height !== height) {
      pixels = raster(width, height);
      image = new ImageData(width, height);
      Object.assign(canvas, { width, height });
    }
    paintPoints(pixels, scene, theme.colours(), density);
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
      const colours = theme.colours();
      for (const layer of [below, above]) letters(layer, colours);
      below.replaceChildren(axes(scene.view, scene.content.titles, colours));
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
      const { background } = theme.colours();
      nameTags.replaceChildren(
        ...apart(wanted).map(({ at: [x, y], text }) =>
          svg("text", { ...tagLook, stroke: background, x, y, class: "vaenb-tag" }, text),
        ),
      );
    },
    image: (title, scene) => {
      const names = svg("svg", {}, nameTags.cloneNode(true));
      for (const { name, value } of above.attributes) names.setAttribute(name, value);
      return planeImage(title, scene, { axes: below, names }, theme.colours());
    },
  };
}

/** The letters of a layer, also where no style sheet is. */
function letters(layer: SVGSVGElement, { foreground, font }: ThemeColours): void {
  set(layer, { color: foreground, fill: "currentColor", "font-size": 11, "font-family": font });
}

/** A name has a rim in the colour of the background, so that it is read above points of any colour. */
const tagLook = {
  "text-anchor": "middle",
  "font-size": 12,
  "font-weight": 700,
  "paint-order": "stroke",
  "stroke-width": 4,
  "stroke-linejoin": "round",
} as const;

const longestTag = 18;
const shortened = (name: string): string =>
  name.length > longestTag ? `${name.slice(0, longestTag - 1)}…` : name;
