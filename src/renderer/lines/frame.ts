import { evenTicks, logTicks, type Range, type Tick, wholeTicks } from "../ticks";
import type { LineChartContent } from "./content";
import { rangeOver } from "./path";
import { padded, type Scale } from "./scale";

/** Where a person has enlarged the chart: all panels to the right, each upwards. */
export interface Zoom {
  readonly x?: Range;
  readonly y: ReadonlyMap<number, Range>;
}

export const notZoomed: Zoom = { y: new Map() };

/** A panel's place in the chart, in pixels from its top left, and its axes, in pixels from the panel's own. */
export interface PanelFrame {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly across: Scale;
  /** Undefined where nothing can be drawn. */
  readonly up: Scale | undefined;
  readonly xTicks: readonly Tick[];
  readonly yTicks: readonly Tick[];
  /** Panels one under the other have one title of their axis. */
  readonly hasTitle: boolean;
}

export interface Frame {
  readonly width: number;
  readonly height: number;
  readonly panels: readonly PanelFrame[];
}

/** Chart widths below this have their panels one under the other. */
const narrow = 640;
const heights = { beside: 216, stacked: 136 } as const;
export const title = 24;
const labels = 20;
const axisTitle = 18;
const gap = 14;
/** Of a letter of the axes' numbers, about, and what keeps them off the axis. */
const letter = { width: 6.6, room: 12 } as const;
const fewestLetters = 4;

/** A chart keeps its height while its content changes. */
export function heightOf(width: number, panels: number): number {
  return width < narrow
    ? panels * (title + heights.stacked + labels) + axisTitle
    : title + heights.beside + labels + axisTitle;
}

export function frameOf(content: LineChartContent, width: number, zoom: Zoom): Frame {
  const { panels, log } = content;
  const stacked = width < narrow;
  const height = stacked ? heights.stacked : heights.beside;
  const span = zoom.x ?? spanOf(content);
  const ups = panels.map((_, p): Scale | undefined => {
    const range = zoom.y.get(p) ?? usualOf(content, p, zoom.x);
    return range && { range, log, from: height, to: 0 };
  });
  const yTicks = ups.map((up) => (up ? (log ? logTicks : evenTicks)(up.range, height / 38) : []));
  const lefts = yTicks.map((ticks) => {
    const letters = Math.max(fewestLetters, ...ticks.map(({ text }) => text.length));
    return Math.ceil(letter.room + letter.width * letters);
  });
  const lastLetters = Math.round(span[1]).toLocaleString("en-US").length;
  // The last number under the axis may stand at its very end.
  const right = Math.ceil(4 + (letter.width * lastLetters) / 2);
  const widest = Math.max(...lefts);
  const free = stacked
    ? width - widest - right
    : (width - lefts.reduce((sum, left) => sum + left, right) - gap * (panels.length - 1)) / panels.length;
  const each = Math.max(1, Math.floor(free));
  const xTicks = wholeTicks(span, each / (letter.width * (lastLetters + 3)));
  let before = 0;
  const frames = panels.map((_, p): PanelFrame => {
    const left = stacked ? widest : before + (lefts[p] ?? widest);
    before = left + each + gap;
    return {
      left,
      top: title + (stacked ? p * (title + height + labels) : 0),
      width: each,
      height,
      across: { range: span, log: false, from: edge, to: each - edge },
      up: ups[p],
      xTicks,
      yTicks: yTicks[p] ?? [],
      hasTitle: !stacked || p === panels.length - 1,
    };
  });
  return { width, height: heightOf(width, panels.length), panels: frames };
}

/** What is seen of a panel upwards, where nobody has enlarged it: what is usual, or all that is seen to the right. */
function usualOf({ panels, lines, log }: LineChartContent, panel: number, x?: Range): Range | undefined {
  const all = lines.map(({ x, ys }) => ({ x, y: ys[panel] ?? x }));
  const everything: Range = [-Infinity, Infinity];
  const seen = (x === undefined ? panels[panel]?.usual : undefined) ?? rangeOver(all, x ?? everything, log);
  return seen && padded(seen, log);
}

/** Pixels between the ends of a panel and the first and the last point, so that their dots are whole. */
const edge = 4;

/** From the first to the last point of all lines, with room where that is one place. */
export function spanOf({ lines }: LineChartContent): Range {
  let [low, high] = [Infinity, -Infinity];
  for (const { x } of lines) {
    low = Math.min(low, x[0] ?? Infinity);
    high = Math.max(high, x.at(-1) ?? -Infinity);
  }
  if (low < high) return [low, high];
  return low === high ? [low - 1, high + 1] : [0, 1];
}
