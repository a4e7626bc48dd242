import { inspect } from "node:util";
import type { ErrorReport, StackFrame } from "../../protocol/messages";
import { CodeError, isInstance, type Place, SourceError } from "./failure";
import { cleanMessage } from "./names";
import { headOf, printFrame, type StackTraces, textOf } from "./stackTrace";

/** Where to read a source again, for the code around an error. */
export type SourceOf = (
  position: NonNullable<StackFrame["position"]>,
) => { readonly title: string; readonly source: string } | undefined;

/** What may have been meant, as a sentence, for an error at a place in a source. */
export type HintFor = (message: string, place: Place, source: string) => string | undefined;

/** Writes an error for the person who meets it: what, where in their code, how it came there, and why. Never throws. */
export function reportError(
  thrown: unknown,
  traces: StackTraces,
  sourceOf: SourceOf,
  hintFor: HintFor,
): ErrorReport {
  try {
    return isInstance(thrown, Error) ? reportOf(thrown, traces, sourceOf, hintFor) : reportOfValue(thrown);
  } catch (failure) {
    const reason = failure instanceof Error ? textOf(failure, "message") : typeof failure;
    const message = `a value was thrown that cannot be shown: ${reason}`;
    return { name: "Error", message, text: `Error: ${message}`, frames: [] };
  }
}

function reportOfValue(thrown: unknown): ErrorReport {
  const message = inspect(thrown, { depth: 2 });
  return { name: "Uncaught", message, text: `Uncaught ${message}`, frames: [] };
}

function reportOf(thrown: Error, traces: StackTraces, sourceOf: SourceOf, hintFor: HintFor): ErrorReport {
  const frames = traces.framesOf(thrown);
  const message = cleanMessage(textOf(thrown, "message"));
  const at = frames[0]?.position;
  const source = at && sourceOf(at)?.source;
  const hint = at === undefined || source === undefined ? undefined : hintFor(message, at, source);
  return {
    name: textOf(thrown, "name") || "Error",
    message: withHint(message, hint),
    text: describe(thrown, traces, sourceOf, new Set(), hint),
    frames,
  };
}

const withHint = (text: string, hint: string | undefined): string =>
  hint === undefined ? text : `${text}. ${hint}`;

/** A syntax error in the cell itself. */
export function reportCodeError(error: CodeError, cell: string, title: string, source: string): ErrorReport {
  const where = error instanceof SourceError ? error.origin : { title, source, cell };
  const file = where.path === undefined ? { cell: where.cell ?? cell } : { file: where.path };
  const position = { ...file, ...error.place };
  const notes = error.notes.map((note) => `${note.text}\n${codeFrame(where.source, note.place, 1)}`);
  const text = [
    `SyntaxError: ${error.message}`,
    `    at ${where.title}:${error.place.line}:${error.place.column}`,
    codeFrame(where.source, error.place, error.length),
    ...notes,
  ].join("\n");
  return { name: "SyntaxError", message: error.message, text, frames: [{ position, location: where.title }] };
}

function describe(
  error: Error,
  traces: StackTraces,
  sourceOf: SourceOf,
  seen: Set<Error>,
  hint?: string,
): string {
  seen.add(error);
  const parts = [withHint(headOf(error), hint)];
  if (error instanceof SourceError)
    parts.push(
      `    at ${error.origin.title}:${error.place.line}:${error.place.column}`,
      codeFrame(error.origin.source, error.place, error.length),
    );
  const frames = traces.framesOf(error);
  const first = frames.find((frame) => frame.position)?.position;
  const source = first && sourceOf(first);
  if (source) parts.push(codeFrame(source.source, first, 1));
  parts.push(...frames.map((frame) => `    at ${printFrame(frame)}`));

  const properties = ownProperties(error);
  if (properties) parts.push(properties);
  if (error instanceof AggregateError && Array.isArray(error.errors))
    error.errors
      .slice(0, 10)
      .forEach((one, i) =>
        parts.push(`${i + 1} of ${error.errors.length}: ${nested(one, traces, sourceOf, seen)}`),
      );
  if (error.cause !== undefined) parts.push(`caused by ${nested(error.cause, traces, sourceOf, seen)}`);
  return parts.join("\n");
}

function nested(error: unknown, traces: StackTraces, sourceOf: SourceOf, seen: Set<Error>): string {
  if (!isInstance(error, Error)) return inspect(error, { depth: 1 });
  return seen.has(error) ? `${headOf(error)} (see above)` : describe(error, traces, sourceOf, seen);
}

const known = new Set(["name", "message", "stack", "cause", "errors"]);
const ofCodeErrors = new Set(["place", "length", "notes", "origin"]);

/** What libraries attach to errors: `code`, `errno`, `response`, ... */
function ownProperties(error: Error): string | undefined {
  const isOurs = isInstance(error, CodeError);
  const entries = Object.entries(error).filter(
    ([key]) => !known.has(key) && !(isOurs && ofCodeErrors.has(key)),
  );
  if (entries.length === 0) return undefined;
  return `  ${inspect(Object.fromEntries(entries), { depth: 1, breakLength: 100 })}`;
}

/** The lines around a place, with a marker under it. Tabs keep their width in the marker's line. */
export function codeFrame(source: string, { line, column }: Place, length: number): string {
  const lines = source.split(/\r?\n/);
  const first = Math.max(1, line - 2);
  const shown = lines.slice(first - 1, line + 1);
  // The line break at the end of a source begins no line worth showing.
  if (shown.length > line - first + 1 && lines.length === line + 1 && shown.at(-1) === "") shown.pop();
  const width = String(first + shown.length - 1).length;
  return shown
    .flatMap((text, i) => {
      const number = first + i;
      const row = `${number === line ? ">" : " "} ${String(number).padStart(width)} | ${text}`;
      if (number !== line) return [row];
      const indent = text.slice(0, column - 1).replace(/[^\t]/g, " ");
      const span = Math.max(1, Math.min(length, text.length - column + 1));
      return [row, `  ${" ".repeat(width)} | ${indent}${"^".repeat(span)}`];
    })
    .map((row) => row.trimEnd())
    .join("\n");
}
