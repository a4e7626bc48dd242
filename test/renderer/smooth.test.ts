import { expect, test } from "vitest";
import { smooth } from "../../src/renderer/smooth";

test("a smoothed curve begins where the curve does, and follows it", () => {
  const [first, second] = smooth(Float32Array.of(300, 200), 0.9);
  expect(first).toBe(300);
  // (0.9 * 0.1 * 300 + 0.1 * 200) / 0.19
  expect(second).toBeCloseTo(247.368, 3);
});

test("a constant stays what it is, and no smoothing changes nothing", () => {
  const constant = new Float32Array(50).fill(7);
  for (const value of smooth(constant, 0.98)) expect(value).toBeCloseTo(7, 5);
  expect(smooth(constant, 0)).toBe(constant);
});

test("what is no number stays a gap, and is not carried on", () => {
  const [a, b, c] = smooth(Float32Array.of(10, NaN, 10), 0.5);
  expect([a, b, c]).toEqual([10, NaN, 10]);
});
