import { describe, expect, it } from "vitest";
import { middles, nearest, type Points, within } from "../../../src/renderer/plane/points";

/** A grid of 10 by 10 points, of two classes in turn. */
const points: Points = {
  x: Float32Array.from({ length: 100 }, (_, i) => i % 10),
  y: Float32Array.from({ length: 100 }, (_, i) => Math.floor(i / 10)),
  classOf: Uint8Array.from({ length: 100 }, (_, i) => i % 2),
};
const all = new Uint8Array(2);
const withoutEven = Uint8Array.of(1, 0);

describe("the nearest point", () => {
  it("is found within the reach", () => {
    expect(nearest(points, all, [3.2, 4.1], [0.5, 0.5])).toBe(43);
  });
  it("is none where all are too far", () => {
    expect(nearest(points, all, [3.5, 4.5], [0.5, 0.5])).toBeUndefined();
  });
  it("is never one of a hidden class", () => {
    expect(nearest(points, withoutEven, [4.1, 4], [2, 2])).toBe(45);
  });
  it("is none where coordinates are not numbers", () => {
    const broken = { x: Float32Array.of(NaN), y: Float32Array.of(NaN) };
    expect(nearest(broken, all, [0, 0], [1, 1])).toBeUndefined();
  });
});

describe("an outline", () => {
  const box = [
    [1.5, 1.5],
    [3.5, 1.5],
    [3.5, 3.5],
    [1.5, 3.5],
  ] as const;
  it("holds what is in a box", () => {
    expect(within(points, all, box)).toEqual([22, 23, 32, 33]);
  });
  it("leaves out hidden classes", () => {
    expect(within(points, withoutEven, box)).toEqual([23, 33]);
  });
  it("may have a notch", () => {
    // The upper edge goes down to (2, 0.5) in its middle: of the rows 0 to 2 the points above the notch are outside.
    const notched = [
      [-0.5, -0.5],
      [4.5, -0.5],
      [4.5, 2.5],
      [2, 0.5],
      [-0.5, 2.5],
    ] as const;
    expect(within(points, all, notched)).toEqual([0, 1, 2, 3, 4, 10, 11, 13, 14, 20, 24]);
  });
  it("without an area holds nothing", () => {
    expect(within(points, all, [])).toEqual([]);
  });
});

describe("the middle of a class", () => {
  it("is the median of its points", () => {
    const x = Float32Array.of(0, 1, 100, 7, 8, 9);
    const classOf = Uint8Array.of(0, 0, 0, 1, 1, 1);
    expect(middles({ x, y: x, classOf }, 3)).toEqual([[1, 1], [8, 8], undefined]);
  });
  it("is found among many by looking at a few", () => {
    const x = Float32Array.from({ length: 100_001 }, (_, i) => i);
    const [[at] = []] = middles({ x, y: x }, 1);
    expect(Math.abs((at ?? NaN) - 50_000)).toBeLessThan(200);
  });
});
