import { describe, expect, it } from "vitest";
import { NotebookOutputs } from "../../src/client/outputs";

const text = (content: string) => ({ "text/plain": content });

describe("the outputs of a notebook", () => {
  it("join what one stream prints, and keep the streams apart", () => {
    const outputs = new NotebookOutputs();
    for (const [name, printed] of [
      ["stdout", "a"],
      ["stdout", "b"],
      ["stderr", "c"],
      ["stdout", "d"],
    ] as const)
      outputs.apply({ type: "stream", cell: "1", name, text: printed });
    expect(outputs.of("1")).toMatchObject([{ text: "ab" }, { text: "c" }, { text: "d" }]);
  });

  it("take forty thousand lines of two streams in turn as quickly as of one", () => {
    const outputs = new NotebookOutputs();
    const before = process.cpuUsage().user;
    for (let i = 0; i < 20_000; i++)
      for (const name of ["stdout", "stderr"] as const)
        outputs.apply({ type: "stream", cell: "1", name, text: `${i}\n` });
    expect((process.cpuUsage().user - before) / 1000).toBeLessThan(2_000);
    expect(outputs.of("1")).toHaveLength(40_000);
    expect(outputs.of("1").at(-1)).toEqual({ type: "stream", name: "stderr", text: "19999\n" });
  });

  it("update every output of a display, in whichever cell, and tell which cells changed", () => {
    const outputs = new NotebookOutputs();
    for (const cell of ["1", "2", "3"])
      outputs.apply({ type: "display", cell, display: cell === "3" ? "other" : "d", bundle: text("old") });
    expect(outputs.apply({ type: "update", display: "d", bundle: text("new") })).toEqual(["1", "2"]);
    expect(
      ["1", "2", "3"]
        .flatMap((cell) => outputs.of(cell))
        .map((one) => one.type === "display" && one.bundle["text/plain"]),
    ).toEqual(["new", "new", "old"]);
  });

  it("start empty when a cell runs again", () => {
    const outputs = new NotebookOutputs();
    outputs.apply({ type: "stream", cell: "1", name: "stdout", text: "old" });
    outputs.apply({ type: "status", state: "busy", cell: "1" });
    expect(outputs.of("1")).toEqual([]);
  });

  it("clear at once, or when the next output comes", () => {
    const outputs = new NotebookOutputs();
    outputs.apply({ type: "stream", cell: "1", name: "stdout", text: "old" });
    outputs.apply({ type: "clear", cell: "1", wait: true });
    expect(outputs.of("1")).toHaveLength(1);
    outputs.apply({ type: "stream", cell: "1", name: "stdout", text: "new" });
    expect(outputs.of("1")).toMatchObject([{ text: "new" }]);
    outputs.apply({ type: "clear", cell: "1", wait: false });
    expect(outputs.of("1")).toEqual([]);
  });
});
