import { svg } from "../elements";
import type { ThemeColours } from "../view";
import type { Line } from "./content";

/** Pixels of the picture for one of the chart: it is legible when it is printed or enlarged. */
const density = 2;
const margin = 12;
const row = 20;
const sample = 26;
/** Of a letter of a name, about. */
const letter = 7;

/** The chart as a picture of its own, on the editor's background: its title, which line is which, the panels. */
export async function chartPicture(
  drawing: SVGSVGElement,
  title: string,
  lines: readonly Line[],
  colours: ThemeColours,
): Promise<HTMLCanvasElement> {
  const [width, height] = [drawing.width.baseVal.value, drawing.height.baseVal.value];
  const names = legend(lines, width, colours);
  const top = margin + row + names.height + 8;
  const chart = drawing.cloneNode(true);
  if (chart instanceof SVGElement) chart.setAttribute("y", String(top));
  const [wide, tall] = [width, top + height + 4];
  const whole = svg(
    "svg",
    { xmlns: "http://www.w3.org/2000/svg", width: wide, height: tall, color: colours.foreground },
    svg("rect", { width: wide, height: tall, fill: colours.background }),
    svg(
      "g",
      { fill: "currentColor", "font-family": colours.font, "font-size": 12 },
      svg("text", { x: margin, y: margin + 12, "font-size": 14, "font-weight": 700 }, title),
      svg("g", { transform: `translate(${margin} ${margin + row})` }, ...names.parts),
    ),
    chart,
  );
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(new XMLSerializer().serializeToString(whole))}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [wide * density, tall * density];
  canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
  return canvas;
}

/** A piece of each line and its name, in as many rows as the width asks for. */
function legend(lines: readonly Line[], width: number, { background }: ThemeColours) {
  let [x, y] = [0, 0];
  const parts = lines.flatMap(({ name, colour, dashed }) => {
    const size = sample + 6 + name.length * letter + 14;
    if (x > 0 && x + size > width - 2 * margin) [x, y] = [0, y + row];
    const left = x;
    x += size;
    return [
      svg("path", {
        d: `M${left} ${y + 10}h${sample}`,
        stroke: colour,
        "stroke-width": 2,
        fill: background,
        "stroke-dasharray": dashed ? "6 4" : "none",
      }),
      svg("text", { x: left + sample + 6, y: y + 14 }, name),
    ];
  });
  return { parts, height: lines.length === 0 ? 0 : y + row };
}
