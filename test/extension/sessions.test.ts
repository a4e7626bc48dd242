import { beforeEach, expect, test, vi } from "vitest";
import type * as vscode from "vscode";
import type { Associations } from "../../src/extension/run/associations";
import type { Session } from "../../src/extension/run/session";
import { Sessions } from "../../src/extension/run/sessions";

const { open, FakeSession } = vi.hoisted(() => ({
  open: [] as unknown[],
  FakeSession: class {
    readonly isAlive = true;
    readonly run = { running: "a" };
    constructor(public notebook: unknown) {}
    onDidChange(): void {}
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
  // The person keeps the kernel.
  window: { showWarningMessage: (...[, , keep]: unknown[]) => Promise.resolve(keep) },
  workspace: { notebookDocuments: open, fs: { isWritableFileSystem: (scheme: string) => scheme !== "git" } },
}));

const document = (uri: string) =>
  ({
    notebookType: "vaenb",
    uri: { scheme: uri.split(":")[0], path: uri, toString: () => uri },
    getCells: () => [{ metadata: { id: "a" } }],
  }) as unknown as vscode.NotebookDocument;
const associations = { come: () => Promise.resolve(), forget: () => {} } as unknown as Associations;

let sessions: Sessions;
let session: Session;
const file = document("file:/a.vaenb");
const committed = document("git:/a.vaenb");
const moving = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

beforeEach(() => {
  open.length = 0;
  sessions = new Sessions(associations, {} as never);
  session = sessions.obtain(file, {} as vscode.NotebookController);
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
  await sessions.closed(file);
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
