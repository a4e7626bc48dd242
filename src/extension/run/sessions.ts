import * as vscode from "vscode";
import { isOurs } from "../notebookTypes";
import { Session } from "./session";

/** The kernels of all notebooks: one each, from its first cell until the notebook is closed. */
export class Sessions implements vscode.Disposable {
  private readonly sessions = new Map<string, Session>();
  private readonly changed = new vscode.EventEmitter<Session>();
  readonly onDidChange = this.changed.event;

  constructor(
    private readonly extensionFolder: string,
    private readonly log: vscode.LogOutputChannel,
  ) {}

  get(notebook: vscode.NotebookDocument): Session | undefined {
    return this.sessions.get(notebook.uri.toString());
  }

  /** The notebook in front, and its session if it has one. */
  get active(): Session | undefined {
    const notebook = vscode.window.activeNotebookEditor?.notebook;
    return notebook && this.get(notebook);
  }

  obtain(notebook: vscode.NotebookDocument, controller: vscode.NotebookController): Session {
    const known = this.get(notebook);
    if (known) return known;
    const session = new Session(notebook, controller, this.extensionFolder, this.log);
    session.onDidChange(() => this.changed.fire(session));
    this.sessions.set(notebook.uri.toString(), session);
    return session;
  }

  /** A notebook that was closed while its kernel went on takes it back. */
  opened(notebook: vscode.NotebookDocument): void {
    const session = this.get(notebook);
    if (!session) return;
    session.notebook = notebook;
    this.changed.fire(session);
  }

  /** The editor lets nobody stop a notebook from closing; its kernel can be kept. */
  async closed(notebook: vscode.NotebookDocument): Promise<void> {
    const session = this.get(notebook);
    if (!session) return;
    if (session.isAlive && session.run.running !== undefined && (await wantsToKeep(notebook))) return;
    if (isOpen(notebook)) return;
    this.sessions.delete(notebook.uri.toString());
    session.dispose();
  }

  async endAll(): Promise<void> {
    await Promise.all([...this.sessions.values()].map((session) => session.shutDown()));
  }

  dispose(): void {
    for (const session of this.sessions.values()) session.dispose();
    this.changed.dispose();
  }
}

const isOpen = ({ uri }: vscode.NotebookDocument): boolean =>
  vscode.workspace.notebookDocuments.some((one) => isOurs(one) && one.uri.toString() === uri.toString());

async function wantsToKeep({ uri }: vscode.NotebookDocument): Promise<boolean> {
  const keep = "Keep It Running";
  const name = uri.path.split("/").at(-1) ?? "";
  const choice = await vscode.window.showWarningMessage(
    `${name} was closed while a cell runs.`,
    {
      modal: true,
      detail:
        "Stop it and end the kernel? What it computed and did not save is lost. When it is kept, open the notebook again to get back to its variables.",
    },
    keep,
    "Stop and End Kernel",
  );
  return choice === keep;
}
