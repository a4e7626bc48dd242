import * as vscode from "vscode";
import { asJsonObject } from "../file/exactJson";

/** What a cell is called in messages. */
export const titleOf = (cell: vscode.NotebookCell): string => `Cell ${cell.index + 1}`;

export const tagsOf = (cell: vscode.NotebookCell): readonly unknown[] => {
  const { tags } = asJsonObject(cell.metadata.metadata);
  return Array.isArray(tags) ? tags : [];
};

const isSkipped = (cell: vscode.NotebookCell): boolean => tagsOf(cell).includes("skip-execution");

/** The cells that "Run All" runs. */
export const runnable = (notebook: vscode.NotebookDocument): vscode.NotebookCell[] =>
  notebook
    .getCells()
    .filter(
      (cell) =>
        cell.kind === vscode.NotebookCellKind.Code &&
        cell.document.languageId === "typescript" &&
        !isSkipped(cell),
    );

/** The cells of which the editor asks that they run: several are a part of "Run All", one was meant itself. */
export const meant = (cells: readonly vscode.NotebookCell[]): readonly vscode.NotebookCell[] =>
  cells.length > 1 ? cells.filter((cell) => !isSkipped(cell)) : cells;

/** The cells that a change took out of the notebook. One that was moved is told as removed and added, and is still there. */
export const deletedCells = ({ contentChanges }: vscode.NotebookDocumentChangeEvent): vscode.NotebookCell[] =>
  contentChanges.flatMap(({ removedCells }) => removedCells.filter(({ index }) => index < 0));

/** The cells whose outputs a change took away, a person's "Clear Outputs" among others. */
export const emptiedCells = ({ cellChanges }: vscode.NotebookDocumentChangeEvent): vscode.NotebookCell[] =>
  cellChanges.filter(({ outputs }) => outputs?.length === 0).map(({ cell }) => cell);
