import { idFromContent } from "./cellIds";
import type { JsonObject, JsonValue } from "./json";
import { isSplitMime, splitLines } from "./lines";
import type { Cell, FileBundle, Notebook, Output } from "./notebook";
import { printJson } from "./printJson";

/**
 * The notebook as a file, byte for byte as Jupyter's nbformat writes it. Every notebook can be printed, so that saving
 * never fails: a cell whose id another cell before it has gets a new one.
 */
export function printNotebook(notebook: Notebook): string {
  const taken = new Set<string>();
  const cells = notebook.cells.map((cell) => {
    const id = taken.has(cell.id) ? idFromContent(cell, taken) : cell.id;
    taken.add(id);
    return cellJson({ ...cell, id });
  });
  return `${printJson({ cells, metadata: notebook.metadata, nbformat: 4, nbformat_minor: 5 })}\n`;
}

function cellJson(cell: Cell): JsonObject {
  const common = {
    cell_type: cell.type,
    id: cell.id,
    metadata: cell.metadata,
    source: splitLines(cell.source),
  };
  if (cell.type === "code") {
    return { ...common, execution_count: cell.executionCount, outputs: cell.outputs.map(outputJson) };
  }
  if (cell.attachments === undefined) return common;
  return { ...common, attachments: mapValues(cell.attachments, bundleJson) };
}

function outputJson(output: Output): JsonObject {
  switch (output.type) {
    case "stream":
      return { output_type: "stream", name: output.name, text: splitLines(output.text) };
    case "display_data":
      return { output_type: "display_data", data: bundleJson(output.data), metadata: output.metadata };
    case "execute_result":
      return {
        output_type: "execute_result",
        data: bundleJson(output.data),
        metadata: output.metadata,
        execution_count: output.executionCount,
      };
    case "error":
      return {
        output_type: "error",
        ename: output.name,
        evalue: output.message,
        traceback: output.traceback,
      };
  }
}

const bundleJson = (bundle: FileBundle): JsonObject =>
  mapValues(bundle, (content, mime) =>
    typeof content === "string" && isSplitMime(mime) ? splitLines(content) : content,
  );

/** `Object.fromEntries`, unlike an assignment, also keeps a key named "__proto__". */
const mapValues = <T>(
  object: Readonly<Record<string, T>>,
  map: (value: T, key: string) => JsonValue,
): JsonObject => Object.fromEntries(Object.entries(object).map(([key, value]) => [key, map(value, key)]));
