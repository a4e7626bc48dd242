import * as vscode from "vscode";

/**
 * Which notebooks the editor has given to our controllers: before that, no cell of theirs can be marked. It does so when
 * a person runs a cell; a kernel that comes back to a notebook asks for it, which works for the one in front.
 */
export class Associations implements vscode.Disposable {
  private readonly chosen = new WeakSet<vscode.NotebookDocument>();
  private readonly awaited = new Map<vscode.NotebookDocument, () => void>();
  private readonly front = vscode.window.onDidChangeActiveNotebookEditor(() => this.claimFront());

  constructor(private readonly claim: (notebook: vscode.NotebookDocument) => void) {}

  note(notebook: vscode.NotebookDocument, isChosen: boolean): void {
    if (!isChosen) return void this.chosen.delete(notebook);
    this.chosen.add(notebook);
    this.awaited.get(notebook)?.();
    this.awaited.delete(notebook);
  }

  has(notebook: vscode.NotebookDocument): boolean {
    return this.chosen.has(notebook);
  }

  /** Resolves when the notebook is ours. */
  async come(notebook: vscode.NotebookDocument): Promise<void> {
    if (this.has(notebook)) return;
    const coming = new Promise<void>((resolve) => this.awaited.set(notebook, resolve));
    this.claimFront();
    await coming;
  }

  /** The notebook was closed: nobody waits for it any more. */
  forget(notebook: vscode.NotebookDocument): void {
    this.awaited.delete(notebook);
  }

  dispose(): void {
    this.front.dispose();
    this.awaited.clear();
  }

  private claimFront(): void {
    const notebook = vscode.window.activeNotebookEditor?.notebook;
    if (notebook && this.awaited.has(notebook)) this.claim(notebook);
  }
}
