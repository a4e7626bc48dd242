import * as vscode from "vscode";
import { VAENB } from "../notebookTypes";
import { newCellId } from "./editorNotebook";

/** New cells get their id when they are made, not at each save, so that it never changes; copies get one of their own. */
export async function giveIds({
  notebook,
  contentChanges,
}: vscode.NotebookDocumentChangeEvent): Promise<void> {
  const added = contentChanges.flatMap((change) => change.addedCells);
  if (notebook.notebookType !== VAENB || added.length === 0) return;
  const taken = new Set(
    notebook.getCells().flatMap((cell) => (added.includes(cell) ? [] : [cell.metadata.id as unknown])),
  );
  const edits = added.flatMap((cell) => {
    const { id } = cell.metadata as { readonly id?: unknown };
    const isNew = typeof id !== "string" || taken.has(id);
    taken.add(id);
    if (!isNew || cell.index < 0) return [];
    return [vscode.NotebookEdit.updateCellMetadata(cell.index, { ...cell.metadata, id: newCellId() })];
  });
  if (edits.length === 0) return;
  const edit = new vscode.WorkspaceEdit();
  edit.set(notebook.uri, edits);
  await vscode.workspace.applyEdit(edit);
}
