import * as vscode from "vscode";
import {
  newNotebookMetadata,
  type Notebook,
  NotebookError,
  parseNotebook,
  printNotebook,
} from "../../notebook";
import { tellUnreadable } from "./unreadable";
import { type EditorCell, type EditorNotebook, fromEditor, toEditor } from "./editorNotebook";
import type { EditorOutput } from "./editorOutput";
import { LiveDisplays } from "./liveDisplays";

/** Opens and saves `.vaenb` files. A file that cannot be read stays an error: there is nothing that could be saved over it. */
export class Serializer implements vscode.NotebookSerializer {
  private readonly displays = new LiveDisplays();

  deserializeNotebook(bytes: Uint8Array): vscode.NotebookData {
    const { metadata, cells } = toEditor(read(bytes));
    return toData({ metadata, cells: this.displays.restore(cells) });
  }

  serializeNotebook(data: vscode.NotebookData): Uint8Array {
    const notebook = fromData(data);
    this.displays.note(notebook.cells);
    return new TextEncoder().encode(printNotebook(fromEditor(notebook)));
  }
}

function read(bytes: Uint8Array): Notebook {
  // What "New File" and `touch` make: nothing is lost when it opens as a new notebook.
  if (bytes.length === 0) return { metadata: newNotebookMetadata, cells: [] };
  try {
    return parseNotebook(bytes);
  } catch (error) {
    if (!(error instanceof NotebookError)) throw error;
    void tellUnreadable(error);
    throw error;
  }
}

export function toData({ metadata, cells }: EditorNotebook): vscode.NotebookData {
  const data = new vscode.NotebookData(cells.map(toCellData));
  data.metadata = metadata;
  return data;
}

function toCellData(cell: EditorCell): vscode.NotebookCellData {
  const kind = cell.kind === "code" ? vscode.NotebookCellKind.Code : vscode.NotebookCellKind.Markup;
  const data = new vscode.NotebookCellData(kind, cell.text, cell.language);
  data.metadata = cell.metadata;
  data.outputs = cell.outputs.map(toVscodeOutput);
  if (cell.executionCount !== undefined) data.executionSummary = { executionOrder: cell.executionCount };
  return data;
}

export const toVscodeOutput = ({ items, metadata }: EditorOutput): vscode.NotebookCellOutput =>
  new vscode.NotebookCellOutput(
    items.map(({ data, mime }) => new vscode.NotebookCellOutputItem(data, mime)),
    metadata,
  );

const fromData = ({ metadata, cells }: vscode.NotebookData): EditorNotebook => ({
  metadata: metadata ?? {},
  cells: cells.map((cell) => ({
    kind: cell.kind === vscode.NotebookCellKind.Code ? "code" : "markup",
    language: cell.languageId,
    text: cell.value,
    metadata: cell.metadata ?? {},
    executionCount: cell.executionSummary?.executionOrder,
    outputs: (cell.outputs ?? []).map((output) => ({
      items: output.items,
      ...(output.metadata ? { metadata: output.metadata } : {}),
    })),
  })),
});
