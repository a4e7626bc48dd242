import { beforeEach, expect, test, vi } from "vitest";
import type * as vscode from "vscode";
import { Executions } from "../../src/extension/run/executions";

/** Stands in for the editor: what was told of each cell, in order. */
let told: string[];
let executions: Executions;

const controller = {
  createNotebookCellExecution: (cell: vscode.NotebookCell) => {
    const { text } = cell.metadata as { text: string };
    told.push(`${text}: waits`);
    return {
      // The editor answers with the number that the cell has on the screen, of the run before.
      get executionOrder() {
        return 2;
      },
      set executionOrder(value) {
        told.push(`${text}: number ${value}`);
      },
      start: (time?: number) => told.push(`${text}: starts at ${time}`),
      end: (success?: boolean, time?: number) => told.push(`${text}: ends ${success} at ${time}`),
    };
  },
} as unknown as vscode.NotebookController;
const cellOf = (name: string) =>
  name === "deleted" ? undefined : ({ metadata: { text: name } } as unknown as vscode.NotebookCell);
const log = { warn: () => {}, debug: () => {} } as unknown as vscode.LogOutputChannel;
const nothing = () => false;

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000 });
  told = [];
  executions = new Executions(controller, cellOf, log);
});

test("a cell that runs is marked with its number, its times and how it ended", () => {
  executions.queue("a");
  executions.start("a", 3);
  vi.setSystemTime(1_500);
  executions.end("a", "ok", 3, () => told.push("a: the rest") > 0);
  executions.settle();
  expect(told).toEqual([
    "a: waits",
    "a: starts at 1000",
    "a: the rest",
    "a: number 3",
    "a: ends true at 1500",
  ]);
});

test("a cell that takes its time is shown as running; what is over at once reaches the editor in one piece", () => {
  executions.queue("slow");
  executions.start("slow", 1);
  expect(told).toEqual([]);
  vi.advanceTimersByTime(25);
  expect(told).toEqual(["slow: waits", "slow: number 1", "slow: starts at 1000"]);
  executions.end("slow", "ok", 1, nothing);
  told = [];
  executions.queue("quick");
  executions.start("quick", 2);
  executions.end("quick", "ok", 2, nothing);
  expect(told).toEqual([
    "quick: waits",
    "quick: starts at 1025",
    "quick: number 2",
    "quick: ends true at 1025",
  ]);
});

test("the output of a quick cell comes before its number and its end, for which nobody waits", () => {
  executions.queue("quick");
  executions.start("quick", 1);
  executions.end("quick", "ok", 1, () => told.push("quick: an output") > 0);
  const first = ["quick: waits", "quick: starts at 1000", "quick: an output"];
  const rest = ["quick: number 1", "quick: ends true at 1000"];
  expect(told).toEqual(first);
  vi.advanceTimersByTime(80);
  expect(told).toEqual([...first, ...rest]);
});

test.each(["runs again", "is written to", "is followed by another", "is saved", "is closed"])(
  "a cell that %s has ended before that",
  async (what) => {
    executions.queue("a");
    executions.start("a", 1);
    executions.end("a", "ok", 1, () => true);
    told = [];
    if (what === "runs again" || what === "is followed by another") {
      executions.queue(what === "runs again" ? "a" : "b");
      await Promise.resolve();
    }
    if (what === "is written to") await executions.write("a", () => Promise.resolve());
    if (what === "is saved") executions.settle();
    if (what === "is closed") executions.detach();
    expect(told.slice(0, 2)).toEqual(["a: number 1", "a: ends true at 1000"]);
    const before = told.length;
    vi.advanceTimersByTime(100);
    expect(told).toHaveLength(before);
  },
);

test("a cell is open before anything is written to it, and not after its notebook is closed", async () => {
  executions.queue("a");
  executions.start("a", 1);
  await executions.write("a", () => Promise.resolve(void told.push("a: an output")));
  expect(told).toEqual(["a: waits", "a: number 1", "a: starts at 1000", "a: an output"]);
  executions.queue("b");
  executions.start("b", 2);
  executions.detach();
  vi.advanceTimersByTime(100);
  expect(told.some((line) => line.startsWith("b: starts"))).toBe(false);
});

