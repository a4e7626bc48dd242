/** What kind of trouble a file has, for front ends that answer one of them in their own way. */
export type NotebookTrouble =
  /** Zero bytes, as editors create them for "New File". */
  | "empty"
  /** Not UTF-8 text. */
  | "encoding"
  /** Not JSON, or cut off. */
  | "syntax"
  /** JSON, but not a notebook. */
  | "structure"
  /** A notebook of a version that is not read here. */
  | "version";

/** A file that is no notebook that can be read: where, what, and what to do. Lines, columns and cells count from 1. */
export class NotebookError extends Error {
  override readonly name = "NotebookError";
  readonly line: number;
  readonly column: number;

  constructor(
    readonly trouble: NotebookTrouble,
    readonly problem: string,
    place: { readonly line: number; readonly column: number },
    readonly cell?: number,
  ) {
    super(
      `line ${place.line}, column ${place.column}${cell === undefined ? "" : `, in cell ${cell}`}: ${problem}`,
    );
    this.line = place.line;
    this.column = place.column;
  }
}

export function placeOf(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset);
  return { line: before.split("\n").length, column: offset - before.lastIndexOf("\n") };
}
