import type { TypedNumbers } from "../numbers";
import type { Range } from "../ticks";

/** A line through each panel of a chart, over the same numbers. */
export interface Line {
  readonly name: string;
  readonly colour: string;
  readonly dashed: boolean;
  /** A dot at each point. */
  readonly dotted: boolean;
  readonly x: TypedNumbers;
  /** One column per panel. */
  readonly ys: readonly TypedNumbers[];
}

export interface Panel {
  readonly title: string;
  /** What is seen of it until a person enlarges something; undefined is all. */
  readonly usual: Range | undefined;
}

export interface LineChartContent {
  readonly panels: readonly Panel[];
  readonly lines: readonly Line[];
  /** Of all panels: "nats per example". */
  readonly unit: string;
  /** What is counted to the right: "step". */
  readonly across: string;
  /** All places that can be pointed at, rising. */
  readonly places: TypedNumbers;
  readonly log: boolean;
  /** Said beside the place that is pointed at. */
  readonly note?: string;
  /** A place that is pointed at from elsewhere. */
  readonly mark?: number;
  /** Something to know, at its place in the first panel. */
  readonly warnings: readonly { readonly x: number; readonly text: string }[];
  /** Said where there is no line. */
  readonly nothing: string;
  /** For screen readers. */
  readonly description: string;
}
