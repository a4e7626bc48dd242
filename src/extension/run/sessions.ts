import * as vscode from "vscode";
import { isOurs } from "../notebookTypes";
import type { Associations } from "./associations";
import { haveSameCells } from "./cellNames";
import { Session, type SessionContext } from "./session";

/** A file that is renamed, or saved under another name, is closed and opened again within this time. */
const MOVING_TAKES = 500;
/** What runs on for longer after its notebook was closed is work that somebody may want to keep. In milliseconds. */
const QUICK_CELL = 2_500;

/** The kernels of all notebooks: one each, from its first cell until the notebook is closed. */
export class Sessions implements vscode.Disposable {
  private readonly sessions = new Map<string, Session>();
  /** Their documents are closed: they wait for the same cells to come back under the same or another name. */
  private readonly waiting = new Set<Session>();
  private readonly changed = new vscode.EventEmitter<Session>();
  readonly onDidChange = this.changed.event;

  constructor(
    private readonly associations: Associations,
    private readonly context: SessionContext,
  ) {}

  get(notebook: vscode.NotebookDocument): Session | undefined {
    return this.sessions.get(keyOf(notebook));
  }

  /** The notebook in front, and its session if it has one. */
  get active(): Session | undefined {
    const notebook = vscode.window.activeNotebookEditor?.notebook;
    return notebook && this.get(notebook);
  }

  obtain(notebook: vscode.NotebookDocument, controller: vscode.NotebookController): Session {
    const known = this.get(notebook);
    if (known) return known;
    const session = new Session(notebook, controller, this.context);
    session.onDidChange(() => this.changed.fire(session));
    this.sessions.set(keyOf(notebook), session);
    return session;
  }

  /** A notebook whose kernel went on without it takes it back, also under a new name. */
  opened(notebook: vscode.NotebookDocument): void {
    const own = this.get(notebook);
    const session =
      own && this.waiting.has(own)
        ? own
        : own
          ? undefined
          : [...this.waiting].find((one) => isHeir(notebook, one.notebook));
    if (session) void this.moveTo(session, notebook);
  }

  /** The editor lets nobody stop a notebook from closing; its kernel can be kept. */
  async closed(notebook: vscode.NotebookDocument): Promise<void> {
    this.associations.forget(notebook);
    const session = this.get(notebook);
    if (!session) return;
    session.detach();
    this.waiting.add(session);
    const heir = vscode.workspace.notebookDocuments.find(
      (one) => one !== notebook && !this.get(one) && isHeir(one, notebook),
    );
    if (heir) return this.moveTo(session, heir);
    await new Promise((resolve) => setTimeout(resolve, MOVING_TAKES));
    await this.endOfQuickCell(session);
    if (!this.waiting.has(session)) return;
    if (isAtWork(session) && (await wantsToKeep(notebook))) return;
    // It may have been opened again while the question stood.
    if (!this.waiting.delete(session)) return;
    this.sessions.delete(keyOf(notebook));
    session.dispose();
  }

  async endAll(): Promise<void> {
    await Promise.all([...this.sessions.values()].map((session) => session.shutDown()));
  }

  dispose(): void {
    for (const session of this.sessions.values()) session.dispose();
    this.changed.dispose();
  }

  /** Waits for cells that end soon: nobody needs to be asked about them. */
  private async endOfQuickCell(session: Session): Promise<void> {
    const start = performance.now();
    while (this.waiting.has(session) && isAtWork(session) && performance.now() - start < QUICK_CELL)
      await new Promise((resolve) => setTimeout(resolve, 50));
  }

  private async moveTo(session: Session, notebook: vscode.NotebookDocument): Promise<void> {
    this.waiting.delete(session);
    this.sessions.delete(keyOf(session.notebook));
    this.sessions.set(keyOf(notebook), session);
    await this.associations.come(notebook);
    // It may have been closed again meanwhile.
    if (this.get(notebook) !== session || this.waiting.has(session)) return;
    session.attach(notebook);
    this.changed.fire(session);
  }
}

/** Not so what a comparison shows beside a notebook: its committed version has the same cells, and nobody runs them. */
const isHeir = (heir: vscode.NotebookDocument, of: vscode.NotebookDocument): boolean =>
  isOurs(heir) &&
  vscode.workspace.fs.isWritableFileSystem(heir.uri.scheme) !== false &&
  haveSameCells(of, heir);

const isAtWork = ({ isAlive, run }: Session): boolean => isAlive && run.running !== undefined;

const keyOf = ({ uri }: vscode.NotebookDocument): string => uri.toString();

async function wantsToKeep({ uri }: vscode.NotebookDocument): Promise<boolean> {
  const keep = "Keep It Running";
  const name = uri.path.split("/").at(-1) ?? "";
  const choice = await vscode.window.showWarningMessage(
    `${name} was closed while a cell runs.`,
    {
      modal: true,
      detail:
        "Stop it and end the kernel? What it computed and did not save is lost. When it is kept, open the notebook again to get back to its variables and to what it printed meanwhile.",
    },
    keep,
    "Stop and End Kernel",
  );
  return choice === keep;
}
