/** A place in a source: line and column count from 1, as editors show them. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** Code that cannot be run as written: a syntax error, an import of something that is not there. Thrown before anything ran. */
export class CodeError extends SyntaxError {
  override readonly name = "SyntaxError";
  constructor(
    message: string,
    readonly place: Place,
    /** How many characters the marker under the code spans. */
    readonly length = 1,
    readonly notes: readonly { readonly text: string; readonly place: Place }[] = [],
  ) {
    super(message);
  }
}

/** The source that an error has its place in: a cell, or a file beside the notebook. */
export interface SourceText {
  readonly title: string;
  readonly source: string;
  readonly cell?: string | undefined;
  readonly path?: string | undefined;
}

/** A `CodeError` whose place is in this source, wherever it is thrown. */
export class SourceError extends CodeError {
  constructor(
    error: CodeError,
    readonly origin: SourceText,
  ) {
    super(error.message, error.place, error.length, error.notes);
  }
}

/** `instanceof` for values that may be anything: a revoked proxy throws even at that. */
export function isInstance<T>(value: unknown, type: abstract new (...args: never[]) => T): value is T {
  try {
    return value instanceof type;
  } catch {
    return false;
  }
}

/** Thrown into code that was stopped. Passes through `catch` clauses of cells, not through their `finally`. */
export class Interrupt extends Error {
  override readonly name = "Interrupt";
  constructor() {
    super("stopped");
  }
}
