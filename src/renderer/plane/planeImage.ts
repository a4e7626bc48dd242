import { svg } from "../elements";
import { density, drawSvg, type Sample, savedPicture } from "../savedPicture";
import type { ThemeColours } from "../view";
import { margins } from "./axes";
import { mostNamed } from "./legend";
import type { Scene } from "./picture";
import { paintPoints } from "./pointsImage";
import { raster, straight } from "./raster";

/** The plane as it is seen, as a picture of its own: title, classes that are shown, axes, points and their names. */
export function planeImage(
  title: string,
  scene: Scene,
  layers: { readonly axes: SVGSVGElement; readonly names: SVGSVGElement },
  colours: ThemeColours,
): Promise<HTMLCanvasElement> {
  const { content, view, hidden } = scene;
  const shown = content.classes.filter((_, c) => hidden[c] !== 1).slice(0, mostNamed);
  return savedPicture(
    {
      title,
      legend:
        content.classes.length < 2 ? [] : shown.map(({ name, colour }) => ({ name, sample: swatch(colour) })),
      width: view.width + margins.left + margins.right,
      height: view.height + margins.top + margins.bottom,
    },
    colours,
    async (context, top) => {
      await drawSvg(context, layers.axes, top);
      context.drawImage(pointsOf(scene, colours), margins.left, top + margins.top, view.width, view.height);
      await drawSvg(context, layers.names, top);
    },
  );
}

/** All points, drawn in the pixels of the saved picture. */
function pointsOf(scene: Scene, colours: ThemeColours): HTMLCanvasElement {
  const pixels = raster(Math.round(scene.view.width * density), Math.round(scene.view.height * density));
  paintPoints(pixels, { ...scene, stride: 1 }, colours, density);
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width: pixels.width, height: pixels.height });
  const image = new ImageData(pixels.width, pixels.height);
  straight(pixels, image.data);
  canvas.getContext("2d")?.putImageData(image, 0, 0);
  return canvas;
}

const swatch = (colour: string): Sample => ({
  width: 10,
  draw: (left, middle) => svg("circle", { cx: left + 5, cy: middle, r: 5, fill: colour }),
});
