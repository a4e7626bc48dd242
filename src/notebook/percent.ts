import { idFromContent, type MakeCellId } from "./cellIds";
import { acceptText, decodeFile } from "./decode";
import type { JsonObject } from "./json";
import { type Cell, type CellType, newNotebookMetadata, type Notebook } from "./notebook";
import { NotebookError } from "./notebookError";
import { isHeader, printHeader, readHeader, readMetadata } from "./percentHeader";
import { PercentHeaderError } from "./percentHeaderError";
import { printJsonLine } from "./printJson";

/**
 * Notebooks as TypeScript files, in the percent format that editors and Jupytext know: a line `// %%` starts a cell, and
 * text cells are comments. Outputs, cell ids and attachments have no place in it; metadata has.
 *
 *     // %% [markdown]
 *     // # A heading
 *
 *     // %% Load the data {"tags": ["parameters"]}
 *     const size = 100;
 */
export function parsePercent(
  file: string | Uint8Array,
  { makeId = idFromContent }: { makeId?: MakeCellId } = {},
): Notebook {
  const lines = linesOf(typeof file === "string" ? acceptText(file) : decodeFile(file));
  const metadata = readNotebookLine(lines[0] ?? "");
  const starts = lines.flatMap((line, i) => (isHeader(line) ? [i] : []));
  const first = metadata === undefined ? 0 : 1;
  // Code above the first header is a cell too; a blank line there is none.
  if (lines.slice(first, starts[0]).some((line) => line.trim() !== "")) starts.unshift(first - 1);

  const taken = new Set<string>();
  const cells = starts.map((start, i): Cell => {
    const headed = start >= first;
    const { type, metadata } = headed ? at(start, i, () => readHeader(lines[start] ?? "")) : unheaded;
    const body = lines.slice(start + 1, starts[i + 1]);
    const source = type === "code" ? readCode(body, i === starts.length - 1) : readText(body, start + 2, i);
    const id = makeId({ type, source }, taken);
    taken.add(id);
    const parts = { id, source, metadata };
    return type === "code" ? { type, ...parts, executionCount: null, outputs: [] } : { type, ...parts };
  });
  return { metadata: metadata ?? newNotebookMetadata, cells };
}

/** Throws for a source that a UTF-8 text file cannot hold. */
export function printPercent(notebook: Notebook): string {
  const top = printNotebookLine(notebook.metadata);
  const cells = notebook.cells.map((cell, i) => {
    const [bad] = /[\0\p{Surrogate}]/u.exec(cell.source) ?? [];
    if (bad !== undefined) {
      throw new Error(
        `cell ${i + 1} holds ${JSON.stringify(bad)} itself, which a .ts file cannot; write it as an escape`,
      );
    }
    return [printHeader(cell), ...printBody(cell)].join("\n");
  });
  return [...top, ...cells].map((block) => `${block}\n`).join("\n");
}

/** What `printPercent` leaves out of this notebook, in words for a person. */
export function omittedByPercent(notebook: Notebook): string[] {
  const outputs = notebook.cells.filter((cell) => cell.type === "code" && cell.outputs.length > 0).length;
  const attached = notebook.cells.filter(
    (cell) => cell.type !== "code" && cell.attachments !== undefined,
  ).length;
  return [
    ...(outputs > 0 ? [`the outputs of ${outputs} ${outputs === 1 ? "cell" : "cells"}`] : []),
    ...(attached > 0 ? [`the attachments of ${attached} text ${attached === 1 ? "cell" : "cells"}`] : []),
  ];
}

/** A file whose every line ends in CR LF came from Windows, and its cells' lines end in LF as everywhere else. */
function linesOf(text: string): string[] {
  const unix = /[^\r]\n|^\n/.test(text) ? text : text.replaceAll("\r\n", "\n");
  return unix.replace(/\n$/, "").split("\n");
}

/** One blank line ends each cell but the last. */
function readCode(lines: readonly string[], last: boolean): string {
  const body = !last && lines.at(-1) === "" ? lines.slice(0, -1) : lines;
  return body.map(unescapeHeader).join("\n");
}

/** In a text cell every line that belongs to it is a comment, so blank lines at its end do not. */
function readText(lines: readonly string[], firstLine: number, cell: number): string {
  const end = lines.findLastIndex((line) => line.trim() !== "") + 1;
  const body = lines.slice(0, end);
  return body.map((line, i) => uncomment(unescapeHeader(line), firstLine + i, cell)).join("\n");
}

const unheaded = { type: "code", metadata: {} } as const;

function printBody(cell: { readonly type: CellType; readonly source: string }): string[] {
  if (cell.source === "") return [];
  const lines = cell.source.split("\n");
  const body = cell.type === "code" ? lines : lines.map((line) => (line === "" ? "//" : `// ${line}`));
  return body.map((line) => (isHeader(line) || isEscapedHeader(line) ? `// ${line}` : line));
}

/** A line of a cell that would be read as a header stands one comment deeper. */
const isEscapedHeader = (line: string): boolean => /^\/\/ (\/\/ )*\/\/ ?%%(?=\s|$)/.test(line);

const unescapeHeader = (line: string): string => (isEscapedHeader(line) ? line.slice(3) : line);

function uncomment(line: string, lineNumber: number, cell: number): string {
  if (line.startsWith("// ")) return line.slice(3);
  if (line.startsWith("//")) return line.slice(2);
  if (line.trim() === "") return "";
  const problem = `a text cell has comment lines only, and this is none: put "// " before it, or "// %%" on a line above it to start a code cell`;
  throw new NotebookError("structure", problem, { line: lineNumber, column: 1 }, cell + 1);
}

const notebookLine = /^\/\/ notebook (?=\{)/;

/** The notebook's own metadata, on the file's first line when it is not that of every new notebook. */
function readNotebookLine(line: string): JsonObject | undefined {
  const [mark] = notebookLine.exec(line) ?? [];
  return mark === undefined
    ? undefined
    : at(0, undefined, () => readMetadata(line.slice(mark.length).trimEnd(), mark.length));
}

const printNotebookLine = (metadata: JsonObject): string[] =>
  printJsonLine(metadata) === printJsonLine(newNotebookMetadata)
    ? []
    : [`// notebook ${printJsonLine(metadata)}`];

function at<T>(line: number, cell: number | undefined, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof PercentHeaderError)) throw error;
    throw new NotebookError(
      "structure",
      error.problem,
      { line: line + 1, column: error.offset + 1 },
      cell === undefined ? cell : cell + 1,
    );
  }
}
