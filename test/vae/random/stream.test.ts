import { describe, expect, test } from "vitest";
import { stream } from "../../../src/vae/random";

const normals = (size: number, draw: number, source = stream(7, "noise")) =>
  source.fillNormal(new Float32Array(size), draw);
const mean = (values: Float32Array, of: (value: number) => number) =>
  values.reduce((sum, value) => sum + of(value), 0) / values.length;

describe("a draw's numbers", () => {
  test("depend only on seed, name and draw number, never on what ran before", () => {
    const fresh = normals(50, 3);
    const used = stream(7, "noise");
    used.fillUniform(new Float32Array(1000), 3);
    used.permutation(100, 3);
    used.next();
    normals(7, 2, used);
    expect(normals(50, 3, used)).toEqual(fresh);
  });

  test("are the same for a shorter array, as far as it reaches", () => {
    for (const size of [1, 2, 3, 5, 6]) {
      expect([...normals(size, 9)]).toEqual([...normals(8, 9)].slice(0, size));
      const uniforms = (count: number) => [...stream(1, "u").fillUniform(new Float32Array(count), 4)];
      expect(uniforms(size)).toEqual(uniforms(8).slice(0, size));
    }
  });

  test.each([
    ["another draw", () => normals(64, 4)],
    ["a draw 2^32 later", () => normals(64, 3 + 2 ** 32)],
    ["another seed", () => normals(64, 3, stream(8, "noise"))],
    ["a seed that differs above 32 bits", () => normals(64, 3, stream(7 + 2 ** 32, "noise"))],
    ["another name", () => normals(64, 3, stream(7, "noise2"))],
    ["a name that only adds a zero byte", () => normals(64, 3, stream(7, "noise\0"))],
    ["a long name that differs at its end", () => normals(64, 3, stream(7, "noise".repeat(20)))],
  ])("differ for %s", (_, other) => {
    const shared = other().filter((value, index) => value === normals(64, 3)[index]);
    expect(shared.length).toBe(0);
  });

  test("do not change between releases", () => {
    expect([...stream(7, "noise").fillUniform(new Float32Array(3), 0)]).toMatchInlineSnapshot(`
      [
        0.10687607526779175,
        0.19273340702056885,
        0.584981381893158,
      ]
    `);
    expect([...stream(7, "order").permutation(8, 1)]).toMatchInlineSnapshot(`
      [
        0,
        2,
        4,
        7,
        1,
        3,
        6,
        5,
      ]
    `);
  });

  test("uniform(draw, index) is the number that fillUniform writes there", () => {
    const source = stream(3, "u");
    const filled = source.fillUniform(new Float32Array(9), 5);
    for (let index = 0; index < 9; index++) expect(source.uniform(5, index)).toBe(filled[index]);
  });
});

describe("distributions of a million numbers", () => {
  const size = 1_000_000;

  test("normal: mean, variance, skewness and kurtosis within four standard errors, tails as often as they should", () => {
    const values = normals(size, 0);
    expect(Math.abs(mean(values, (x) => x))).toBeLessThan(4 / Math.sqrt(size));
    expect(Math.abs(mean(values, (x) => x * x) - 1)).toBeLessThan(4 * Math.sqrt(2 / size));
    expect(Math.abs(mean(values, (x) => x ** 3))).toBeLessThan(4 * Math.sqrt(15 / size));
    expect(Math.abs(mean(values, (x) => x ** 4) - 3)).toBeLessThan(4 * Math.sqrt(96 / size));
    // P(|x| > 4) = 6.334e-5
    const tail = values.filter((x) => Math.abs(x) > 4).length;
    expect(Math.abs(tail - 63.34)).toBeLessThan(4 * Math.sqrt(63.34));
  });

  test("normal: neighbours, and the two halves of a Box-Muller pair, are uncorrelated", () => {
    const values = normals(size, 1);
    for (const lag of [1, 2, 3, 4]) {
      let sum = 0;
      for (let i = lag; i < size; i++) sum += (values[i] ?? 0) * (values[i - lag] ?? 0);
      expect(Math.abs(sum / size), `lag ${String(lag)}`).toBeLessThan(4 / Math.sqrt(size));
    }
  });

  test("uniform: in [0, 1), and chi-squared over 256 bins is what chance allows", () => {
    const bins = new Float64Array(256);
    const values = stream(2, "u").fillUniform(new Float32Array(size), 0);
    expect(values.every((value) => value >= 0 && value < 1)).toBe(true);
    for (const value of values) {
      const bin = Math.floor(value * 256);
      bins[bin] = (bins[bin] ?? 0) + 1;
    }
    const expected = size / 256;
    const chiSquared = bins.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
    // 255 degrees of freedom: mean 255, standard deviation 22.6
    expect(Math.abs(chiSquared - 255)).toBeLessThan(4 * 22.6);
  });
});

