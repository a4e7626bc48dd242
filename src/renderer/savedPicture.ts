import { svg } from "./elements";
import type { ThemeColours } from "./view";

/** Pixels of a saved drawing for one of the screen: it is legible when it is printed or enlarged. */
export const density = 2;
const margin = 12;
const row = 20;
/** Of a letter of a name, about. */
const letter = 7;

/** What a name in the legend stands beside: a piece of a line, the colour of a class. */
export interface Sample {
  readonly width: number;
  readonly draw: (left: number, middle: number) => SVGElement;
}

export interface Named {
  readonly name: string;
  readonly sample: Sample;
}

/**
 * A drawing with its title and what its colours mean above it, on the editor's background. The drawing gets the place of
 * its top left, in pixels of the screen, and the canvas, on which these are `density` times as large.
 */
export async function savedPicture(
  {
    title,
    legend,
    width,
    height,
  }: { title: string; legend: readonly Named[]; width: number; height: number },
  colours: ThemeColours,
  draw: (context: CanvasRenderingContext2D, top: number) => void | Promise<void>,
): Promise<HTMLCanvasElement> {
  const names = laidOut(legend, width);
  const top = margin + row + names.height + 8;
  const head = svg(
    "svg",
    { width, height: top, color: colours.foreground },
    svg(
      "g",
      { fill: "currentColor", "font-family": colours.font, "font-size": 12 },
      svg("text", { x: margin, y: margin + 12, "font-size": 14, "font-weight": 700 }, title),
      svg("g", { transform: `translate(${margin} ${margin + row})` }, ...names.parts),
    ),
  );
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [width * density, (top + height + 4) * density];
  const context = canvas.getContext("2d");
  if (context === null) throw new Error("the picture is too large");
  context.scale(density, density);
  context.fillStyle = colours.background;
  context.fillRect(0, 0, width, top + height + 4);
  await drawSvg(context, head, 0);
  await draw(context, top);
  return canvas;
}

/** Draws a picture of lines and letters where it has width and height; its colours must be attributes. */
export async function drawSvg(
  context: CanvasRenderingContext2D,
  drawing: SVGSVGElement,
  top: number,
): Promise<void> {
  const copy = drawing.cloneNode(true);
  if (!(copy instanceof SVGSVGElement)) return;
  const [width, height] = [drawing.width.baseVal.value, drawing.height.baseVal.value];
  // Made as large as it will be: letters stay sharp.
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  copy.setAttribute("viewBox", `0 0 ${width} ${height}`);
  copy.setAttribute("width", String(width * density));
  copy.setAttribute("height", String(height * density));
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(new XMLSerializer().serializeToString(copy))}`;
  await image.decode();
  context.drawImage(image, 0, top, width, height);
}

/** A sample of each and its name, in as many rows as the width asks for. */
function laidOut(legend: readonly Named[], width: number) {
  let [x, y] = [0, 0];
  const parts = legend.flatMap(({ name, sample }) => {
    const size = sample.width + 6 + name.length * letter + 14;
    if (x > 0 && x + size > width - 2 * margin) [x, y] = [0, y + row];
    const left = x;
    x += size;
    return [sample.draw(left, y + 10), svg("text", { x: left + sample.width + 6, y: y + 14 }, name)];
  });
  return { parts, height: legend.length === 0 ? 0 : y + row };
}
