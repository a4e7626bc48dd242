import { beforeEach, describe, expect, test } from "vitest";
import type { EditorOutput } from "../../src/extension/file/editorOutput";
import { CellOutputs } from "../../src/extension/run/cellOutputs";
import type { Event } from "../../src/protocol/messages";
import { type FakeOutput, RecordingEditor } from "./recordingEditor";

const print = (text: string, name: "stdout" | "stderr" = "stdout"): Event => ({
  type: "stream",
  cell: "a",
  name,
  text,
});
const show = (value: string, display?: string): Event => ({
  type: "display",
  cell: "a",
  bundle: { "text/plain": value },
  ...(display === undefined ? {} : { display }),
});
const update = (display: string, value: string): Event => ({
  type: "update",
  display,
  bundle: { "text/plain": value },
});
const clear = (wait: boolean): Event => ({ type: "clear", cell: "a", wait });

let editor: RecordingEditor;
let cell: CellOutputs<FakeOutput>;
const take = (...events: Event[]): void => events.forEach((event) => cell.take(event));
beforeEach(() => {
  editor = new RecordingEditor();
  cell = new CellOutputs(editor.make, () => 1);
});

test("the editor's own serializer of Jupyter's files finds what it needs, without our links", async () => {
  const told: EditorOutput[] = [];
  const kept = new CellOutputs(
    (output) => (told.push(output), editor.make(output)),
    () => 3,
  );
  const frame = { position: { line: 1, column: 7, cell: "/home/anna/x.ipynb#W0" }, location: "Cell 1:1:7" };
  kept.take({
    type: "error",
    cell: "a",
    error: { name: "Error", message: "no", text: "Error: no\n    at Cell 1:1:7", frames: [frame] },
  });
  kept.take({ type: "display", cell: "a", result: true, bundle: { "text/plain": "2" } });
  await kept.flush(editor, 0);
  expect(told.map(({ metadata }) => metadata?.outputType)).toEqual(["error", "execute_result"]);
  expect(told[0]?.metadata?.originalError).toEqual({
    output_type: "error",
    ename: "Error",
    evalue: "no",
    traceback: ["Error: no", "    at Cell 1:1:7"],
  });
  expect(told[1]?.metadata?.executionCount).toBe(3);
});

describe("text", () => {
  test("that comes in many pieces reaches the editor in one", async () => {
    take(...Array.from({ length: 1000 }, (_, i) => print(`${i}\n`)));
    await cell.flush(editor, 0);
    expect(editor.calls).toEqual(["appendOutput 1"]);
    expect(editor.texts[0]?.split("\n")).toHaveLength(1001);
  });

  test("that comes later is added to the same output", async () => {
    take(print("a"));
    await cell.flush(editor, 0);
    take(print("b"), print("c"));
    await cell.flush(editor, 10);
    expect(editor.calls).toEqual(["appendOutput 1", "appendOutputItems to 1"]);
    expect(editor.texts).toEqual(["abc"]);
  });

  test("to stdout and stderr, and between displays, keeps its order", async () => {
    take(print("a"), print("b", "stderr"), print("c"), show("d"), print("e"));
    await cell.flush(editor, 0);
    expect(editor.texts).toEqual(["a", "b", "c", "d", "e"]);
    expect(editor.outputs[1]?.items[0]?.mime).toBe("application/vnd.code.notebook.stderr");
  });

  test("is not told twice", async () => {
    take(print("a"));
    await cell.flush(editor, 0);
    await cell.flush(editor, 100);
    expect(editor.texts).toEqual(["a"]);
    expect(cell.due(100)).toBeUndefined();
  });
});

describe("a live chart", () => {
  test("is drawn again in its own output, never in a new one", async () => {
    take(show("1", "chart"), show("other"));
    await cell.flush(editor, 0);
    take(update("chart", "2"));
    await cell.flush(editor, 200);
    expect(editor.calls).toEqual(["appendOutput 2", "replaceOutputItems of 1"]);
    expect(editor.texts).toEqual(["2", "other"]);
  });

  const redrawings = (): number =>
    editor.calls.filter((call) => call.startsWith("replaceOutputItems")).length;

  test("that changes all the time is drawn a dozen times a second", async () => {
    take(show("0", "chart"));
    for (let now = 0; now < 1000; now += 10) {
      take(update("chart", String(now)));
      await cell.flush(editor, now);
    }
    expect(redrawings()).toBeGreaterThanOrEqual(10);
    expect(redrawings()).toBeLessThanOrEqual(13);
  });

  test("that changes ten times a second, sometimes a little early, is drawn each time at once", async () => {
    take(show("0", "chart"));
    await cell.flush(editor, 0);
    for (let change = 1; change <= 20; change++) {
      const now = 100 * change + (change % 2 === 0 ? 0 : 12);
      take(update("chart", String(change)));
      await cell.flush(editor, now);
    }
    expect(redrawings()).toBe(20);
  });

  test("ends with its last state, also when that came a moment ago", async () => {
    take(show("1", "chart"));
    await cell.flush(editor, 0);
    take(update("chart", "2"));
    await cell.flush(editor, 50);
    expect(editor.texts).toEqual(["1"]);
    expect(cell.due(50)).toBe(30);
    await cell.flush(editor, 50, true);
    expect(editor.texts).toEqual(["2"]);
  });

  test("that changed before the editor saw it is drawn once", async () => {
    take(show("1", "chart"), update("chart", "2"));
    await cell.flush(editor, 0);
    expect(editor.calls).toEqual(["appendOutput 1"]);
    expect(editor.texts).toEqual(["2"]);
  });
});

