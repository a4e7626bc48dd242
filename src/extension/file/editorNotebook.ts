import { randomUUID } from "node:crypto";
import { type Cell, type CellId, idFromContent, isCellId, type Notebook } from "../../notebook";
import { asJsonObject, wrapObject } from "./exactJson";
import { type EditorOutput, fromEditorOutput, toEditorOutput } from "./editorOutput";

/** A notebook as the editor keeps it; the editor's own classes fit these shapes. */
export interface EditorCell {
  readonly kind: "code" | "markup";
  readonly language: string;
  readonly text: string;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly executionCount?: number | undefined;
  readonly outputs: readonly EditorOutput[];
}
export interface EditorNotebook {
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly cells: readonly EditorCell[];
}

/** Cells of nbformat's type "raw": shown as code in no language, and never run. */
const RAW_LANGUAGE = "raw";

export const toEditor = ({ metadata, cells }: Notebook): EditorNotebook => ({
  metadata: { metadata: wrapObject(metadata) },
  cells: cells.map(toEditorCell),
});

function toEditorCell(cell: Cell): EditorCell {
  const metadata = {
    id: cell.id,
    metadata: wrapObject(cell.metadata),
    // The editor joins the two kinds of line ends; where the file mixes them, its own text is kept.
    ...(cell.source.includes("\r") ? { source: cell.source } : {}),
    ...("attachments" in cell && cell.attachments ? { attachments: wrapObject(cell.attachments) } : {}),
  };
  switch (cell.type) {
    case "markdown":
      return { kind: "markup", language: "markdown", text: cell.source, metadata, outputs: [] };
    case "raw":
      return {
        kind: "code",
        language: RAW_LANGUAGE,
        text: cell.source,
        metadata: { ...metadata, raw: true },
        outputs: [],
      };
    case "code":
      return {
        kind: "code",
        language: "typescript",
        text: cell.source,
        metadata,
        ...(cell.executionCount === null ? {} : { executionCount: cell.executionCount }),
        outputs: cell.outputs.map(toEditorOutput),
      };
  }
}

export function fromEditor({ metadata, cells }: EditorNotebook): Notebook {
  const taken = new Set(cells.map((cell) => cell.metadata.id).filter((id) => typeof id === "string"));
  return {
    metadata: asJsonObject(metadata.metadata),
    cells: cells.map((cell) => fromEditorCell(cell, taken)),
  };
}

function fromEditorCell(cell: EditorCell, taken: Set<string>): Cell {
  const { id: known, attachments } = cell.metadata;
  const source = originalText(cell);
  const type = cell.kind === "markup" ? "markdown" : isRaw(cell) ? "raw" : "code";
  const id = typeof known === "string" && isCellId(known) ? known : idFromContent({ type, source }, taken);
  taken.add(id);
  const parts = { id, source, metadata: asJsonObject(cell.metadata.metadata) };
  if (type === "code") {
    const outputs = cell.outputs.flatMap(fromEditorOutput);
    return { type, ...parts, executionCount: cell.executionCount ?? null, outputs };
  }
  if (attachments === undefined) return { type, ...parts };
  const files = Object.entries(asJsonObject(attachments));
  return {
    type,
    ...parts,
    attachments: Object.fromEntries(files.map(([name, file]) => [name, asJsonObject(file)] as const)),
  };
}

const isRaw = (cell: EditorCell): boolean =>
  cell.language === RAW_LANGUAGE || (cell.metadata.raw === true && cell.language === "plaintext");

const joined = (text: string): string => text.replaceAll(/\r\n?/g, "\n");
function originalText({ text, metadata: { source } }: EditorCell): string {
  return typeof source === "string" && joined(source) === joined(text) ? source : text;
}

/** An id for a cell that a person just made. */
export const newCellId = (): CellId => {
  const id = randomUUID().slice(0, 8);
  return isCellId(id) ? id : newCellId();
};
