import type { LossCurves, TrainingView } from "../../protocol/views";
import { legible } from "../colour";
import { decode, type TypedNumbers } from "../numbers";
import type { Line, LineChartContent } from "../lines/content";
import { merged } from "../lines/search";
import { smooth } from "../smooth";
import type { Range } from "../ticks";
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

/** Each run's training, and its validation; one has no point yet until it was evaluated. */
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
  return runs.flatMap(({ name, colours, train, validation }) => {
    const named = (data: string): string => (runs.length === 1 ? data : `${name}, ${data}`);
    return [
      curve(named("training"), false, colours.training, train),
      ...(validation ? [curve(named("validation"), true, colours.validation, validation)] : []),
    ];
  });
}

/** The steps of all runs: what is compared may have been logged at different ones. */
export const stepsOf = (curves: readonly Curve[]): TypedNumbers =>
  curves.reduce<TypedNumbers>((steps, { step }) => merged(steps, step), new Int32Array());

export interface ChartSettings {
  readonly log: boolean;
  /** Share of the past in a moving average, 0 to 0.99. */
  readonly smoothing: number;
  /** What is to be seen of each part; undefined is all of it. */
  readonly usual: readonly (Range | undefined)[] | undefined;
  /** A step that is pointed at. */
  readonly mark: number | undefined;
}

/** Of a line with its background: WCAG 2.2, 1.4.11. */
const leastContrast = 3;
export const lineColour = ({ colour }: Curve, { background }: ThemeColours): string =>
  legible(colour, background, leastContrast);

/** More marks than these run into each other. */
const mostMarks = 40;

/** The curves as a chart of three panels. */
export function chartOf(
  curves: readonly Curve[],
  steps: TypedNumbers,
  { unit, runs }: TrainingView,
  { log, smoothing, usual, mark }: ChartSettings,
  nothing: string,
  colours: ThemeColours,
): LineChartContent {
  const drawn = curves.filter(({ step }) => step.length > 0);
  const names = drawn.map(({ name }) => name).join(", ");
  return {
    panels: parts.map(({ title }, p) => ({ title, usual: usual?.[p] })),
    lines: drawn.map((curve): Line => {
      const { name, validation, step, losses } = curve;
      return {
        name,
        colour: lineColour(curve, colours),
        dashed: validation,
        dotted: step.length === 1 || (validation && step.length <= mostMarks),
        x: step,
        ys: parts.map(({ key }) => (validation ? losses[key] : smooth(losses[key], smoothing))),
      };
    }),
    unit,
    across: "step",
    places: steps,
    log,
    ...(smoothing > 0 && { note: "smoothed" }),
    ...(mark !== undefined && { mark }),
    warnings: runs.flatMap((run) => run.warnings.map(({ step, text }) => ({ x: step, text }))),
    nothing,
    description: `${parts.map(({ title }) => title).join(", ")} in ${unit} over the steps${names === "" ? "" : `: ${names}`}`,
  };
}

/** Share of the steps in which a loss falls from what the weights happened to be. */
const beginning = 0.05;

/**
 * The range of a loss after the first steps, or undefined where these do not stand out: what a network's random weights
 * lose is often many times what matters, and would press everything that follows into one flat line.
 */
export function usualRange(curves: readonly Curve[], part: Part): Range | undefined {
  const start = Math.max(...curves.map(({ step }) => step.at(-1) ?? 0)) * beginning;
  let [low, high] = [Infinity, -Infinity];
  let [lowest, highest] = [Infinity, -Infinity];
  let points = 0;
  for (const { step, losses } of curves) {
    const values = losses[part];
    for (let i = 0; i < values.length; i++) {
      const value = values[i] ?? NaN;
      if (!Number.isFinite(value)) continue;
      if (value < lowest) lowest = value;
      if (value > highest) highest = value;
      if ((step[i] ?? 0) <= start) continue;
      if (value < low) low = value;
      if (value > high) high = value;
      points++;
    }
  }
  const span = high - low;
  return points >= 20 && span > 0 && highest - lowest > 2 * span ? [low, high] : undefined;
}

export const usualRanges = (curves: readonly Curve[]): readonly (Range | undefined)[] =>
  parts.map(({ key }) => usualRange(curves, key));
