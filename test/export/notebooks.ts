import { readFileSync } from "node:fs";
import type { FileBundle, JsonObject, Notebook, Output } from "../../src/notebook";
import { idFromContent } from "../../src/notebook";
import { type Exported, exportNotebook, type ExportOptions } from "../../src/export";
import type { ExportFormat } from "../../src/export/formats";

type CellParts =
  | { readonly markdown: string; readonly attachments?: Readonly<Record<string, FileBundle>> }
  | { readonly raw: string }
  | {
      readonly code: string;
      readonly count?: number;
      readonly outputs?: readonly Output[];
      readonly metadata?: JsonObject;
    };

/** A notebook from what matters of its cells. */
export function notebook(...cells: readonly CellParts[]): Notebook {
  const taken = new Set<string>();
  return {
    metadata: {},
    cells: cells.map((cell) => {
      const type = "markdown" in cell ? "markdown" : "raw" in cell ? "raw" : "code";
      const source = "markdown" in cell ? cell.markdown : "raw" in cell ? cell.raw : cell.code;
      const id = idFromContent({ type, source }, taken);
      taken.add(id);
      const parts = { id, source, metadata: {} };
      if ("markdown" in cell)
        return { ...parts, type: "markdown", ...(cell.attachments ? { attachments: cell.attachments } : {}) };
      if ("raw" in cell) return { ...parts, type: "raw" };
      const { count = null, outputs = [], metadata = {} } = cell;
      return { ...parts, type: "code", metadata, executionCount: count, outputs };
    }),
  };
}

export const printed = (text: string, name: "stdout" | "stderr" = "stdout"): Output => ({
  type: "stream",
  name,
  text,
});
export const shown = (data: FileBundle): Output => ({ type: "display_data", data, metadata: {} });
export const thrown = (name: string, message: string, ...frames: readonly string[]): Output => ({
  type: "error",
  name,
  message,
  traceback: [`${name}: ${message}`, ...frames],
});

/** One red pixel. */
export const redPixel =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==";

/** Exports with stand-ins for the page's scripts, which say their names. */
export function exported(
  from: Notebook,
  format: ExportFormat,
  options: Partial<ExportOptions> = {},
): Exported {
  const steps = exportNotebook(from, format, {
    fileName: "lesson.vaenb",
    base: "",
    filesFolder: "lesson_files",
    part: (name) => `/* the part ${name} */`,
    picture: () => undefined,
    ...options,
  });
  let step = steps.next();
  while (step.done !== true) step = steps.next();
  return step.value;
}

export const page = (from: Notebook, options: Partial<ExportOptions> = {}): string =>
  exported(from, "html", options).text;

/** A page as people get it, with the built scripts. */
export const realPage = (from: Notebook): string =>
  page(from, { part: (name) => readFileSync(`dist/page/${name}.js`, "utf8") });
