import { beforeEach, expect, test, vi } from "vitest";
import type * as vscode from "vscode";
import type { KernelListener } from "../../src/client/kernel";
import { Session } from "../../src/extension/run/session";

const { FakeKernel, offers, told } = vi.hoisted(() => {
  class FakeKernel {
    static readonly all: FakeKernel[] = [];
    readonly pid = 42;
    isAlive = true;
    constructor(
      _: unknown,
      readonly listener: KernelListener,
    ) {
      FakeKernel.all.push(this);
    }
    /** Answers the cell that was asked for last. */
    end: (result: unknown) => void = () => {};
    request(): Promise<unknown> {
      return new Promise((resolve) => (this.end = resolve));
    }
    pause(): void {}
    resume(): void {}
    shutdown(): Promise<void> {
      this.isAlive = false;
      return Promise.resolve();
    }
    interrupt(): void {}
    die(): void {
      this.isAlive = false;
      this.listener.onDeath({ expected: false, text: "The kernel died." } as never);
    }
  }
  return { FakeKernel, offers: [] as ((choice: unknown) => void)[], told: [] as string[] };
});

vi.mock("../../src/client/kernel", () => ({ KernelProcess: FakeKernel }));
vi.mock("../../src/extension/run/kernelOptions", () => ({
  kernelOptions: () => ({ entry: "kernel.cjs", folder: "/", env: {} }),
  folderOf: () => "/",
}));
vi.mock("vscode", () => ({
  NotebookCellKind: { Markup: 1, Code: 2 },
  EventEmitter: class {
    readonly event = () => {};
    readonly fire = () => {};
    readonly dispose = () => {};
  },
  NotebookCellOutput: class {},
  NotebookCellOutputItem: class {},
  window: {
    showErrorMessage: () => new Promise((resolve) => offers.push(resolve)),
    showInformationMessage: (text: string) => void told.push(text),
  },
}));

const cell = {
  kind: 2,
  metadata: { id: "a" },
  document: { uri: "a", languageId: "typescript", getText: () => "1" },
} as unknown as vscode.NotebookCell;
const notebook = {
  uri: { fsPath: "/a.vaenb" },
  getCells: () => [cell],
} as unknown as vscode.NotebookDocument;
const controller = {
  createNotebookCellExecution: () => ({
    start: () => {},
    end: () => {},
    replaceOutput: () => Promise.resolve(),
  }),
} as unknown as vscode.NotebookController;
const log = { info: () => {}, warn: () => {}, debug: () => {} };
const soon = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

let session: Session;
/** The kernel that runs the notebook's cell. */
async function running(): Promise<InstanceType<typeof FakeKernel> | undefined> {
  void session.execute([cell]);
  await soon();
  const kernel = FakeKernel.all.at(-1);
  kernel?.listener.onEvent({ type: "ready", node: "v20", pid: 42 } as never);
  return kernel;
}

beforeEach(() => {
  FakeKernel.all.length = offers.length = told.length = 0;
  session = new Session(notebook, controller, { extensionFolder: "/", log, figures: {} } as never);
});

test("a cell that was asked about before it had its id runs under its id", async () => {
  const fresh = { ...cell, metadata: {} } as { metadata: object } & typeof cell;
  expect(session.wasStopped(fresh)).toBe(false);
  Object.assign(fresh, { metadata: { id: "b" } });
  void session.execute([fresh]);
  await soon();
  FakeKernel.all.at(-1)?.listener.onEvent({ type: "ready", node: "v20", pid: 42 } as never);
  expect(session.run.running).toBe("b");
});

test("a training that its cell did not wait for counts as work until it ends", async () => {
  const kernel = await running();
  expect(session.work).toBe("a cell runs");
  const tell = (type: string, status: string) =>
    kernel?.listener.onEvent({
      type,
      cell: "a",
      display: "d",
      bundle: { "application/vnd.vaenb.training+json": { runs: [{ status }] } },
    } as never);
  tell("display", "running");
  kernel?.end({ status: "ok", executionCount: 1, milliseconds: 5 });
  await soon();
  expect(session.work).toBe("a training goes on");
  tell("update", "completed");
  expect(session.work).toBeUndefined();
  tell("display", "running");
  void session.execute([cell]); // Its figure is followed no further.
  await soon();
  kernel?.end({ status: "ok", executionCount: 2, milliseconds: 5 });
  await soon();
  expect(session.work).toBeUndefined();
});

test("a kernel that died is restarted when that is chosen", async () => {
  (await running())?.die();
  await soon();
  offers[0]?.({ choice: "restart" });
  await soon();
  expect(FakeKernel.all).toHaveLength(2);
  expect(session.run.phase).toBe("restarting");
});

test("an old offer to restart a dead kernel leaves the one that runs since then alone", async () => {
  (await running())?.die();
  await soon();
  const since = await running();
  offers[0]?.({ choice: "restart" });
  await soon();
  expect(since?.isAlive).toBe(true);
  expect(session.run.phase).toBe("busy");
  expect(told.join()).toMatch(/^Nothing was restarted/);
});

test("an offer to restart a kernel that does not stop is over when its cell has ended", async () => {
  const kernel = await running();
  session.stop();
  kernel?.listener.onUnresponsive?.();
  await soon();
  kernel?.end({ status: "interrupted", executionCount: 1, milliseconds: 5_000 });
  await soon();
  offers[0]?.({ choice: "restart" });
  await soon();
  expect(kernel?.isAlive).toBe(true);
  expect(told.join()).toMatch(/^Nothing was restarted/);
});

test("an offer that outlives its notebook starts no kernel that nobody would end", async () => {
  (await running())?.die();
  await soon();
  session.dispose();
  offers[0]?.({ choice: "restart" });
  await soon();
  expect(FakeKernel.all).toHaveLength(1);
});

test("two restarts in a row start one kernel", async () => {
  const first = await running();
  session.restart();
  session.restart();
  await soon();
  expect(first?.isAlive).toBe(false);
  expect(FakeKernel.all).toHaveLength(2);
});

test("a restart that is confirmed when the notebook is closed starts no kernel that nobody would end", async () => {
  await running();
  session.dispose();
  session.restart();
  void session.execute([cell]);
  await soon();
  expect(FakeKernel.all).toHaveLength(1);
});
