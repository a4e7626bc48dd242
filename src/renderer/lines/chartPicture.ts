import { svg } from "../elements";
import { drawSvg, type Sample, savedPicture } from "../savedPicture";
import type { ThemeColours } from "../view";
import type { Line } from "./content";

/** The chart as a picture of its own, on the editor's background: its title, which line is which, the panels. */
export const chartPicture = (
  drawing: SVGSVGElement,
  title: string,
  lines: readonly Line[],
  colours: ThemeColours,
): Promise<HTMLCanvasElement> =>
  savedPicture(
    {
      title,
      legend: lines.map((line) => ({ name: line.name, sample: pieceOf(line) })),
      width: drawing.width.baseVal.value,
      height: drawing.height.baseVal.value,
    },
    colours,
    (context, top) => drawSvg(context, drawing, top),
  );

const pieceOf = ({ colour, dashed }: Line): Sample => ({
  width: 26,
  draw: (left, middle) =>
    svg("path", {
      d: `M${left} ${middle}h26`,
      stroke: colour,
      "stroke-width": 2,
      "stroke-dasharray": dashed ? "6 4" : "none",
    }),
});
