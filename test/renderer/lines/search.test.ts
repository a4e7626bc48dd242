import { expect, test } from "vitest";
import { lastUpTo, merged, nearestTo } from "../../../src/renderer/lines/search";

const every10 = Int32Array.of(10, 20, 30);

test("the losses at a step are those of the last point before it", () => {
  expect([0, 9, 10, 25, 30, 99].map((step) => lastUpTo(every10, step))).toEqual([-1, -1, 0, 1, 2, 2]);
});

test("the nearest step is on either side, and of two that are as near the earlier", () => {
  expect([0, 14, 15, 16, 24, 26, 99].map((at) => nearestTo(every10, at))).toEqual([
    10, 10, 10, 20, 20, 30, 30,
  ]);
  expect(nearestTo(new Int32Array(), 5)).toBeUndefined();
});

test("the steps of two runs are merged in their order, each once", () => {
  expect([...merged(every10, Int32Array.of(5, 10, 15, 40))]).toEqual([5, 10, 15, 20, 30, 40]);
  expect([...merged(new Int32Array(), every10)]).toEqual([10, 20, 30]);
});

test("what a damaged file calls steps does not hold the page up", () => {
  const damaged = Float32Array.of(NaN, 2, Infinity, NaN);
  expect([...merged(damaged, Float32Array.of(1, NaN, Infinity))].filter((step) => !(step >= 1))).toEqual([]);
});
