import { existsSync, statSync } from "node:fs";
import * as vscode from "vscode";
import type { Associations } from "./associations";
import { haveSameCells, shareCode } from "./cellNames";
import { Session, type SessionContext } from "./session";

/**
 * A notebook that is saved under another name is closed and opened again within this time, also by a slow editor. Work
 * that goes on for longer somebody may want to keep. In milliseconds.
 */
const MOVING_TAKES = 2_500;
/** Of a file that is being renamed it is known that it comes back. */
const RENAMING_TAKES = 30_000;

/** How often a kernel that was kept is looked at. */
const LOOKED_AT_EVERY = 1_000;

/** The kernels of all notebooks: one each, from its first cell until the notebook is closed. */
export class Sessions implements vscode.Disposable {
  private readonly sessions = new Map<string, Session>();
  /**
   * Their documents are closed: they wait for the same cells to come back under the same or another name. Each closing
   * has a mark of its own: one that was opened and closed again meanwhile is the later one's to end.
   */
  private readonly waiting = new Map<Session, symbol>();
  /** Files that get another name right now, by their old one: they are closed and opened again. */
  private readonly renamed = new Map<string, string>();
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

  /** Whether a Stop ended the last run of a cell of any of them. */
  get hasStopped(): boolean {
    return [...this.sessions.values()].some((session) => session.hasStopped);
  }

  obtain(notebook: vscode.NotebookDocument, controller: vscode.NotebookController): Session {
    const known = this.get(notebook);
    if (known) {
      // A cell was run before the kernel that came back had been told that the notebook is ours.
      if (known.notebook !== notebook) this.adopt(known, notebook);
      return known;
    }
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
          : [...this.waiting.keys()].find((one) => this.isHeir(notebook, one.notebook));
    if (session) void this.moveTo(session, notebook);
  }

  /** The editor lets nobody stop a notebook from closing; its kernel can be kept. */
  async closed(notebook: vscode.NotebookDocument): Promise<void> {
    this.associations.forget(notebook);
    const session = this.get(notebook);
    if (!session) return;
    session.detach();
    const closing = Symbol(keyOf(notebook));
    this.waiting.set(session, closing);
    const isOver = (): boolean => this.waiting.get(session) !== closing;
    const heir = vscode.workspace.notebookDocuments.find(
      (one) => one !== notebook && !this.get(one) && this.isHeir(one, notebook),
    );
    if (heir) return this.moveTo(session, heir);
    await this.comingBack(notebook, isOver);
    if (isOver()) return;
    const { work } = session;
    if (work !== undefined && (await wantsToKeep(notebook, work))) {
      if (!isOver()) void this.offerWhenDone(session, isOver);
      return;
    }
    // It may have been opened again while the question stood.
    if (isOver()) return;
    this.forget(session);
    session.dispose();
  }

  /** These files get another name, or their folders do. */
  renaming(files: readonly { readonly oldUri: vscode.Uri; readonly newUri: vscode.Uri }[]): void {
    for (const session of this.sessions.values()) {
      const key = keyOf(session.notebook);
      for (const { oldUri, newUri } of files) {
        const old = oldUri.toString();
        if (key !== old && !key.startsWith(`${old}/`)) continue;
        this.renamed.set(key, newUri.toString() + key.slice(old.length));
        setTimeout(() => this.renamed.delete(key), RENAMING_TAKES).unref();
      }
    }
  }

  async endAll(): Promise<void> {
    await Promise.all([...this.sessions.values()].map((session) => session.shutDown()));
  }

  dispose(): void {
    for (const session of this.sessions.values()) session.dispose();
    this.changed.dispose();
  }

  /** A kernel that was kept for its work has done it: nobody sees that it is still there. */
  private async offerWhenDone(session: Session, isOver: () => boolean): Promise<void> {
    // One training may follow another: between them there is a moment without work.
    for (let restful = 0; restful < 2; restful = session.work === undefined ? restful + 1 : 0) {
      await new Promise((resolve) => setTimeout(resolve, LOOKED_AT_EVERY).unref());
      // A kernel that died has an offer of its own.
      if (isOver() || !session.isAlive) return;
    }
    const { uri } = session.notebook;
    const open = "Open Notebook";
    const end = "End Kernel";
    const choice = await vscode.window.showInformationMessage(
      `${nameOf(uri)} was closed, and its kernel is done with what it was kept for. Until the kernel is ended it keeps its memory.`,
      open,
      end,
    );
    if (isOver()) return;
    if (choice === open) await vscode.commands.executeCommand("vscode.open", uri);
    if (choice !== end) return;
    this.forget(session);
    session.dispose();
  }

