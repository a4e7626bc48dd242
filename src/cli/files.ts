import { readFileSync } from "node:fs";
import { extname } from "node:path";
import {
  type Notebook,
  NotebookError,
  parseNotebook,
  parsePercent,
  printNotebook,
  printPercent,
} from "../notebook";
import { UsageError } from "./usageError";

/** `json` keeps everything that a notebook has, `percent` its sources and metadata. */
export type FileFormat = "json" | "percent";

export function formatOf(file: string): FileFormat {
  const extension = extname(file).toLowerCase();
  if (extension === ".vaenb" || extension === ".ipynb") return "json";
  if (extension === ".ts") return "percent";
  throw new UsageError(`${file}: notebooks are .vaenb, .ipynb or .ts files`);
}

export function readNotebookFile(file: string): Notebook {
  const format = formatOf(file);
  const bytes = readBytes(file);
  try {
    return format === "json" ? parseNotebook(bytes) : parsePercent(bytes);
  } catch (error) {
    if (error instanceof NotebookError)
      throw new UsageError(`${file}:${error.line}:${error.column}: ${cellOf(error)}${error.problem}`);
    throw error;
  }
}

export const printAs = (notebook: Notebook, format: FileFormat): string =>
  format === "json" ? printNotebook(notebook) : printPercent(notebook);

const cellOf = (error: NotebookError): string => (error.cell === undefined ? "" : `cell ${error.cell}: `);

function readBytes(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${reasonOf(error)}`);
  }
}

/** A system error in words, without the call that failed. */
export function reasonOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return reasons.get(code) ?? (error instanceof Error ? error.message : String(error));
}
const reasons = new Map([
  ["ENOENT", "there is no such file or folder"],
  ["EISDIR", "it is a folder"],
  ["EACCES", "permission is denied"],
  ["EPERM", "permission is denied"],
  ["ENOSPC", "the disk is full"],
  ["EROFS", "the disk is read-only"],
]);
