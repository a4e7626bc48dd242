import { svg } from "../elements";
import type { ThemeColours } from "../view";
import type { LineChartContent } from "./content";
import type { PanelFrame } from "./frame";
import { set, setCount, setText } from "./inPlace";
import { dotsPath, linePath, thinned } from "./path";
import { pixelOf } from "./scale";
import { lastUpTo } from "./search";

export interface PanelPicture {
  readonly element: SVGElement;
  paint(content: LineChartContent, panel: number, frame: PanelFrame, colours: ThemeColours): void;
  /** A line through a place, and a dot on each of the chart's lines there. */
  point(
    content: LineChartContent,
    panel: number,
    frame: PanelFrame,
    colours: ThemeColours,
    place: number | undefined,
  ): void;
}

/** One panel: title, axes, lines, and the place that is pointed at. */
export function panelPicture(): PanelPicture {
  const name = svg("tspan", { "font-weight": 700 });
  const unit = svg("tspan");
  const title = svg("text", { y: -8, "font-size": 12 }, name, " ", unit);
  const grid = svg("path", { fill: "none" });
  const [xLabels, yLabels] = [svg("g", { "text-anchor": "middle" }), svg("g", { "text-anchor": "end" })];
  const axisTitle = svg("text", { "text-anchor": "middle", "font-size": 12 });
  const nothing = svg("text", { "text-anchor": "middle" });
  const warnings = svg("path", { fill: "none", "stroke-dasharray": "2 3", "stroke-width": 1.5 });
  const lines = svg("g", { fill: "none", "stroke-linecap": "round" });
  const cursor = svg("path", { fill: "none" });
  const dots = svg("g");
  // What is enlarged goes on beyond the panel: a drawing of its own cuts it off.
  const inside = svg("svg", {}, warnings, lines, cursor, dots);
  const root = svg("g", {}, title, grid, xLabels, yLabels, axisTitle, nothing, inside);

  return {
    element: root,
    paint: (content, panel, frame, colours) => {
      const { left, top, width, height, across, up, xTicks, yTicks } = frame;
      set(root, { transform: `translate(${left} ${top})` });
      set(inside, { width: round(width), height });
      setText(name, content.panels[panel]?.title ?? "");
      setText(unit, `(${content.unit})`);
      const [xs, ys] = [
        xTicks.map(({ value }) => crisp(pixelOf(across, value))),
        yTicks.map(({ value }) => (up ? crisp(pixelOf(up, value)) : 0)),
      ];
      const right = round(width);
      set(grid, {
        d: `${xs.map((x) => `M${x} 0V${height}`).join("")}${ys.map((y) => `M0 ${y}H${right}`).join("")}`,
        stroke: colours.grid,
      });
      texts(
        xLabels,
        xTicks.map(({ text }, i) => ({ text, x: xs[i] ?? 0, y: height + 15 })),
      );
      texts(
        yLabels,
        yTicks.map(({ text }, i) => ({ text, x: -6, y: (ys[i] ?? 0) + 4 })),
      );
      set(axisTitle, { x: right / 2, y: height + 33 });
      setText(axisTitle, frame.hasTitle ? content.across : "");
      set(nothing, { x: right / 2, y: height / 2 });
      setText(nothing, up ? "" : content.log ? "no number above 0" : "no finite number");
      set(warnings, {
        d: panel === 0 ? content.warnings.map(({ x }) => upright(pixelOf(across, x), height)).join("") : "",
        stroke: colours.warning,
      });
      paintStrokes(lines, strokesOf(content, panel, frame, colours));
    },
    point: (content, panel, { across, up, height }, colours, place) => {
      set(cursor, {
        d: place === undefined ? "" : upright(pixelOf(across, place), height),
        stroke: colours.foreground,
        "stroke-opacity": 0.7,
      });
      const marks = place === undefined || !up ? [] : content.lines;
      setCount(dots, marks.length, () => svg("circle", { r: 4, "stroke-width": 1.5 })).forEach((dot, i) => {
        const line = marks[i];
        if (line === undefined) return;
        const { colour, x, ys } = line;
        const point = lastUpTo(x, place ?? NaN);
        const at = up && pixelOf(up, ys[panel]?.[point] ?? NaN);
        const isThere = at !== undefined && Number.isFinite(at);
        set(dot, { visibility: isThere ? "visible" : "hidden" });
        if (isThere)
          set(dot, {
            cx: round(pixelOf(across, x[point] ?? NaN)),
            cy: round(at),
            fill: colour,
            stroke: colours.background,
          });
      });
    },
  };
}

interface Stroke {
  readonly d: string;
  readonly colour: string;
  readonly width: number;
  readonly dashes?: string;
}

/** Dashed lines lie above the others. Their dots have a rim: they are seen inside of the noise of their own colour. */
function strokesOf(
  { lines }: LineChartContent,
  panel: number,
  { across, up }: PanelFrame,
  { background }: ThemeColours,
): readonly Stroke[] {
  if (up === undefined) return [];
  const fromBelow = [...lines].sort((a, b) => Number(a.dashed) - Number(b.dashed));
  return fromBelow.flatMap(({ colour, dashed, dotted, x, ys }): readonly Stroke[] => {
    const series = { x, y: ys[panel] ?? x };
    const points = thinned(series, across, up.log);
    const line = linePath(series, points, across, up);
    const dots = dotted ? dotsPath(series, points, across, up) : "";
    return [
      { d: line, colour, width: 1.75, ...(dashed && { dashes: "7 5" }) },
      ...(dashed && dotted ? [{ d: dots, colour: background, width: 8.5 }] : []),
      ...(dotted ? [{ d: dots, colour, width: 6 }] : []),
    ];
  });
}

function paintStrokes(group: SVGElement, strokes: readonly Stroke[]): void {
  setCount(group, strokes.length, () => svg("path")).forEach((path, i) => {
    const { d, colour, width, dashes } = strokes[i] ?? { d: "", colour: "none", width: 0 };
    set(path, { d, stroke: colour, "stroke-width": width, "stroke-dasharray": dashes ?? "none" });
  });
}

interface Label {
  readonly text: string;
  readonly x: number;
  readonly y: number;
}

function texts(group: SVGElement, labels: readonly Label[]): void {
  setCount(group, labels.length, () => svg("text")).forEach((element, i) => {
    const { text, ...place } = labels[i] ?? { text: "" };
    set(element, place);
    setText(element, text);
  });
}

const round = (pixels: number): number => Math.round(pixels * 10) / 10;
/** A line of one pixel is sharp in the middle of a pixel. */
const crisp = (pixels: number): number => Math.round(pixels - 0.5) + 0.5;
const upright = (x: number, height: number): string => `M${crisp(x)} 0V${height}`;
