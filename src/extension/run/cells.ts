import * as vscode from "vscode";
import { asJsonObject } from "../file/exactJson";

/** What a cell is called in messages. */
export const titleOf = (cell: vscode.NotebookCell): string => `Cell ${cell.index + 1}`;

export const tagsOf = (cell: vscode.NotebookCell): readonly unknown[] => {
  const { tags } = asJsonObject(cell.metadata.metadata);
  return Array.isArray(tags) ? tags : [];
};

/** The cells that "Run All" runs. */
export const runnable = (notebook: vscode.NotebookDocument): vscode.NotebookCell[] =>
  notebook
    .getCells()
    .filter(
      (cell) =>
        cell.kind === vscode.NotebookCellKind.Code &&
        cell.document.languageId === "typescript" &&
        !tagsOf(cell).includes("skip-execution"),
    );