describe("permutation", () => {
  test("holds every number once, and draws differ", () => {
    const source = stream(5, "order");
    for (const size of [0, 1, 2, 3, 1000]) {
      const sorted = [...source.permutation(size, 0)].sort((a, b) => a - b);
      expect(sorted).toEqual(Array.from({ length: size }, (_, i) => i));
    }
    expect(source.permutation(1000, 0)).not.toEqual(source.permutation(1000, 1));
  });

  test("gives each of the 24 orders of four things equally often", () => {
    const source = stream(5, "order");
    const counts = new Map<string, number>();
    const draws = 24_000;
    for (let draw = 0; draw < draws; draw++) {
      const key = source.permutation(4, draw).join();
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    expect(counts.size).toBe(24);
    const chiSquared = [...counts.values()].reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
    // 23 degrees of freedom: the 99.99th percentile is 56.
    expect(chiSquared).toBeLessThan(56);
  });
});

describe("next", () => {
  test("continues a sequence where its position says", () => {
    const whole = stream(1, "pen");
    const values = Array.from({ length: 20 }, () => whole.next());
    const resumed = stream(1, "pen");
    resumed.position = 13;
    expect(Array.from({ length: 7 }, () => resumed.next())).toEqual(values.slice(13));
    expect(new Set(values).size).toBe(20);
    expect(values.every((value) => value >= 0 && value < 1)).toBe(true);
  });
});

test.each([-1, 0.5, NaN, 2 ** 53])("seed %s is refused with its value", (seed) => {
  expect(() => stream(seed, "x")).toThrow(
    `the seed must be a whole number from 0 to 2^53 - 1, but is ${String(seed)}.`,
  );
});

test("a draw number that is not whole is refused", () => {
  expect(() => stream(1, "x").fillNormal(new Float32Array(1), 1.5)).toThrow(/a draw number .* 1\.5/);
});

test("noise [128, 20] for a step costs well under a millisecond", () => {
  const source = stream(1, "noise");
  const into = new Float32Array(128 * 20);
  for (let draw = 0; draw < 200; draw++) source.fillNormal(into, draw);
  const times = Array.from({ length: 50 }, (_, draw) => {
    const start = performance.now();
    source.fillNormal(into, draw);
    return performance.now() - start;
  });
  expect(Math.min(...times)).toBeLessThan(0.5);
});

describe("long draws, which are made in several pieces,", () => {
  const size = 40_000;
  test("hold at each place what is there when it is asked for alone", () => {
    const source = stream(3, "long");
    const values = source.fillUniform(new Float32Array(size), 5);
    for (const place of [0, 16_383, 16_384, 16_385, 32_768, size - 1])
      expect(values[place]).toBe(Math.fround(source.uniform(5, place)));
  });
  test("are normal in every piece, and permutations hold every number once", () => {
    const values = normals(size, 11);
    for (const start of [0, 16_384, 32_768]) {
      const piece = values.subarray(start, start + 7_000);
      expect(Math.abs(mean(piece, (value) => value))).toBeLessThan(0.06);
      expect(Math.abs(mean(piece, (value) => value * value) - 1)).toBeLessThan(0.1);
    }
    expect(Uint32Array.from(stream(3, "order").permutation(size, 2)).sort()).toEqual(
      Uint32Array.from({ length: size }, (_, i) => i),
    );
  });
});