describe("clearing", () => {
  test("a new run replaces what was shown in one step, so that nothing jumps", async () => {
    take(print("old"));
    await cell.flush(editor, 0);
    cell.restart();
    take(print("new"));
    await cell.flush(editor, 100);
    expect(editor.calls).toEqual(["appendOutput 1", "replaceOutput 1"]);
    expect(editor.texts).toEqual(["new"]);
  });

  test("clear empties at once, clear that waits when the next output comes", async () => {
    take(print("a"), clear(false));
    await cell.flush(editor, 0);
    expect(editor.texts).toEqual([]);
    take(print("b"), clear(true));
    await cell.flush(editor, 100);
    expect(editor.texts).toEqual(["b"]);
    take(print("c"));
    await cell.flush(editor, 200);
    expect(editor.texts).toEqual(["c"]);
  });
});

test("our view comes before the ones that other tools draw", async () => {
  const bundle = {
    "text/plain": "a chart",
    "application/vnd.plotly.v1+json": {},
    "application/vnd.vaenb.training+json": {},
  };
  take({ type: "display", cell: "a", bundle });
  await cell.flush(editor, 0);
  expect(editor.outputs[0]?.items.map((item) => item.mime)).toEqual([
    "application/vnd.vaenb.training+json",
    "application/vnd.plotly.v1+json",
    "text/plain",
  ]);
});

describe("a document that is closed while it is told more", () => {
  /** An editor that takes what it is told only when asked to, as the real one's other process does. */
  class SlowEditor extends RecordingEditor {
    private readonly waiting: (() => void)[] = [];
    override appendOutputItems(...told: Parameters<RecordingEditor["appendOutputItems"]>): Promise<void> {
      return new Promise((resolve) =>
        this.waiting.push(() => void super.appendOutputItems(...told).then(resolve)),
      );
    }
    /** Takes so much of what waits. */
    take(count: number): void {
      for (const take of this.waiting.splice(0, count)) take();
    }
  }

  test.each([
    ["lines that differ", ["one\n", "two\n", "three\n"]],
    ["the same line again", ["tick\n", "tick\n", "tick\n"]],
  ])("loses nothing and shows nothing twice, however much it took: %s", async (_, [first, ...rest]) => {
    for (const taken of [0, 1, 2]) {
      const slow = new SlowEditor();
      const told = new CellOutputs(slow.make, () => 1);
      told.take(print(first ?? ""));
      await told.flush(slow, 0);
      for (const line of rest) {
        told.take(print(line));
        void told.flush(slow, 0);
      }
      slow.take(taken);
      // The document takes them, and is closed before it can say so.
      told.detach(slow.texts);
      told.take(print("after\n"));
      const next = new RecordingEditor();
      await told.flush(next, 0);
      expect(next.texts.join("")).toBe([first, ...rest, "after\n"].join(""));
    }
  });

  test("and had not even got the output", async () => {
    take(print("first\n"));
    const never = { ...editor, appendOutput: () => new Promise<void>(() => {}) };
    void cell.flush(Object.assign(new RecordingEditor(), never), 0);
    cell.detach([]);
    await cell.flush(editor, 0);
    expect(editor.texts).toEqual(["first\n"]);
  });

  test("keeps a line that is drawn over itself, once", async () => {
    const slow = new SlowEditor();
    const told = new CellOutputs(slow.make, () => 1);
    told.take(print("10 %\r"));
    await told.flush(slow, 0);
    told.take(print("20 %\r"));
    void told.flush(slow, 0);
    told.detach(["10 %"]);
    const next = new RecordingEditor();
    await told.flush(next, 0);
    expect(next.texts).toEqual(["10 %20 %\r"]);
  });
});
