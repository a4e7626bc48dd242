/** A line as its axes tell it: what a person reads off at its corners; a gap begins another part. */
interface SeenLine {
  readonly colour: string;
  readonly dashed: boolean;
  readonly parts: readonly (readonly { readonly x: number; readonly y: number }[])[];
}

interface Tick {
  readonly text: string;
  readonly at: number;
}

export interface SeenPanel {
  readonly title: string;
  readonly box: {
    readonly left: number;
    readonly top: number;
    readonly width: number;
    readonly height: number;
  };
  readonly xTicks: readonly string[];
  readonly yTicks: readonly string[];
  /** What its upper and its lower end are. */
  readonly top: number;
  readonly bottom: number;
  readonly lines: readonly SeenLine[];
  /** The steps at which upright lines stand. */
  readonly cursor: readonly number[];
  readonly warnings: readonly number[];
}

interface DrawnPanel extends Pick<SeenPanel, "title" | "box"> {
  readonly xTicks: readonly Tick[];
  readonly yTicks: readonly Tick[];
  readonly strokes: readonly {
    readonly d: string;
    readonly colour: string;
    readonly dashed: boolean;
    readonly width: number;
  }[];
  readonly cursor: string;
  readonly warnings: string;
}

/** Runs in the page: what the drawing of an output's panels says. */
export function drawnPanels(id: string): readonly DrawnPanel[] {
  const numbers = (group: Element | null, axis: "x" | "y"): readonly Tick[] =>
    [...(group?.children ?? [])].map((text) => ({
      text: text.textContent,
      at: Number(text.getAttribute(axis)),
    }));
  return [...document.querySelectorAll(`#${id} .vaenb-lines > svg > g`)].map((panel) => {
    const chart = panel.closest(".vaenb-lines")?.getBoundingClientRect();
    const [x = NaN, y = NaN] = (panel.getAttribute("transform")?.match(/[\d.]+/g) ?? []).map(Number);
    const inside = panel.querySelector("svg");
    const box = {
      left: (chart?.left ?? NaN) + x,
      top: (chart?.top ?? NaN) + y,
      width: Number(inside?.getAttribute("width")),
      height: Number(inside?.getAttribute("height")),
    };
    const [warnings, cursor] = panel.querySelectorAll("svg > path");
    return {
      title: panel.querySelector("text")?.textContent ?? "",
      box,
      xTicks: numbers(panel.querySelector("g[text-anchor=middle]"), "x"),
      // Their text stands a little below their place.
      yTicks: numbers(panel.querySelector("g[text-anchor=end]"), "y").map(({ text, at }) => ({
        text,
        at: at - 4,
      })),
      strokes: [...panel.querySelectorAll("g[stroke-linecap] > path")].map((path) => ({
        d: path.getAttribute("d") ?? "",
        colour: path.getAttribute("stroke") ?? "",
        dashed: path.getAttribute("stroke-dasharray") !== "none",
        width: Number(path.getAttribute("stroke-width")),
      })),
      cursor: cursor?.getAttribute("d") ?? "",
      warnings: warnings?.getAttribute("d") ?? "",
    };
  });
}

/** Lines of other widths are dots, and rims behind lines. */
const lineWidth = 1.75;

export function seenPanel({ title, box, xTicks, yTicks, strokes, cursor, warnings }: DrawnPanel): SeenPanel {
  const [toX, toY] = [reading(xTicks, false), reading(yTicks, isLogarithmic(yTicks))];
  const upright = (d: string): readonly number[] =>
    [...d.matchAll(/M([-\d.]+) 0V/g)].map(([, x]) => toX(Number(x)));
  return {
    title,
    box,
    xTicks: xTicks.map(({ text }) => text),
    yTicks: yTicks.map(({ text }) => text),
    top: toY(0),
    bottom: toY(box.height),
    lines: strokes
      .filter(({ width }) => width === lineWidth)
      .map(({ d, colour, dashed }) => ({
        colour,
        dashed,
        parts: [...d.matchAll(/M([^M]+)/g)].map(([, part = ""]) =>
          [...part.matchAll(/([-\d.]+) ([-\d.]+)/g)].map(([, x, y]) => ({
            x: toX(Number(x)),
            y: toY(Number(y)),
          })),
        ),
      })),
    cursor: upright(cursor),
    warnings: upright(warnings),
  };
}

const numberOf = ({ text }: Tick): number => Number(text.replaceAll(",", "").replaceAll("−", "-"));

/** Evenly spaced numbers at uneven places. */
function isLogarithmic(ticks: readonly Tick[]): boolean {
  const slopes = ticks.slice(1).flatMap((tick, i) => {
    const before = ticks[i];
    return before ? [(numberOf(tick) - numberOf(before)) / (tick.at - before.at)] : [];
  });
  return Math.max(...slopes.map(Math.abs)) > 1.1 * Math.min(...slopes.map(Math.abs));
}

/** Reads a number off between the first and the last number of an axis. */
function reading(ticks: readonly Tick[], log: boolean): (pixel: number) => number {
  const [first, last] = [ticks[0], ticks.at(-1)];
  if (!first || !last) return () => NaN;
  const [low, high] = [first, last].map((tick) => (log ? Math.log(numberOf(tick)) : numberOf(tick)));
  return (pixel) => {
    const value = (low ?? NaN) + ((pixel - first.at) / (last.at - first.at)) * ((high ?? NaN) - (low ?? NaN));
    return log ? Math.exp(value) : value;
  };
}
