import { display, type Displayable, type MimeBundle } from "../host";

/**
 * A result that can be looked at. Returned from a notebook cell it is drawn; printed in a plain Node program it is its
 * text. `data` is what our own view draws; other tools draw the standard face (a PNG or a plotly chart).
 */
export interface Figure<View extends string = string, Data = unknown> extends Displayable {
  readonly view: View;
  readonly data: Data;
  readonly text: string;
  toString(): string;
}

/** The faces of a figure, each made when it is asked for: a living figure shows what is there now. */
export interface Faces<View extends string, Data> {
  readonly view: View;
  readonly data: () => Data;
  /** `image/png` as bytes, or `application/vnd.plotly.v1+json`; empty where text says it all. */
  readonly standard: () => MimeBundle;
  readonly text: () => string;
}

const inspect = Symbol.for("nodejs.util.inspect.custom");

export function figure<View extends string, Data>(faces: Faces<View, Data>): Figure<View, Data> {
  const made = {
    view: faces.view,
    get data() {
      return faces.data();
    },
    get text() {
      return faces.text();
    },
    toString: () => faces.text(),
    [inspect]: () => faces.text(),
    [display]: (): MimeBundle => ({
      [`application/vnd.vaenb.${faces.view}+json`]: faces.data(),
      ...faces.standard(),
      "text/plain": faces.text(),
    }),
  };
  return made;
}

/** Computes once, on the first call. */
export function once<T>(compute: () => T): () => T {
  let result: { readonly value: T } | undefined;
  return () => (result ??= { value: compute() }).value;
}
