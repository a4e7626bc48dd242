import * as vscode from "vscode";
import { isOurs } from "../notebookTypes";

/**
 * Which notebooks the editor has given to our controllers: before that, no cell of theirs can be marked. It does so when
 * a person runs a cell; a kernel that comes back to a notebook asks for it, which works for the one in front.
 */
export class Associations implements vscode.Disposable {
  private readonly chosen = new WeakSet<vscode.NotebookDocument>();
  private readonly awaited = new Map<vscode.NotebookDocument, () => void>();
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.changed.event;
  private readonly front = vscode.window.onDidChangeActiveNotebookEditor(() => this.claimFront());

  constructor(private readonly claim: (notebook: vscode.NotebookDocument) => void) {}

  note(notebook: vscode.NotebookDocument, isChosen: boolean): void {
    if (isChosen) {
      this.chosen.add(notebook);
      this.awaited.get(notebook)?.();
      this.awaited.delete(notebook);
    } else this.chosen.delete(notebook);
    this.changed.fire();
  }

  has(notebook: vscode.NotebookDocument): boolean {
    return this.chosen.has(notebook);
  }

  /** Whether our commands act on it: its file says so, or a person chose our kernel for it. */
  concerns(notebook: vscode.NotebookDocument): boolean {
    return isOurs(notebook) || this.has(notebook);
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
    this.changed.dispose();
    this.awaited.clear();
  }

  private claimFront(): void {
    const notebook = vscode.window.activeNotebookEditor?.notebook;
    if (notebook && this.awaited.has(notebook)) this.claim(notebook);
  }
}
