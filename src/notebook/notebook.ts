import type { JsonObject, JsonValue } from "./json";

declare const cellIdBrand: unique symbol;
/** 1 to 64 letters, digits, "-" or "_"; unique in its notebook. */
export type CellId = string & { readonly [cellIdBrand]: true };
export const isCellId = (text: string): text is CellId => /^[A-Za-z0-9_-]{1,64}$/.test(text);

/**
 * A notebook in memory: nbformat 4.5, with texts joined that the file keeps as lists of lines. Metadata, attachments
 * and MIME types that nobody here knows are part of it.
 *
 * There is no checksum in it. One in the file would find damage inside texts, which nothing else can, but it would
 * also change with every edit: two branches of a notebook would always conflict, and a file that Jupyter or a person
 * edited would look damaged. Damage elsewhere is found: see `parse.ts`.
 */
export interface Notebook {
  readonly metadata: JsonObject;
  readonly cells: readonly Cell[];
}

export type Cell = CodeCell | MarkdownCell | RawCell;
export type CellType = Cell["type"];

interface CellParts {
  readonly id: CellId;
  readonly source: string;
  readonly metadata: JsonObject;
}
export interface CodeCell extends CellParts {
  readonly type: "code";
  readonly executionCount: number | null;
  readonly outputs: readonly Output[];
}
export interface MarkdownCell extends CellParts {
  readonly type: "markdown";
  readonly attachments?: Attachments;
}
export interface RawCell extends CellParts {
  readonly type: "raw";
  readonly attachments?: Attachments;
}

/** File name to content. */
export type Attachments = Readonly<Record<string, FileBundle>>;
/** MIME type to content as the file keeps it: text, base64, or for JSON types any JSON value. */
export type FileBundle = Readonly<Record<string, JsonValue>>;

export type Output = StreamOutput | DisplayOutput | ResultOutput | ErrorOutput;
export interface StreamOutput {
  readonly type: "stream";
  readonly name: "stdout" | "stderr";
  readonly text: string;
}
export interface DisplayOutput {
  readonly type: "display_data";
  readonly data: FileBundle;
  readonly metadata: JsonObject;
}
export interface ResultOutput {
  readonly type: "execute_result";
  readonly executionCount: number | null;
  readonly data: FileBundle;
  readonly metadata: JsonObject;
}
export interface ErrorOutput {
  readonly type: "error";
  readonly name: string;
  readonly message: string;
  readonly traceback: readonly string[];
}

/** What a new notebook says of itself, so that Jupyter, GitHub and nbviewer colour its cells as TypeScript. */
export const newNotebookMetadata: JsonObject = {
  kernelspec: { display_name: "VAE Notebook (TypeScript)", language: "typescript", name: "vaenb" },
  language_info: {
    file_extension: ".ts",
    mimetype: "text/x.typescript",
    name: "typescript",
    pygments_lexer: "typescript",
  },
};

/** A cell's tags, such as "parameters" and "raises-exception". */
export function tagsOf(cell: Cell): readonly string[] {
  const tags = cell.metadata.tags;
  return Array.isArray(tags) ? tags.filter((tag: unknown) => typeof tag === "string") : [];
}
