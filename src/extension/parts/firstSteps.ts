import * as vscode from "vscode";
import type { Figures } from "../run/figures";
import type { Sessions } from "../run/sessions";

/** Contexts that `package.json` names. */
type Step = "hasRunCell" | "hasTrained" | "hasExplored";

/** Tells the walkthrough which of its steps are done: each ends when what it describes has happened, not when it is read. */
export class FirstSteps implements vscode.Disposable {
  private readonly done = new Set<Step>();
  private readonly subscriptions: vscode.Disposable[];

  constructor(sessions: Sessions, figures: Figures) {
    this.subscriptions = [
      sessions.onDidChange(({ run, facts }) => {
        if (run.phase !== "idle" || run.count === 0) return;
        this.note("hasRunCell");
        if (facts.engine !== undefined) this.note("hasTrained");
      }),
      figures.onDidAnswer(() => this.note("hasExplored")),
    ];
  }

  dispose(): void {
    for (const one of this.subscriptions) one.dispose();
  }

  private note(step: Step): void {
    if (this.done.has(step)) return;
    this.done.add(step);
    void vscode.commands.executeCommand("setContext", `vaenb.${step}`, true);
  }
}