  /** Waits as long as the notebook may come back, or its cell may end by itself: then nobody needs to be asked. */
  private async comingBack(notebook: vscode.NotebookDocument, isOver: () => boolean): Promise<void> {
    const patience = this.renamed.has(keyOf(notebook)) ? RENAMING_TAKES : MOVING_TAKES;
    const start = performance.now();
    while (!isOver() && performance.now() - start < patience)
      await new Promise((resolve) => setTimeout(resolve, 50));
    this.renamed.delete(keyOf(notebook));
  }

  private async moveTo(session: Session, notebook: vscode.NotebookDocument): Promise<void> {
    this.forget(session);
    this.sessions.set(keyOf(notebook), session);
    await this.associations.come(notebook);
    // It may have been closed again meanwhile.
    if (this.get(notebook) === session && !this.waiting.has(session)) this.adopt(session, notebook);
  }

  /**
   * Whether a notebook is another one under a new name. Not so what a comparison shows beside it: its committed version
   * has the same cells, and nobody runs them. Nor an older copy, or one whose every text is another: they are notebooks of
   * their own.
   */
  private isHeir(heir: vscode.NotebookDocument, of: vscode.NotebookDocument): boolean {
    if (vscode.workspace.fs.isWritableFileSystem(heir.uri.scheme) === false) return false;
    if (!haveSameCells(of, heir)) return false;
    const renamed = this.renamed.get(keyOf(of));
    if (renamed !== undefined) return renamed === keyOf(heir) && heir.notebookType === of.notebookType;
    // Files that a script has written may number their cells alike.
    if (!this.associations.concerns(heir) || !shareCode(of, heir)) return false;
    return wasJustWritten(heir.uri) || isGone(of.uri);
  }

  private adopt(session: Session, notebook: vscode.NotebookDocument): void {
    if (session.notebook === notebook) return;
    this.waiting.delete(session);
    session.attach(notebook);
    this.changed.fire(session);
  }

  /** Under all names: one that is renamed twice in a row has two until it is attached. */
  private forget(session: Session): void {
    this.waiting.delete(session);
    for (const [key, one] of this.sessions) if (one === session) this.sessions.delete(key);
  }
}

/** As "Save As" writes a file before it opens it. */
function wasJustWritten({ scheme, fsPath }: vscode.Uri): boolean {
  if (scheme !== "file") return true; // Where nobody can tell.
  const written = statSync(fsPath, { throwIfNoEntry: false })?.mtimeMs;
  return written === undefined || Date.now() - written < RENAMING_TAKES;
}

/** Moved while its kernel went on without a window, or outside the editor. */
const isGone = ({ scheme, fsPath }: vscode.Uri): boolean => scheme === "file" && !existsSync(fsPath);

const nameOf = ({ path }: vscode.Uri): string => path.split("/").at(-1) ?? "";
const keyOf = ({ uri }: vscode.NotebookDocument): string => uri.toString();

/** Dismissed, the question ends nothing: what is lost comes from a click on the button that says so. */
async function wantsToKeep({ uri }: vscode.NotebookDocument, work: string): Promise<boolean> {
  // The first is what Enter presses: nothing is lost by it.
  const keep = "Keep It Running";
  const end = "Interrupt and End Kernel";
  const name = nameOf(uri);
  const choice = await vscode.window.showWarningMessage(
    `${name} was closed while ${work}.`,
    {
      modal: true,
      detail:
        'Kept, it goes on without the notebook: open that again to get back to the variables and to what was printed meanwhile. You are told when it is done; "Cancel" lets it go on too. When the kernel ends, what was computed and not saved is lost.',
    },
    keep,
    end,
  );
  return choice !== end;
}
