import type { LossCurves, TrainingView } from "../../protocol/views";
import { legible } from "../colour";
import { decode, type TypedNumbers } from "../numbers";
import { smooth } from "../smooth";
import { chartAxis, chartLayout } from "../theme";
import type { ThemeColours } from "../view";

export const parts = [
  { key: "loss", title: "loss" },
  { key: "reconstruction", title: "reconstruction" },
  { key: "kl", title: "KL" },
] as const;
export type Part = (typeof parts)[number]["key"];

/** One line in each panel: the losses of one run on its training or its validation data. */
export interface Curve {
  /** What the legend calls it. */
  readonly name: string;
  readonly validation: boolean;
  readonly colour: string;
  readonly step: TypedNumbers;
  readonly losses: Readonly<Record<Part, TypedNumbers>>;
}

/** The curves that have points, each run's training first. */
export function curvesOf({ runs }: TrainingView): readonly Curve[] {
  const curve = (name: string, validation: boolean, colour: string, curves: LossCurves): Curve => ({
    name,
    validation,
    colour,
    step: decode(curves.step),
    losses: {
      loss: decode(curves.loss),
      reconstruction: decode(curves.reconstruction),
      kl: decode(curves.kl),
    },
  });
  return runs
    .flatMap(({ name, colours, train, validation }) => {
      const named = (data: string): string => (runs.length === 1 ? data : `${name}, ${data}`);
      return [
        curve(named("training"), false, colours.training, train),
        ...(validation ? [curve(named("validation"), true, colours.validation, validation)] : []),
      ];
    })
    .filter(({ step }) => step.length > 0);
}

