import { describe, expect, it } from "vitest";
import { evenTicks, logTicks, ticks, wholeTicks } from "../../src/renderer/ticks";

const texts = (found: readonly { readonly text: string }[]): readonly string[] =>
  found.map(({ text }) => text);

describe("ticks", () => {
  it.each([
    { range: [0, 10] as const, most: 5, at: [0, 2, 4, 6, 8, 10], digits: 0 },
    { range: [-0.3, 0.3] as const, most: 6, at: [-0.3, -0.2, -0.1, 0, 0.1, 0.2, 0.3], digits: 1 },
    { range: [996, 1004] as const, most: 4, at: [996, 998, 1000, 1002, 1004], digits: 0 },
    { range: [0, 0.0012] as const, most: 3, at: [0, 0.0005, 0.001], digits: 4 },
    { range: [0, 9.9] as const, most: 1, at: [0], digits: 0 },
  ])("are round numbers: $range", ({ range, most, at, digits }) => {
    const found = ticks(range, most);
    expect(found.at).toHaveLength(at.length);
    found.at.forEach((value, i) => expect(value).toBeCloseTo(at[i] ?? NaN, 9));
    expect(found.digits).toBe(digits);
  });
});

describe("the numbers at an even scale's ticks", () => {
  it.each([
    { range: [157.2, 203.9] as const, most: 5, expected: ["160", "170", "180", "190", "200"] },
    { range: [-0.02, 0.32] as const, most: 4, expected: ["0", "0.1", "0.2", "0.3"] },
    { range: [-3, 1] as const, most: 4, expected: ["−3", "−2", "−1", "0", "1"] },
    { range: [9_000, 21_000] as const, most: 3, expected: ["10,000", "15,000", "20,000"] },
    { range: [0, 3.2e7] as const, most: 3, expected: ["0", "2e7"] },
    { range: [-1e-7, 4.5e-7] as const, most: 6, expected: ["−1e-7", "0", "1e-7", "2e-7", "3e-7", "4e-7"] },
    // A little of a large number: all digits that tell the ticks apart.
    { range: [1_000_000, 1_000_004] as const, most: 2, expected: ["1e6", "1.000002e6", "1.000004e6"] },
  ])("are round and as short as can be: $range", ({ range, most, expected }) => {
    expect(texts(evenTicks(range, most))).toEqual(expected.map((text) => text.replaceAll("e-", "e−")));
  });

  it("are whole where there is nothing between", () => {
    expect(texts(wholeTicks([1, 2], 5))).toEqual(["1", "2"]);
    expect(texts(wholeTicks([1, 4], 9))).toEqual(["1", "2", "3", "4"]);
    expect(texts(wholeTicks([1, 20_000], 4))).toEqual(["5,000", "10,000", "15,000", "20,000"]);
  });
});

describe("the numbers at a logarithmic scale's ticks", () => {
  it.each([
    { range: [80, 1_200] as const, most: 6, expected: ["100", "200", "500", "1000"] },
    { range: [0.05, 12] as const, most: 6, expected: ["0.1", "0.3", "1", "3", "10"] },
    { range: [1e-6, 1e6] as const, most: 5, expected: ["1e−6", "0.001", "1", "1000", "1e6"] },
    // Powers of ten would be far apart.
    { range: [150, 560] as const, most: 5, expected: ["200", "300", "400", "500"] },
    { range: [101, 103] as const, most: 4, expected: ["101.0", "101.5", "102.0", "102.5", "103.0"] },
    { range: [12_000, 2_000_000] as const, most: 5, expected: ["30,000", "100,000", "300,000", "1e6"] },
  ])("are powers of ten, or round numbers between: $range", ({ range, most, expected }) => {
    expect(texts(logTicks(range, most))).toEqual(expected);
  });

  it("are within the range, and no more than there is room for", () => {
    for (let low = 1e-9; low < 1e9; low *= 3.7) {
      for (let ratio = 1.001; ratio < 1e20; ratio *= 2.9) {
        const found = logTicks([low, low * ratio], 6);
        expect(found.length).toBeLessThanOrEqual(7);
        expect(found.length).toBeGreaterThanOrEqual(1);
        for (const { value } of found) {
          expect(value).toBeGreaterThanOrEqual(low * 0.999999);
          expect(value).toBeLessThanOrEqual(low * ratio * 1.000001);
        }
      }
    }
  });
});
