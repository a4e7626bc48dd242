import { describe, expect, test } from "vitest";
import { cutOff } from "../../src/extension/run/cutOff";
import { viewMime } from "../../src/protocol/views";

const mime = viewMime("training");

describe("the figure of a training whose kernel ended", () => {
  test("says that it was cut off, and keeps its curves and the runs that were over", () => {
    const runs = [
      { name: "first", status: "finished", train: [1] },
      { name: "second", status: "running", train: [2] },
    ];
    const figure = { [mime]: { title: "Training", runs }, "text/plain": "Training\nsecond: training" };
    expect(cutOff(figure)).toEqual({
      [mime]: { title: "Training", runs: [runs[0], { ...runs[1], status: "cut-off" }] },
      "text/plain": "Training\nsecond: training\nCut off: the kernel ended.",
    });
    // Once is enough.
    expect(cutOff(cutOff(figure) ?? {})).toBeUndefined();
  });

  test("stays as it is where the training was over, and so does everything else", () => {
    expect(cutOff({ [mime]: { runs: [{ status: "stopped" }] } })).toBeUndefined();
    expect(cutOff({ "text/plain": "42" })).toBeUndefined();
    for (const broken of [null, 5, {}, { runs: 3 }, { runs: [null, "running"] }])
      expect(cutOff({ [mime]: broken })).toBeUndefined();
  });
});
