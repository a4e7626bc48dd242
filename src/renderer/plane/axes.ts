import { svg } from "../elements";
import { ticks } from "../ticks";
import type { ThemeColours } from "../view";
import { toPixels, type Viewport } from "./viewport";

export interface AxisTitles {
  readonly x: string;
  readonly y: string;
}

/** Pixels around the plane for its numbers and titles. */
export const margins = { left: 58, top: 8, right: 10, bottom: 42 } as const;

/** Grid lines, numbers and titles. Their colours are attributes: a saved picture has no style sheet. */
export function axes(
  view: Viewport,
  titles: AxisTitles,
  { foreground, grid }: Pick<ThemeColours, "foreground" | "grid">,
): SVGElement {
  const { width, height } = view;
  const { scaleX, offsetX, scaleY, offsetY } = toPixels(view);
  const [across, up] = [
    ticks(view.x, Math.max(2, Math.min(12, width / 60))),
    ticks(view.y, Math.max(2, height / 36)),
  ];
  const line = (x1: number, y1: number, x2: number, y2: number, value: number): SVGElement => {
    const isZero = Math.abs(value) < 1e-12;
    return svg("line", {
      x1,
      y1,
      x2,
      y2,
      stroke: isZero ? foreground : grid,
      "stroke-opacity": isZero ? 0.4 : 1,
    });
  };
  return svg(
    "g",
    { transform: `translate(${margins.left} ${margins.top})`, "shape-rendering": "crispEdges" },
    ...across.at.flatMap((value) => {
      const x = Math.round(value * scaleX + offsetX) + 0.5;
      return [
        line(x, 0, x, height, value),
        svg(
          "text",
          { x, y: height + 16, "text-anchor": "middle", class: "vaenb-tick" },
          number(value, across.digits),
        ),
      ];
    }),
    ...up.at.flatMap((value) => {
      const y = Math.round(value * scaleY + offsetY) + 0.5;
      return [
        line(0, y, width, y, value),
        svg("text", { x: -7, y: y + 4, "text-anchor": "end", class: "vaenb-tick" }, number(value, up.digits)),
      ];
    }),
    svg(
      "text",
      { x: width / 2, y: height + 36, "text-anchor": "middle", "font-size": 12, class: "vaenb-axis" },
      titles.x,
    ),
    svg(
      "text",
      {
        transform: `translate(${-margins.left + 13} ${height / 2}) rotate(-90)`,
        "text-anchor": "middle",
        "font-size": 12,
        class: "vaenb-axis",
      },
      titles.y,
    ),
  );
}

const number = (value: number, digits: number): string =>
  (Math.abs(value) < 1e-12 ? 0 : value).toFixed(digits).replace("-", "−");
