import type * as vscode from "vscode";

/**
 * What a notebook's cells are called between the editor and the kernel: by their id in the file, which is the same when
 * the notebook is closed and opened again, moved or renamed. A cell keeps the name under which it first ran: a new one is
 * asked about before it has its id.
 */
export class CellNames {
  private readonly names = new Map<string, string>();

  of(cell: vscode.NotebookCell): string {
    const uri = cell.document.uri.toString();
    const known = this.names.get(uri);
    if (known !== undefined) return known;
    const { id } = cell.metadata as { readonly id?: unknown };
    // A copy has the id of its original until it gets its own.
    const isFree = typeof id === "string" && ![...this.names.values()].includes(id);
    return isFree ? id : uri;
  }

  /** Its name from now on. */
  give(cell: vscode.NotebookCell): string {
    const name = this.of(cell);
    this.names.set(cell.document.uri.toString(), name);
    return name;
  }

  /** The cell was deleted: where it comes back, by undoing or from the clipboard, its name is free for it. */
  release(cell: vscode.NotebookCell): void {
    this.names.delete(cell.document.uri.toString());
  }

  /** The cells belong to another document now, and get their names anew. */
  forget(): void {
    this.names.clear();
  }
}

/** Whether two documents hold the same cells: one is the other under a new name. */
export function haveSameCells(a: vscode.NotebookDocument, b: vscode.NotebookDocument): boolean {
  const [ours, theirs] = [a, b].map((notebook) =>
    notebook.getCells().map(({ metadata }) => (metadata as { readonly id?: unknown }).id),
  );
  if (!ours || !theirs || ours.length === 0 || ours.length !== theirs.length) return false;
  return ours.every((id, i) => typeof id === "string" && id === theirs[i]);
}

/** Whether a cell of one has the text of its counterpart: what a person edits before "Save As" is some of them. */
export function shareCode(a: vscode.NotebookDocument, b: vscode.NotebookDocument): boolean {
  const theirs = b.getCells();
  return a.getCells().some((cell, i) => cell.document.getText() === theirs[i]?.document.getText());
}
