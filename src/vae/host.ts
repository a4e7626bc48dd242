/**
 * Where the library runs. A notebook kernel connects itself here; a plain Node program connects nothing and the
 * library works the same, without pictures. This is the library's whole knowledge of the world around it.
 */
export interface Host {
  /** Shows a figure that nobody returned, for example the live chart of a training run when `fit` starts. */
  announce(figure: Displayable): void;
  /**
   * Runs a task that the person can stop. The signal aborts when they press Stop; the task then has a moment to
   * finish its step and to return what it has, and the awaiting cell gets that value.
   */
  cooperate<T>(task: (signal: AbortSignal) => Promise<T>): Promise<T>;
  /** A training has left a checkpoint in this folder, an absolute path: where to look when the process ends. */
  keeps(folder: string): void;
  /** Something is on its way to the disk that nobody waits for now: a process that is asked to end waits for it. */
  saves(work: Promise<unknown>): void;
}

/** MIME type to content: text as a string, JSON as a value, binary (`image/png`) as bytes. */
export type MimeBundle = Readonly<Record<string, unknown>>;

/** The convention by which a value says how it is drawn; any front end that follows it can draw our figures. */
export const display = Symbol.for("Jupyter.display");
export interface Displayable {
  [display](): MimeBundle;
}

/** Under this symbol a living figure takes a listener that it calls after each change; the result unsubscribes. */
export const live = Symbol.for("vaenb.live");
export interface Live {
  [live](changed: () => void): () => void;
}

/** Under this symbol a figure answers questions of its view, such as "decode this point". */
export const answer = Symbol.for("vaenb.answer");
export interface Answering {
  [answer](question: string, payload: unknown): Promise<unknown>;
}

const noHost: Host = {
  announce: () => {},
  cooperate: (task) => task(new AbortController().signal),
  keeps: () => {},
  saves: () => {},
};

let current = noHost;

/** The host that the library is connected to. */
export const host = (): Host => current;

/** Connects a host; the result disconnects it. */
export function connectHost(connected: Host): () => void {
  current = connected;
  return () => {
    current = noHost;
  };
}