/** The number of a curve's last point at or before a step; -1 if it begins later. */
export function pointAt({ step }: Curve, at: number): number {
  let [low, high] = [0, step.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((step[middle] ?? Infinity) <= at) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

export interface ChartSettings {
  readonly log: boolean;
  /** Share of the past in a moving average, 0 to 0.99. */
  readonly smoothing: number;
  /** Shows the first steps too where their losses dwarf all that follow. */
  readonly whole: boolean;
  /** Names of curves that are not shown. */
  readonly hidden: ReadonlySet<string>;
  /** A step that is pointed at. */
  readonly mark?: number;
  /** Of the chart, in pixels. */
  readonly width: number;
}

/** A narrow chart has its panels one under the other. */
const narrow = 640;
export const chartHeight = (width: number): number => (width < narrow ? 560 : 300);
/** Above the titles there is room for the chart's buttons; a narrow chart has them beside its one title. */
const topMargin = (width: number): number => (width < narrow ? 24 : 46);

/** Of a line with its background: WCAG 2.2, 1.4.11. */
const leastContrast = 3;
export const lineColour = ({ colour }: Curve, { background }: ThemeColours): string =>
  legible(colour, background, leastContrast);

const nth = (panel: number): string => (panel === 0 ? "" : String(panel + 1));
/** More marks than these run into each other. */
const mostMarks = 40;

export const traces = (
  curves: readonly Curve[],
  unit: string,
  { smoothing, hidden }: ChartSettings,
  colours: ThemeColours,
): readonly object[] =>
  curves
    .filter(({ name }) => !hidden.has(name))
    .flatMap((curve) => {
      const { name, validation, step, losses } = curve;
      const colour = lineColour(curve, colours);
      const marked = step.length === 1 || (validation && step.length <= mostMarks);
      return parts.map(({ key }, p) => ({
        type: "scatter",
        mode: marked ? "lines+markers" : "lines",
        name,
        x: step,
        y: validation ? losses[key] : smooth(losses[key], smoothing),
        xaxis: `x${nth(p)}`,
        yaxis: `y${nth(p)}`,
        line: { color: colour, width: 2, dash: validation ? "dash" : "solid" },
        marker: { color: colour, size: 6 },
        hovertemplate: `%{y:.2f} ${unit}<extra>${plain(name)}</extra>`,
      }));
    });

export function layout(
  curves: readonly Curve[],
  { unit, runs }: TrainingView,
  { log, whole, width, mark, hidden }: ChartSettings,
  colours: ThemeColours,
): object {
  const shown = curves.filter(({ name }) => !hidden.has(name));
  const stacked = width < narrow;
  const axes: Record<string, object> = {};
  const titles: object[] = [];
  parts.forEach(({ key, title }, p) => {
    const [across, up] = stacked
      ? [[0, 1] as const, third(2 - p, 0.11)]
      : [third(p, 64 / width), [0, 1] as const];
    // Toggling a setting starts the axis anew; otherwise it stays as the person has moved it.
    const uirevision = `${log} ${whole} ${stacked}`;
    axes[`xaxis${nth(p)}`] = chartAxis(colours, stacked && p < 2 ? "" : "step", {
      anchor: `y${nth(p)}`,
      domain: across,
      uirevision,
      ...(p > 0 && { matches: "x" }),
      ...(shown.length === 0 && { visible: false }),
    });
    const usual = log || whole ? undefined : usualRange(shown, key);
    axes[`yaxis${nth(p)}`] = chartAxis(colours, "", {
      anchor: `x${nth(p)}`,
      domain: up,
      type: log ? "log" : "linear",
      uirevision,
      ...(usual && { range: usual }),
      ...(shown.length === 0 && { visible: false }),
    });
    const corner = { xref: "paper", yref: "paper", xanchor: "left", yanchor: "bottom", showarrow: false };
    titles.push({ ...corner, text: `<b>${title}</b> (${unit})`, x: across[0], y: up[1], yshift: 3 });
  });
  const line = (step: number, look: object, part = 0): object => ({
    type: "line",
    xref: `x${nth(part)}`,
    yref: `y${nth(part)} domain`,
    x0: step,
    x1: step,
    y0: 0,
    y1: 1,
    line: { width: 1, ...look },
  });
  const nothing = {
    xref: "paper",
    yref: "paper",
    x: 0.5,
    y: 0.5,
    showarrow: false,
    text: curves.length === 0 ? "no step yet" : "all curves are hidden",
  };
  return {
    ...chartLayout(colours),
    ...axes,
    height: chartHeight(width),
    margin: { l: 44, r: 8, t: topMargin(width), b: 40 },
    hovermode: "x unified",
    showlegend: false,
    annotations: shown.length === 0 ? [nothing] : titles,
    shapes: [
      // Where something was warned about, on the loss's panel.
      ...runs.flatMap((run) =>
        run.warnings.map(({ step }) => line(step, { color: colours.warning, dash: "dot" })),
      ),
      ...(mark === undefined ? [] : parts.map((_, p) => line(mark, { color: colours.foreground }, p))),
    ],
  };
}

function third(part: number, gap: number): readonly [number, number] {
  const size = (1 - 2 * gap) / 3;
  return [part * (size + gap), part * (size + gap) + size];
}

/** Text in plotly's labels may hold tags; a run's name has none. */
const plain = (text: string): string => text.replaceAll("<", "‹").replaceAll(">", "›");

/** Share of the steps in which a loss falls from what the weights happened to be. */
const beginning = 0.05;

/**
 * The range of a loss after the first steps, or undefined where these do not stand out: what a network's random weights
 * lose is often many times what matters, and would press everything that follows into one flat line.
 */
export function usualRange(curves: readonly Curve[], part: Part): readonly [number, number] | undefined {
  const last = Math.max(...curves.map(({ step }) => step.at(-1) ?? 0));
  const [all, later] = [
    { low: Infinity, high: -Infinity },
    { low: Infinity, high: -Infinity },
  ];
  let points = 0;
  for (const { step, losses } of curves) {
    losses[part].forEach((value, i) => {
      if (!Number.isFinite(value)) return;
      for (const range of (step[i] ?? 0) > last * beginning ? [all, later] : [all]) {
        range.low = Math.min(range.low, value);
        range.high = Math.max(range.high, value);
      }
      if ((step[i] ?? 0) > last * beginning) points++;
    });
  }
  const span = later.high - later.low;
  const standsOut = all.high - all.low > 2 * span;
  if (points < 20 || span <= 0 || !standsOut) return undefined;
  return [later.low - 0.06 * span, later.high + 0.06 * span];
}
