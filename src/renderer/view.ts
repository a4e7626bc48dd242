import type { QuestionName, Questions } from "../protocol/views";

/** Asks the figure behind the view. Rejects with `NoKernel` where nobody is there to answer. */
export type Ask = <Q extends QuestionName>(
  question: Q,
  payload: Questions[Q]["ask"],
) => Promise<Questions[Q]["answer"]>;

/** Nobody answers: no kernel runs, or the output was drawn before the kernel was restarted. */
export class NoKernel extends Error {
  override readonly name = "NoKernel";
  constructor(
    message: string,
    /** What a person can do about it, where the usual advice does not fit. */
    readonly advice?: string,
  ) {
    super(message);
  }
}

export interface ViewContext {
  readonly ask: Ask;
  /** Whether a kernel may still change the output: it made it, and did not only read it from a file. */
  readonly isLive: boolean;
  /** Where nobody ever answers, as in an exported page: what to say of it instead of inviting questions. */
  readonly unanswered?: string | undefined;
  readonly theme: Theme;
}

/** The editor's colours, read anew when they change. */
export interface Theme {
  readonly colours: () => ThemeColours;
  /** Calls back after each change of the theme; the result unsubscribes. */
  readonly onChange: (changed: () => void) => () => void;
}

export interface ThemeColours {
  readonly foreground: string;
  readonly background: string;
  readonly faint: string;
  /** Lines behind the data of a chart. */
  readonly grid: string;
  readonly warning: string;
  /** Behind what appears while pointing. */
  readonly hover: string;
  readonly highContrast: boolean;
  readonly font: string;
}

/** A view on the screen. */
export interface Mounted<Data> {
  /** New data for the same output: what the person has set (zoom, scale, selection) stays. */
  update(data: Data): void;
  dispose(): void;
}

export type Mount<Data> = (root: HTMLElement, data: Data, context: ViewContext) => Mounted<Data>;

/** A view that shows everything anew for new data and holds nothing to release. */
export const drawn =
  <Data>(draw: (data: Data) => Node): Mount<Data> =>
  (root, data) => {
    root.replaceChildren(draw(data));
    return { update: (next) => root.replaceChildren(draw(next)), dispose: () => {} };
  };
