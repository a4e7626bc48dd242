import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { OutputWriter } from "../../src/extension/run/outputWriter";
import type { Event } from "../../src/protocol/messages";
import { type FakeOutput, RecordingEditor } from "./recordingEditor";

let editors: Map<string, RecordingEditor>;
let holds: boolean[];
let writer: OutputWriter<FakeOutput>;
const editorOf = (cell: string): RecordingEditor => {
  const known = editors.get(cell) ?? new RecordingEditor();
  editors.set(cell, known);
  return known;
};
const print = (cell: string, text: string): Event => ({ type: "stream", cell, name: "stdout", text });

beforeEach(() => {
  vi.useFakeTimers();
  editors = new Map();
  holds = [];
  let made = 0;
  writer = new OutputWriter<FakeOutput>({
    make: ({ items }) => ({ id: ++made, items: [...items] }),
    open: (cell, work) => (cell === "deleted" ? Promise.resolve() : work(editorOf(cell))),
    now: () => Date.now(),
    after: (milliseconds, then) => setTimeout(then, milliseconds),
    hold: (wait) => holds.push(wait),
  });
});
afterEach(() => vi.useRealTimers());

test("what a cell prints first is shown at once, what follows in steps", async () => {
  writer.take(print("a", "1"));
  await vi.advanceTimersByTimeAsync(1);
  expect(editorOf("a").texts).toEqual(["1"]);
  for (let i = 0; i < 100; i++) {
    writer.take(print("a", "."));
    await vi.advanceTimersByTimeAsync(5);
  }
  await vi.advanceTimersByTimeAsync(100);
  expect(editorOf("a").texts).toEqual([`1${".".repeat(100)}`]);
  expect(editorOf("a").calls.length).toBeLessThan(13);
});

test("an editor that is slow to take text is told less often", async () => {
  const slow = editorOf("a");
  const append = slow.appendOutputItems.bind(slow);
  slow.appendOutputItems = async (items, output) => {
    await new Promise((resolve) => setTimeout(resolve, 300));
    await append(items, output);
  };
  for (let i = 0; i < 400; i++) {
    writer.take(print("a", "."));
    await vi.advanceTimersByTimeAsync(5);
  }
  await vi.advanceTimersByTimeAsync(2_000);
  expect(slow.texts).toEqual([".".repeat(400)]);
  expect(slow.calls.length).toBeLessThanOrEqual(6);
});

test("a cell's end waits until the editor shows all of it", async () => {
  writer.start("a", 1);
  writer.take(print("a", "all"));
  await writer.finish("a");
  expect(editorOf("a").texts).toEqual(["all"]);
});

test("output goes to the cell that caused it, also after another cell has begun", async () => {
  writer.take(print("a", "1"));
  writer.start("b", 2);
  writer.take(print("b", "2"));
  writer.take(print("a", " late"));
  await vi.advanceTimersByTimeAsync(200);
  expect(editorOf("a").texts).toEqual(["1 late"]);
  expect(editorOf("b").texts).toEqual(["2"]);
});

test("a cell that runs silently loses its old outputs soon, but not at once", async () => {
  writer.take(print("a", "old"));
  await writer.finish("a");
  writer.start("a", 2);
  await vi.advanceTimersByTimeAsync(60);
  expect(editorOf("a").texts).toEqual(["old"]);
  await vi.advanceTimersByTimeAsync(100);
  expect(editorOf("a").texts).toEqual([]);
});

test("the kernel waits while the editor has too much to take, and goes on after", async () => {
  writer.take(print("a", "x".repeat(1_100_000)));
  expect(holds).toEqual([true]);
  await vi.advanceTimersByTimeAsync(100);
  expect(holds.at(-1)).toBe(false);
});

test("output of a cell that is gone keeps none of the others waiting, and nothing busy", async () => {
  writer.take(print("deleted", "1"));
  writer.take(print("a", "2"));
  await vi.advanceTimersByTimeAsync(100);
  expect(editorOf("a").texts).toEqual(["2"]);
  expect(vi.getTimerCount()).toBe(0);
});
