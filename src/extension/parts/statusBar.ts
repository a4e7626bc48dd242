import * as vscode from "vscode";
import type { Associations } from "../run/associations";
import { atRest } from "../run/runState";
import type { Sessions } from "../run/sessions";
import { processMemory } from "./processMemory";
import { statusText } from "./statusText";
import { unhurried } from "./unhurried";

const MEMORY_EVERY = 3_000;

/** The kernel of the notebook in front: its state, memory, runtime and engine. A click offers what can be done. */
export class StatusBar implements vscode.Disposable {
  private readonly item = vscode.window.createStatusBarItem(
    "vaenb.kernel",
    vscode.StatusBarAlignment.Right,
    100,
  );
  private bytes: { readonly pid: number; readonly value: number } | undefined;
  private isFront = false;
  private shown = "";
  private readonly timer: NodeJS.Timeout;
  private readonly subscriptions: vscode.Disposable[];

  constructor(
    private readonly sessions: Sessions,
    private readonly associations: Associations,
  ) {
    this.item.name = "VAE Notebook Kernel";
    this.item.command = "vaenb.kernelActions";
    const { soon, dispose } = unhurried(() => this.refresh());
    this.subscriptions = [
      vscode.window.onDidChangeActiveNotebookEditor(() => this.refresh()),
      sessions.onDidChange(soon),
      associations.onDidChange(soon),
      { dispose },
    ];
    this.timer = setInterval(() => void this.weigh(), MEMORY_EVERY);
    this.timer.unref();
    this.refresh();
  }

  dispose(): void {
    clearInterval(this.timer);
    for (const one of [...this.subscriptions, this.item]) one.dispose();
  }

  private refresh(): void {
    const notebook = vscode.window.activeNotebookEditor?.notebook;
    const isFront = notebook !== undefined && this.associations.concerns(notebook);
    if (isFront !== this.isFront) {
      this.isFront = isFront;
      // Menus and views of the window, outside the notebook's own editor, go by this.
      void vscode.commands.executeCommand("setContext", "vaenb.notebookInFront", isFront);
    }
    if (!isFront) {
      this.shown = "";
      return this.item.hide();
    }
    const session = this.sessions.get(notebook);
    const facts = session?.facts ?? {};
    const bytes = this.bytes?.pid === facts.pid ? this.bytes?.value : undefined;
    if (facts.pid !== undefined && bytes === undefined) void this.weigh();
    const { text, details, alarming } = statusText(session?.run ?? atRest, facts, bytes);
    const tooltip = new vscode.MarkdownString(details.join("\n\n"));
    // The editor draws the item anew for each of these, also where nothing is different.
    const shown = JSON.stringify([text, details, alarming]);
    if (shown === this.shown) return;
    this.shown = shown;
    this.item.text = text;
    this.item.tooltip = tooltip;
    this.item.backgroundColor = alarming ? new vscode.ThemeColor("statusBarItem.errorBackground") : undefined;
    this.item.show();
  }

  private async weigh(): Promise<void> {
    const pid = this.sessions.active?.facts.pid;
    if (pid === undefined) return;
    const value = await processMemory(pid);
    if (value === undefined) return;
    const isNews = this.bytes?.pid !== pid || Math.abs(this.bytes.value - value) > 1e6;
    this.bytes = { pid, value };
    if (isNews) this.refresh();
  }
}
