import { mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type * as vscode from "vscode";
import type { Associations } from "../../src/extension/run/associations";
import { Sessions } from "../../src/extension/run/sessions";

const { open, asked, FakeSession } = vi.hoisted(() => ({
  open: [] as unknown[],
  /** The questions on the screen. */
  asked: [] as { readonly buttons: unknown[]; answer(choice: unknown): void }[],
  FakeSession: class {
    isAlive = true;
    run: { running?: string } = { running: "a" };
    isDisposed = false;
    constructor(public notebook: unknown) {}
    dispose(): void {
      this.isDisposed = true;
    }
    get work(): string | undefined {
      return this.run.running === undefined ? undefined : "a cell runs";
    }
    private readonly listeners = new Set<() => void>();
    readonly onDidChange = (listener: () => void) => {
      this.listeners.add(listener);
      return { dispose: () => this.listeners.delete(listener) };
    };
    /** Its cell ends. */
    end(): void {
      this.run = {};
      for (const listener of this.listeners) listener();
    }
    detach(): void {}
    attach(notebook: unknown): void {
      this.notebook = notebook;
    }
  },
}));

vi.mock("../../src/extension/run/session", () => ({ Session: FakeSession }));
vi.mock("vscode", () => ({
  EventEmitter: class {
    readonly event = () => {};
    readonly fire = () => {};
  },
  window: {
    showInformationMessage: (_: string, ...buttons: unknown[]) =>
      new Promise((answer) => asked.push({ buttons, answer })),
    showWarningMessage: (_: string, __: object, ...buttons: unknown[]) =>
      new Promise((answer) => asked.push({ buttons, answer })),
  },
  workspace: { notebookDocuments: open, fs: { isWritableFileSystem: (scheme: string) => scheme !== "git" } },
}));

const uriOf = (uri: string) =>
  ({ scheme: uri.split(":")[0], path: uri, fsPath: uri.slice(5), toString: () => uri }) as vscode.Uri;
const document = (uri: string, text = "1 + 1") =>
  ({
    notebookType: "vaenb",
    uri: uriOf(uri),
    getCells: () => [{ metadata: { id: "a" }, document: { getText: () => text } }],
  }) as unknown as vscode.NotebookDocument;
let come = (): Promise<void> => Promise.resolve();
const ours = new Set<vscode.NotebookDocument>();
const associations = {
  come: () => come(),
  forget: () => {},
  concerns: (one: vscode.NotebookDocument) => one.notebookType === "vaenb" || ours.has(one),
} as unknown as Associations;

const controller = {} as vscode.NotebookController;
let sessions: Sessions;
let session: InstanceType<typeof FakeSession>;
const file = document("file:/a.vaenb");
const committed = document("git:/a.vaenb");
const pass = (milliseconds: number) => vi.advanceTimersByTimeAsync(milliseconds);
const moving = () => pass(0);

afterEach(() => vi.useRealTimers());
beforeEach(() => {
  vi.useFakeTimers();
  open.length = asked.length = 0;
  come = () => Promise.resolve();
  sessions = new Sessions(associations, {} as never);
  session = sessions.obtain(file, controller) as unknown as typeof session;
});

test("a notebook that gets another name takes its kernel along", async () => {
  const renamed = document("file:/b.vaenb");
  open.push(renamed);
  await sessions.closed(file);
  expect(sessions.get(renamed)).toBe(session);
  expect(sessions.get(file)).toBeUndefined();
});

test("the committed version beside it, as a comparison shows it, takes no kernel from a notebook", async () => {
  open.push(committed);
  void sessions.closed(file);
  await pass(5_000);
  expect(sessions.get(committed)).toBeUndefined();
  sessions.opened(committed);
  await moving();
  expect(sessions.get(committed)).toBeUndefined();
  const again = document("file:/a.vaenb");
  sessions.opened(again);
  await moving();
  expect(sessions.get(again)).toBe(session);
  expect(session.notebook).toBe(again);
});

test("a kernel whose cell ended soon after its notebook was closed ends, and nobody is asked", async () => {
  void sessions.closed(file);
  await pass(1_000);
  session.run = {};
  await pass(5_000);
  expect(asked).toHaveLength(0);
  expect(session.isDisposed).toBe(true);
});

test("a question that is dismissed ends nothing", async () => {
  void sessions.closed(file);
  await pass(5_000);
  expect(asked[0]?.buttons[0]).toBe("Keep It Running"); // What Enter presses.
  asked[0]?.answer(undefined);
  await pass(5_000);
  expect(session.isDisposed).toBe(false);
  sessions.opened(document("file:/a.vaenb"));
  await moving();
  expect(asked).toHaveLength(1);
});

test("a kernel that was kept says when its work is done, and can be ended then", async () => {
  void sessions.closed(file);
  await pass(5_000);
  asked[0]?.answer(asked[0].buttons[0]);
  await moving();
  expect(asked).toHaveLength(1);
  session.end();
  await pass(5_000);
  expect(asked[1]?.buttons).toEqual(["Open Notebook", "End Kernel"]);
  asked[1]?.answer("End Kernel");
  await moving();
  expect(session.isDisposed).toBe(true);
  expect(sessions.get(file)).toBeUndefined();
});

test("a kept kernel that was done when the question was answered says so, one that died does not", async () => {
  void sessions.closed(file);
  await pass(5_000);
  session.end();
  asked[0]?.answer(asked[0].buttons[0]);
  await pass(5_000);
  expect(asked).toHaveLength(2);
  const other = document("file:/b.vaenb");
  const dying = sessions.obtain(other, controller) as unknown as typeof session;
  void sessions.closed(other);
  await pass(5_000);
  asked[2]?.answer(asked[2].buttons[0]);
  dying.isAlive = false;
  dying.end();
  await pass(5_000);
  expect(asked).toHaveLength(3);
});

test("a kernel that was chosen for one Jupyter notebook does not go to its copy, for which it was not", async () => {
  const [one, copy] = ["file:/x.ipynb", "file:/y.ipynb"].map((uri) => ({
    ...document(uri),
    notebookType: "jupyter-notebook",
    metadata: {},
  })) as unknown as [vscode.NotebookDocument, vscode.NotebookDocument];
  sessions.obtain(one, controller);
  open.push(copy);
  void sessions.closed(one);
  await moving();
  expect(sessions.get(copy)).toBeUndefined();
  open.length = 0;
});

test("a kept kernel whose notebook was opened again says nothing when its cell ends", async () => {
  void sessions.closed(file);
  await pass(5_000);
  asked[0]?.answer(asked[0].buttons[0]);
  await moving();
  sessions.opened(document("file:/a.vaenb"));
  await moving();
  session.end();
  await pass(5_000);
  expect(asked).toHaveLength(1);
  expect(session.isDisposed).toBe(false);
});

test("the button that says so ends the kernel", async () => {
  void sessions.closed(file);
  await pass(5_000);
  asked[0]?.answer(asked[0].buttons[1]);
  await moving();
  expect(session.isDisposed).toBe(true);
  expect(sessions.get(file)).toBeUndefined();
});

test("a notebook that is closed, opened and closed again is asked about once, from its last closing on", async () => {
  void sessions.closed(file);
  await pass(2_000);
  const again = document("file:/a.vaenb");
  sessions.opened(again);
  await moving();
  void sessions.closed(again);
  await pass(1_000);
  expect(asked).toHaveLength(0);
  await pass(5_000);
  expect(asked).toHaveLength(1);
});

test("a file that is renamed keeps its kernel, however long the editor takes", async () => {
  session.run = {};
  sessions.renaming([{ oldUri: file.uri, newUri: uriOf("file:/b.vaenb") }]);
  void sessions.closed(file);
  await pass(20_000);
  expect(session.isDisposed).toBe(false);
  const renamed = document("file:/b.vaenb");
  sessions.opened(renamed);
  await pass(60_000);
  expect(sessions.get(renamed)).toBe(session);
  expect(session.isDisposed).toBe(false);
});

test("a folder that is renamed takes the kernels of its notebooks along", async () => {
  session.run = {};
  sessions.renaming([{ oldUri: uriOf("file:"), newUri: uriOf("file:/folder") }]);
  void sessions.closed(file);
  await pass(20_000);
  const other = document("file:/b.vaenb"); // A copy elsewhere.
  const renamed = document("file:/folder/a.vaenb");
  for (const one of [other, renamed]) sessions.opened(one);
  await moving();
  expect(sessions.get(other)).toBeUndefined();
  expect(sessions.get(renamed)).toBe(session);
});

test("two renames in a row leave one name", async () => {
  come = () => new Promise(() => {}); // Nobody has looked at it since.
  const [b, c] = [document("file:/b.vaenb"), document("file:/c.vaenb")];
  open.push(b);
  void sessions.closed(file);
  open.splice(0, 1, c);
  void sessions.closed(b);
  await moving();
  expect(sessions.get(c)).toBe(session);
  expect(sessions.get(b)).toBeUndefined();
});

test("a cell that is run at once in the renamed notebook finds its kernel there", () => {
  come = () => new Promise(() => {});
  const renamed = document("file:/b.vaenb");
  open.push(renamed);
  void sessions.closed(file);
  expect(sessions.obtain(renamed, controller)).toBe(session);
  expect(session.notebook).toBe(renamed);
});

test("an older copy that is opened when a notebook is closed takes no kernel from it", async () => {
  const { original, copy } = copies();
  const of = sessions.obtain(original, controller) as unknown as typeof session;
  of.run = {};
  void sessions.closed(original);
  sessions.opened(copy);
  await pass(10_000);
  expect(sessions.get(copy)).toBeUndefined();
  expect(of.isDisposed).toBe(true);
});

test("another notebook with cells of the same numbers takes no kernel", async () => {
  const other = document("file:/c.vaenb", "2 + 2");
  open.push(other);
  void sessions.closed(file);
  sessions.opened(other);
  await moving();
  expect(sessions.get(other)).toBeUndefined();
});

test("a notebook that was edited while it was renamed keeps its kernel", async () => {
  const renamed = document("file:/b.vaenb", "2 + 2");
  sessions.renaming([{ oldUri: file.uri, newUri: renamed.uri }]);
  open.push(renamed);
  await sessions.closed(file);
  expect(sessions.get(renamed)).toBe(session);
});

test("a file that was moved outside the editor finds the kernel that was kept", async () => {
  const { original, copy } = copies();
  const of = sessions.obtain(original, controller);
  void sessions.closed(original);
  await pass(5_000);
  asked[0]?.answer(undefined);
  rmSync(original.uri.fsPath);
  sessions.opened(copy);
  await moving();
  expect(sessions.get(copy)).toBe(of);
});

/** Two files with the same cells, written yesterday. */
function copies(): { readonly original: vscode.NotebookDocument; readonly copy: vscode.NotebookDocument } {
  const folder = mkdtempSync(path.join(os.tmpdir(), "vaenb-"));
  const yesterday = Date.now() / 1000 - 86_400;
  const written = (name: string): vscode.NotebookDocument => {
    const file = path.join(folder, name);
    writeFileSync(file, "");
    utimesSync(file, yesterday, yesterday);
    return document(`file:${file}`);
  };
  return { original: written("original.vaenb"), copy: written("copy.vaenb") };
}
