import { describe, expect, it } from "vitest";
import { latest } from "../../src/renderer/latest";
import { decode, duration, nats, unscale } from "../../src/renderer/numbers";
import { smooth } from "../../src/renderer/smooth";
import { along } from "../../src/renderer/views/manifold";
import { nats as natsInText } from "../../src/vae/figures/format";
import { numbers, scaledNumbers } from "../../src/vae/figures/numbers";

describe("numbers on their way from a figure to its view", () => {
  it.each([
    { name: "bytes", values: Uint8Array.of(0, 127, 255) },
    { name: "16 bits", values: Uint16Array.of(0, 65_535) },
    { name: "integers", values: Int32Array.of(-5, 2 ** 31 - 1) },
    { name: "floats", values: Float32Array.of(0.1, -1e30, NaN, Infinity) },
  ])("$name arrive as they left", ({ values }) => {
    expect(decode(numbers(values))).toEqual(values);
  });

  it("scaled numbers arrive within a hundred-thousandth of their range", () => {
    const values = Float32Array.from({ length: 1000 }, (_, i) => Math.sin(i) * 7 - 2);
    const arrived = unscale(scaledNumbers(values));
    values.forEach((value, i) => expect(Math.abs((arrived[i] ?? NaN) - value)).toBeLessThan(14e-5));
  });

  it("numbers that are all the same, or none, arrive too", () => {
    expect([...unscale(scaledNumbers(Float32Array.of(3, 3)))]).toEqual([3, 3]);
    expect([...unscale(scaledNumbers(new Float32Array(0)))]).toEqual([]);
  });
});

describe("nats", () => {
  it.each([0, 0.000_05, 0.001_2, 0.01, -0.003, 3.456, 1_234.5, 2e9, -4e12, NaN, Infinity])(
    "%d reads alike in a view and in a terminal",
    (value) => expect(nats(value)).toBe(natsInText(value)),
  );

  it("are said to be no number where there is none", () => {
    expect([nats(null), nats(undefined)]).toEqual(["not a number", "not a number"]);
    // A dimension that carries little is not one that carries nothing.
    expect(nats(0.0012)).toBe("0.0012");
  });
});

describe("smoothing", () => {
  it("is a weighted mean of the past, unbiased from the first value on", () => {
    const smoothed = smooth(Float32Array.of(10, 20, 30), 0.5);
    expect(smoothed[0]).toBeCloseTo(10, 5);
    expect(smoothed[1]).toBeCloseTo((0.25 * 10 + 0.5 * 20) / 0.75, 5);
    expect(smoothed[2]).toBeCloseTo((0.125 * 10 + 0.25 * 20 + 0.5 * 30) / 0.875, 5);
  });

  it("leaves a gap where there was no number, and goes on behind it", () => {
    const smoothed = smooth(Float32Array.of(1, NaN, 1), 0.9);
    expect(smoothed[1]).toBeNaN();
    expect(smoothed[2]).toBeCloseTo(1, 5);
  });
});

describe("a pointer on the manifold", () => {
  it("is at a picture's value in its middle, and between two values between them", () => {
    expect(along([-1, 0, 1], 0.5)).toBe(0);
    expect(along([-1, 0, 1], 1 / 6)).toBeCloseTo(-1);
    expect(along([-1, 0, 1], 2 / 6)).toBeCloseTo(-0.5);
    expect(along([-1, 0, 1], 0)).toBe(-1);
    expect(along([-1, 0, 1], 1)).toBe(1);
  });
});

describe("a slow answer to fast wishes", () => {
  it("serves the first and the newest, and leaves out what lies between", async () => {
    const served: number[] = [];
    const finish: (() => void)[] = [];
    const wish = latest(async (n: number) => {
      served.push(n);
      await new Promise<void>((resolve) => finish.push(resolve));
    });
    for (const n of [1, 2, 3, 4]) wish(n);
    expect(served).toEqual([1]);
    finish.shift()?.();
    await new Promise((resolve) => setTimeout(resolve));
    expect(served).toEqual([1, 4]);
  });
});

it("durations read as a person says them", () => {
  expect([0.4, 12, 130, 3900].map(duration)).toEqual(["0.4 s", "12 s", "2 min 10 s", "1 h 05 min"]);
});
