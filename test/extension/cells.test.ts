import { expect, test, vi } from "vitest";
import type * as vscode from "vscode";
import { deletedCells } from "../../src/extension/run/cells";

vi.mock("vscode", () => ({}));

/** As the editor tells it once the change is done: a cell that is gone has no place any more. */
const cell = (index: number) => ({ index }) as vscode.NotebookCell;

test("a cell that is moved is not deleted: it may run on", () => {
  const moved = cell(2);
  const contentChanges = [
    { range: {}, removedCells: [moved], addedCells: [] },
    { range: {}, removedCells: [], addedCells: [moved] },
  ];
  expect(deletedCells({ contentChanges } as unknown as vscode.NotebookDocumentChangeEvent)).toEqual([]);
});

test("a cell that is gone is deleted", () => {
  const gone = cell(-1);
  const contentChanges = [{ range: {}, removedCells: [gone], addedCells: [] }];
  expect(deletedCells({ contentChanges } as unknown as vscode.NotebookDocumentChangeEvent)).toEqual([gone]);
});
