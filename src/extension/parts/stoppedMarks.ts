import * as vscode from "vscode";
import { JUPYTER, VAENB } from "../notebookTypes";
import type { Session } from "../run/session";
import type { Sessions } from "../run/sessions";

/** A cell that was stopped says so under it, in a word: it neither succeeded nor failed. */
export class StoppedMarks implements vscode.NotebookCellStatusBarItemProvider, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChangeCellStatusBarItems = this.changed.event;
  private readonly seen = new WeakMap<Session, number>();
  private readonly subscriptions: vscode.Disposable[];

  constructor(private readonly sessions: Sessions) {
    this.subscriptions = [
      ...[VAENB, JUPYTER].map((type) =>
        vscode.notebooks.registerNotebookCellStatusBarItemProvider(type, this),
      ),
      // Each change makes the editor ask again for every cell on the screen.
      sessions.onDidChange((session) => {
        if ((this.seen.get(session) ?? 0) === session.stoppedVersion) return;
        this.seen.set(session, session.stoppedVersion);
        this.changed.fire();
      }),
    ];
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
    for (const one of [...this.subscriptions, this.changed]) one.dispose();
  }
}
