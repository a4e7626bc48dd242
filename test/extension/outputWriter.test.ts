import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { OutputWriter } from "../../src/extension/run/outputWriter";
import type { Event } from "../../src/protocol/messages";
import { type FakeOutput, RecordingEditor } from "./recordingEditor";

let editors: Map<string, RecordingEditor>;
let holds: boolean[];
let ended: Set<string>;
let waiting: Set<string>;
let redrawn: string[];
let canRedraw: boolean;
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
  ended = new Set();
  waiting = new Set();
  redrawn = [];
  canRedraw = true;
  let made = 0;
  writer = new OutputWriter<FakeOutput>({
    make: ({ items }) => {
      // As the editor does.
      if (items.some(({ mime }) => !mime.includes("/"))) throw new Error("INVALID mime type");
      return { id: ++made, items: [...items] };
    },
    open: (cell, work) =>
      cell === "deleted" || waiting.has(cell) ? Promise.resolve() : work(editorOf(cell)),
    isRunning: (cell) => !ended.has(cell),
    isWaiting: (cell) => waiting.has(cell),
    redraw: (display, bundle) => {
      if (canRedraw) redrawn.push(`${display}: ${String(bundle["text/plain"])}`);
      return canRedraw;
    },
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

test("a cell's last words reach the editor in one turn with its end", () => {
  writer.start("a", 1);
  writer.take(print("a", "all"));
  writer.finish("a", editorOf("a"));
  expect(editorOf("a").texts).toEqual(["all"]);
});

describe("a cell that runs", () => {
  const update = (text: string): Event => ({ type: "update", display: "d", bundle: { "text/plain": text } });
  beforeEach(async () => {
    writer.start("a", 1);
    writer.take({ type: "display", cell: "a", display: "d", bundle: { "text/plain": "0" } });
    await vi.advanceTimersByTimeAsync(200);
  });

  test("has its chart redrawn ten times a second, and the document follows every ten seconds", async () => {
    for (let i = 1; i <= 1_000; i++) {
      writer.take(update(String(i)));
      await vi.advanceTimersByTimeAsync(25);
    }
    expect(redrawn.length).toBeGreaterThan(200);
    expect(redrawn.length).toBeLessThanOrEqual(251); // Both ends of 25 seconds.
    const written = editorOf("a").calls.filter((call) => call.startsWith("replaceOutputItems"));
    expect(written).toHaveLength(2);
  });

  test("has its chart redrawn on while the editor takes seconds to write the document", async () => {
    editorOf("a").replaceOutputItems = () => new Promise(() => {});
    for (let i = 1; i <= 800; i++) {
      writer.take(update(String(i)));
      await vi.advanceTimersByTimeAsync(25);
    }
    expect(redrawn.length).toBeGreaterThan(150);
  });

  test("has its chart in the document when it rests", async () => {
    writer.take(update("1"));
    await vi.advanceTimersByTimeAsync(2_000);
    expect(redrawn).toEqual(["d: 1"]);
    expect(editorOf("a").texts).toEqual(["1"]);
  });

  test("has its chart's last state in the document when it ends, and before it is saved", async () => {
    writer.take(update("1"));
    await vi.advanceTimersByTimeAsync(150);
    const saved = writer.settle();
    await vi.advanceTimersByTimeAsync(1);
    await saved;
    expect(editorOf("a").texts).toEqual(["1"]);
    writer.take(update("2"));
    writer.finish("a", editorOf("a"));
    expect(editorOf("a").texts).toEqual(["2"]);
  });

  test("has its chart in the document at once where nothing else can redraw it", async () => {
    canRedraw = false;
    writer.take(update("1"));
    await vi.advanceTimersByTimeAsync(150);
    expect(editorOf("a").texts).toEqual(["1"]);
  });

  test("prints on while its chart is redrawn", async () => {
    writer.take(update("1"));
    writer.take(print("a", "text"));
    await vi.advanceTimersByTimeAsync(150);
    expect(redrawn).toEqual(["d: 1"]);
    expect(editorOf("a").texts).toEqual(["0", "text"]);
  });
});

describe("a cell that has ended", () => {
  const update = (text: string): Event => ({ type: "update", display: "d", bundle: { "text/plain": text } });
  beforeEach(() => {
    writer.start("a", 1);
    writer.take({ type: "display", cell: "a", display: "d", bundle: { "text/plain": "0" } });
    writer.finish("a", editorOf("a"));
    ended.add("a");
  });

  test("has its chart redrawn ten times a second, and the editor is told once, when it is at rest", async () => {
    for (let i = 1; i <= 200; i++) {
      writer.take(update(String(i)));
      await vi.advanceTimersByTimeAsync(10);
    }
    expect(redrawn.length).toBeGreaterThan(15);
    expect(redrawn.length).toBeLessThanOrEqual(21);
    expect(editorOf("a").texts).toEqual(["0"]);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(redrawn.at(-1)).toBe("d: 200");
    expect(editorOf("a").texts).toEqual(["200"]);
    expect(editorOf("a").calls).toHaveLength(2);
    expect(vi.getTimerCount()).toBe(0);
  });

  test("is up to date in the document before it is saved", async () => {
    writer.take(update("1"));
    await writer.settle();
    expect(editorOf("a").texts).toEqual(["1"]);
  });

  test("is told of what it prints late at most twice a second", async () => {
    for (let i = 0; i < 200; i++) {
      writer.take(print("a", "."));
      await vi.advanceTimersByTimeAsync(10);
    }
    await vi.advanceTimersByTimeAsync(1_000);
    expect(editorOf("a").texts.at(-1)).toBe(".".repeat(200));
    expect(editorOf("a").calls.length).toBeLessThanOrEqual(7);
  });
});

test("what comes while the notebook is closed is shown when it is opened again, after what was there", async () => {
  writer.start("a", 1);
  writer.take(print("a", "before, "));
  await vi.advanceTimersByTimeAsync(100);
  writer.detach("a", () => ["before, "]);
  const reopened = new RecordingEditor();
  editors.set("a", reopened);
  writer.take(print("a", "meanwhile, "));
  await vi.advanceTimersByTimeAsync(5_000);
  expect(reopened.texts).toEqual([]);
  writer.attach();
  writer.take(print("a", "after"));
  await vi.advanceTimersByTimeAsync(200);
  expect(reopened.texts).toEqual(["before, meanwhile, after"]);
});

test("a cell that emptied itself a moment before its last words keeps them and their updates", async () => {
  writer.start("a", 1);
  writer.take({ type: "display", cell: "a", display: "d", bundle: { "text/plain": "0" } });
  const editor = editorOf("a");
  let taken: () => void = () => {};
  const replace = editor.replaceOutput.bind(editor);
  editor.replaceOutput = async (outputs) => {
    await replace(outputs);
    await new Promise<void>((resolve) => (taken = resolve));
  };
  writer.finish("a", editor);
  ended.add("a");
  writer.emptied("a"); // The editor says only now that it had cleared the cell at its start.
  taken();
  await vi.advanceTimersByTimeAsync(200);
  writer.take({ type: "update", display: "d", bundle: { "text/plain": "1" } });
  await vi.advanceTimersByTimeAsync(5_000);
  expect(editor.texts).toEqual(["1"]);
});

describe("a cell that has ended when its notebook gets another name", () => {
  let renamed: RecordingEditor;
  const display = (text: string, type: "display" | "update" = "display"): Event => ({
    ...(type === "display" ? { type, cell: "a" } : { type }),
    display: "d",
    bundle: { "text/plain": text },
  });
  beforeEach(async () => {
    writer.start("a", 1);
    writer.take(print("a", "printed"));
    writer.take(display("0"));
    writer.finish("a", editorOf("a"));
    ended.add("a");
    await vi.advanceTimersByTimeAsync(2_000);
    writer.detach(undefined, () => ["printed", "0"]);
    renamed = new RecordingEditor();
    editors.set("a", renamed);
    writer.attach();
    await vi.advanceTimersByTimeAsync(2_000);
  });

  test("is left as the file shows it, also when it is saved", async () => {
    await writer.settle();
    expect(renamed.calls).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test("still takes the updates of what it shows", async () => {
    writer.take(display("1", "update"));
    await vi.advanceTimersByTimeAsync(2_000);
    expect(renamed.texts).toEqual(["printed", "1"]);
    writer.take(display("2", "update"));
    await vi.advanceTimersByTimeAsync(5_000);
    expect(renamed.texts).toEqual(["printed", "2"]);
    expect(renamed.calls).toHaveLength(2);
  });

  test("shows nothing any more when a person has cleared it", async () => {
    writer.emptied("a");
    writer.take(display("1", "update"));
    await vi.advanceTimersByTimeAsync(5_000);
    expect(renamed.calls).toEqual([]);
    writer.take(print("a", "late"));
    await vi.advanceTimersByTimeAsync(2_000);
    expect(renamed.texts).toEqual(["late"]);
  });

  test("still takes what it prints late, below what it shows", async () => {
    writer.take(print("a", "late"));
    await vi.advanceTimersByTimeAsync(2_000);
    expect(renamed.texts).toEqual(["printed", "0", "late"]);
  });

  test("begins anew when it is run again", async () => {
    writer.start("a", 2);
    ended.delete("a");
    writer.take(print("a", "again"));
    await vi.advanceTimersByTimeAsync(200);
    expect(renamed.texts).toEqual(["again"]);
  });
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
  writer.finish("a", editorOf("a"));
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

test("a display under a name that is no MIME type says so, and the others are shown", async () => {
  writer.take(print("a", "before"));
  writer.take({ type: "display", cell: "a", bundle: { html: "<b>1</b>" } });
  writer.take({ type: "display", cell: "a", bundle: { html: "<b>1</b>", "text/plain": "1" } });
  writer.take(print("a", "after"));
  await vi.advanceTimersByTimeAsync(100);
  expect(editorOf("a").texts).toEqual([
    "before",
    '(cannot be shown: "html" is no MIME type, such as "text/html")',
    "1",
    "after",
  ]);
  expect(vi.getTimerCount()).toBe(0);
});

test("a figure that went on says so no more when its kernel is gone, also in a cell that has ended", async () => {
  const bundle = { "text/plain": "training" };
  for (const cell of ["a", "b"])
    writer.take({ type: "display", cell, display: `of ${cell}`, bundle, result: false });
  writer.take(print("c", "nothing to change"));
  writer.finish("b", editorOf("b"));
  ended.add("b");
  await vi.advanceTimersByTimeAsync(100);
  writer.ended((shown) => ({ ...shown, "text/plain": "cut off" }));
  await vi.advanceTimersByTimeAsync(3_000);
  expect([...editors.values()].map(({ texts }) => texts)).toEqual([
    ["cut off"],
    ["cut off"],
    ["nothing to change"],
  ]);
  expect(vi.getTimerCount()).toBe(0);
});

test("a running cell that a person cleared shows what comes next, and the figure that goes on", async () => {
  const figure = (text: string) => ({ "text/plain": text });
  writer.start("a", 1);
  writer.take({ type: "display", cell: "a", display: "still", bundle: figure("a picture") });
  writer.take({ type: "display", cell: "a", display: "d", bundle: figure("step 1") });
  writer.take(print("a", "epoch 1\n"));
  await vi.advanceTimersByTimeAsync(3_000);
  expect(editorOf("a").texts).toEqual(["a picture", "step 1", "epoch 1\n"]);

  editorOf("a").outputs = [];
  writer.emptied("a");
  await vi.advanceTimersByTimeAsync(3_000);
  expect(editorOf("a").texts).toEqual([]);
  writer.take(print("a", "epoch 2\n"));
  writer.take({ type: "update", display: "d", bundle: figure("step 2") });
  await vi.advanceTimersByTimeAsync(3_000);
  expect(editorOf("a").texts).toEqual(["epoch 2\n", "step 2"]);
  writer.take(print("a", "epoch 3\n"));
  writer.take({ type: "update", display: "d", bundle: figure("step 3") });
  writer.finish("a", editorOf("a"));
  await vi.advanceTimersByTimeAsync(3_000);
  expect(editorOf("a").texts).toEqual(["epoch 2\n", "step 3", "epoch 3\n"]);
});

test("a cell that empties itself as it starts keeps what it shows while the editor says so", async () => {
  const slow = editorOf("a");
  const replace = slow.replaceOutput.bind(slow);
  slow.replaceOutput = async (outputs) => {
    await replace(outputs);
    writer.emptied("a");
    await new Promise((resolve) => setTimeout(resolve, 20));
  };
  writer.start("a", 1);
  writer.take(print("a", "1"));
  await vi.advanceTimersByTimeAsync(500);
  writer.take(print("a", "2"));
  await vi.advanceTimersByTimeAsync(500);
  expect(slow.texts).toEqual(["12"]);
});

test("a figure whose cell waited for another run, and then did not run, goes on", async () => {
  writer.start("a", 1);
  writer.take({ type: "display", cell: "a", display: "d", bundle: { "text/plain": "step 1" } });
  writer.finish("a", editorOf("a"));
  ended.add("a");
  canRedraw = false;
  await vi.advanceTimersByTimeAsync(3_000);
  waiting.add("a");
  writer.take({ type: "update", display: "d", bundle: { "text/plain": "step 2" } });
  await vi.advanceTimersByTimeAsync(3_000);
  waiting.clear();
  await vi.advanceTimersByTimeAsync(3_000);
  expect(editorOf("a").texts).toEqual(["step 2"]);
});
