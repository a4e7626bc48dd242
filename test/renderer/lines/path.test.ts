import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dotsPath, linePath, rangeOver, thinned } from "../../../src/renderer/lines/path";
import type { Scale } from "../../../src/renderer/lines/scale";

const across = (range: readonly [number, number], pixels: number): Scale => ({
  range,
  log: false,
  from: 0,
  to: pixels,
});
const up: Scale = { range: [0, 10], log: false, from: 100, to: 0 };
const all = (y: Float32Array): Uint32Array => Uint32Array.from(y, (_, i) => i);
const counted = (length: number): Int32Array => Int32Array.from({ length }, (_, i) => i);

describe("thinned points", () => {
  const losses = fc.float32Array({ minLength: 1, maxLength: 400, noDefaultInfinity: true });

  it("have the first, the lowest, the highest and the last of each column of pixels, and one of each gap", () => {
    fc.assert(
      fc.property(losses, fc.integer({ min: 1, max: 60 }), (y, pixels) => {
        const x = counted(y.length);
        const scale = across([0, y.length], pixels);
        const columnOf = (i: number): number => Math.floor((i * pixels) / y.length);
        const kept = thinned({ x, y }, scale, false);
        expect([...kept]).toEqual([...kept].sort((a, b) => a - b));
        expect(new Set(kept).size).toBe(kept.length);
        // Stretches without a gap, column by column.
        let [key, stretch] = ["", 0];
        const stretches = new Map<string, number[]>();
        y.forEach((value, i) => {
          if (Number.isNaN(value)) {
            stretch++;
            return;
          }
          key = `${columnOf(i)} ${stretch}`;
          stretches.set(key, [...(stretches.get(key) ?? []), i]);
        });
        const there = new Set(kept);
        for (const points of stretches.values()) {
          const seen = points.filter((i) => there.has(i));
          expect(seen.length).toBeLessThanOrEqual(4);
          expect([seen[0], seen.at(-1)]).toEqual([points[0], points.at(-1)]);
          const ends = (some: readonly number[]) => [
            Math.min(...some.map((i) => y[i] ?? NaN)),
            Math.max(...some.map((i) => y[i] ?? NaN)),
          ];
          expect(ends(seen)).toEqual(ends(points));
        }
        // Between two stretches there is a gap in what is kept, too.
        y.forEach((value, i) => {
          if (!Number.isNaN(value)) return;
          const [before, after] = [kept.findLast((one) => one < i), kept.find((one) => one > i)];
          if (before === undefined || after === undefined) return;
          const between = kept.filter((one) => one >= before && one <= after);
          expect(between.some((one) => Number.isNaN(y[one]))).toBe(true);
        });
      }),
    );
  });

  it("are all of them where each has its own pixels", () => {
    const y = Float32Array.of(1, 5, 2, 8);
    expect([...thinned({ x: counted(4), y }, across([0, 3], 300), false)]).toEqual([0, 1, 2, 3]);
  });

  it("are few of very many, whose spikes stay", () => {
    const y = new Float32Array(20_000).fill(3);
    y[12_345] = 9;
    const kept = thinned({ x: counted(y.length), y }, across([0, y.length - 1], 300), false);
    expect(kept.length).toBeLessThanOrEqual(4 * 301);
    expect([...kept]).toContain(12_345);
  });

  it("are those that are seen, and one on either side", () => {
    const y = new Float32Array(1_000).fill(1);
    const kept = thinned({ x: counted(1_000), y }, across([400.5, 404.5], 300), false);
    expect([...kept]).toEqual([400, 401, 402, 403, 404, 405]);
  });
});

describe("a line's path", () => {
  it("goes through its points, upwards is up", () => {
    const y = Float32Array.of(0, 5, 10);
    expect(linePath({ x: counted(3), y }, all(y), across([0, 2], 200), up)).toBe("M0 100L100 50L200 0");
  });

  it("has a gap where there is no number, and a dot for a number between two gaps", () => {
    const y = Float32Array.of(0, 5, NaN, 5, Infinity, 10, 10);
    expect(linePath({ x: counted(7), y }, all(y), across([0, 6], 600), up)).toBe(
      "M0 100L100 50M300 50h0M500 0L600 0",
    );
    expect(
      dotsPath({ x: counted(3), y: y.subarray(0, 3) }, all(y.subarray(0, 3)), across([0, 2], 2), up),
    ).toBe("M0 100h0M1 50h0");
  });

  it("on a logarithmic scale has places for numbers above 0 alone", () => {
    const log: Scale = { range: [1, 100], log: true, from: 100, to: 0 };
    const y = Float32Array.of(1, 10, 100, 0, -5, 10, 1);
    const path = linePath({ x: counted(7), y }, all(y), across([0, 6], 600), log);
    expect(path).toBe("M0 100L100 50L200 0M500 50L600 100");
  });
});

it("the range of several lines is over what is seen of them", () => {
  const a = { x: counted(5), y: Float32Array.of(9, 1, 2, NaN, -7) };
  const b = { x: Int32Array.of(2, 8), y: Float32Array.of(4, 100) };
  expect(rangeOver([a, b], [1, 3], false)).toEqual([1, 4]);
  expect(rangeOver([a, b], [-Infinity, Infinity], false)).toEqual([-7, 100]);
  expect(rangeOver([a, b], [-Infinity, Infinity], true)).toEqual([1, 100]);
  expect(rangeOver([a], [3, 3], false)).toBeUndefined();
});
