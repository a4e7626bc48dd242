import * as vscode from "vscode";
import type { Notebook } from "../../notebook";
import { fromEditor } from "./editorNotebook";

/** The notebook as it is on the screen, with what was not saved yet. */
export const documentNotebook = (document: vscode.NotebookDocument): Notebook =>
  fromEditor({
    metadata: document.metadata,
    cells: document.getCells().map((cell) => ({
      kind: cell.kind === vscode.NotebookCellKind.Code ? "code" : "markup",
      language: cell.document.languageId,
      text: cell.document.getText().replaceAll("\r\n", "\n"),
      metadata: cell.metadata,
      executionCount: cell.executionSummary?.executionOrder,
      outputs: cell.outputs.map(({ items, metadata }) => ({ items, ...(metadata ? { metadata } : {}) })),
    })),
  });