test("a stopped cell has neither a check mark nor a cross, and is known as stopped until it runs again", () => {
  executions.queue("a");
  executions.start("a", 1);
  executions.end("a", "stopped", 1, nothing);
  expect(told.at(-1)).toBe("a: ends undefined at 1000");
  expect(executions.wasStopped("a")).toBe(true);
  executions.queue("a");
  expect(executions.wasStopped("a")).toBe(false);
});

test("writing to a cell that has ended leaves its number, its times and its mark as they were", async () => {
  executions.queue("a");
  executions.start("a", 2);
  executions.end("a", "ok", 2, nothing);
  told = [];
  vi.setSystemTime(90_000);
  await executions.write("a", () => Promise.resolve());
  expect(told).toEqual(["a: waits", "a: number 2", "a: starts at 1000", "a: ends true at 1000"]);
});

test("a cell that failed and lets the others go on keeps its cross", () => {
  executions.queue("a");
  executions.start("a", 1);
  executions.end("a", "failed", 1, nothing);
  executions.end("a", "ok", 1, nothing);
  expect(told.filter((line) => line.includes("ends"))).toEqual(["a: ends false at 1000"]);
});

test("a cell that waited and never ran keeps no mark; one for which the kernel could not start has a cross", () => {
  executions.queue("a");
  executions.end("a", "cancelled", undefined, nothing);
  expect(told.at(-1)).toBe("a: ends undefined at undefined");
  executions.queue("a");
  executions.end("a", "failed", undefined, nothing);
  expect(told.at(-1)).toBe("a: ends false at 1000");
});

test("a cell that ends while its notebook is closed has its mark when it is written to again", async () => {
  executions.queue("a");
  executions.start("a", 1);
  executions.detach();
  vi.setSystemTime(5_000);
  executions.end("a", "ok", 1, nothing);
  told = [];
  executions.attach(undefined, []);
  await executions.write("a", () => Promise.resolve());
  expect(told).toEqual(["a: waits", "a: number 1", "a: starts at 1000", "a: ends true at 5000"]);
});

test("a cell that waits is shown as waiting at once, before the one that runs is told", async () => {
  executions.queue("first");
  executions.queue("second");
  executions.start("first", 1);
  await Promise.resolve();
  expect(told).toEqual(["second: waits"]);
});

test("the editor's Run is over when it knows all that started, and not before", async () => {
  await executions.told();
  executions.queue("a");
  executions.start("a", 1);
  const over = executions.told().then(() => told.push("over"));
  await vi.advanceTimersByTimeAsync(24);
  expect(told).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  await over;
  expect(told).toEqual(["a: waits", "a: number 1", "a: starts at 1000", "over"]);
});

test("a cell that runs when its notebook comes back runs since its start", async () => {
  executions.queue("a");
  executions.start("a", 1);
  executions.detach();
  told = [];
  vi.setSystemTime(5_000);
  executions.attach("a", ["b"]);
  await Promise.resolve();
  expect(told).toEqual(["a: waits", "a: number 1", "a: starts at 1000", "b: waits"]);
});

test("a cell that is gone is neither started nor written to", async () => {
  executions.queue("deleted");
  expect(executions.start("deleted", 1)).toBe(false);
  const work = vi.fn(() => Promise.resolve());
  await executions.write("deleted", work);
  expect(work).not.toHaveBeenCalled();
});

test("cells that wait run on while their notebook is closed, and have their marks when it is opened again", () => {
  executions.queue("a");
  executions.queue("b");
  executions.start("a", 1);
  executions.detach();
  executions.end("a", "ok", 1, nothing);
  told = [];
  expect(executions.start("b", 2)).toBe(true);
  expect(told).toEqual([]);
  executions.attach("b", []);
  vi.setSystemTime(5_000);
  executions.end("b", "ok", 2, nothing);
  expect(told).toEqual(["b: waits", "b: number 2", "b: starts at 1000", "b: ends true at 5000"]);
  expect(executions.start("c", 3)).toBe(false);
});
