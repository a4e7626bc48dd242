import * as vscode from "vscode";
import { JUPYTER, VAENB } from "../notebookTypes";
import type { Session } from "../run/session";
import type { Sessions } from "../run/sessions";

/**
 * A cell that was stopped says so under it, in a word: it neither succeeded nor failed. The editor asks whoever offers
 * words under cells at each step of each run, while its person waits for the output; so we offer them only where there is
 * something to say.
 */
export class StoppedMarks implements vscode.NotebookCellStatusBarItemProvider, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChangeCellStatusBarItems = this.changed.event;
  private readonly seen = new WeakMap<Session, number>();
  private readonly subscription: vscode.Disposable;
  private offers: readonly vscode.Disposable[] = [];

  constructor(private readonly sessions: Sessions) {
    // Each change makes the editor ask again for every cell on the screen.
    this.subscription = sessions.onDidChange((session) => {
      if ((this.seen.get(session) ?? 0) === session.stoppedVersion) return;
      this.seen.set(session, session.stoppedVersion);
      if (this.offer(sessions.hasStopped)) this.changed.fire();
    });
  }

  provideCellStatusBarItems(cell: vscode.NotebookCell): vscode.NotebookCellStatusBarItem[] {
    if (!this.sessions.get(cell.notebook)?.wasStopped(cell)) return [];
    const item = new vscode.NotebookCellStatusBarItem(
      "$(debug-stop) Stopped",
      vscode.NotebookCellStatusBarAlignment.Left,
    );
    item.tooltip = "This cell was stopped. What it had set and trained until then is kept.";
    item.accessibilityInformation = { label: "This cell was stopped" };
    return [item];
  }

  dispose(): void {
    this.offer(false);
    this.subscription.dispose();
    this.changed.dispose();
  }

  /** Answers whether it was offered before: then the editor does not ask again by itself. */
  private offer(isNeeded: boolean): boolean {
    const isOffered = this.offers.length > 0;
    if (isOffered === isNeeded) return isOffered;
    for (const one of this.offers) one.dispose();
    this.offers = isNeeded
      ? [VAENB, JUPYTER].map((type) => vscode.notebooks.registerNotebookCellStatusBarItemProvider(type, this))
      : [];
    return false;
  }
}
