import { expect, test } from "vitest";
import type { Dataset } from "../../../src/vae/data/dataset";
import { sprites } from "../../../src/vae/data/sprites";

const image = (data: Dataset, example: number): Float32Array => {
  const into = new Float32Array(data.valuesPerExample);
  data.read([example], into);
  return into;
};
const factor = (data: Dataset, name: string, example: number): number =>
  data.factors?.[name]?.of(example) ?? NaN;

interface Moments {
  readonly mass: number;
  readonly x: number;
  readonly y: number;
}

function moments(values: Float32Array, size: number): Moments {
  let [mass, x, y] = [0, 0, 0];
  values.forEach((value, place) => {
    mass += value;
    x += value * ((place % size) + 0.5);
    y += value * (Math.floor(place / size) + 0.5);
  });
  return { mass, x: x / mass, y: y / mass };
}

/** Pearson's. */
function correlation(a: readonly number[], b: readonly number[]): number {
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const [meanA, meanB] = [mean(a), mean(b)];
  const covariance = mean(a.map((value, index) => (value - meanA) * ((b[index] ?? 0) - meanB)));
  return (
    covariance /
    Math.sqrt(mean(a.map((value) => (value - meanA) ** 2)) * mean(b.map((value) => (value - meanB) ** 2)))
  );
}

const { train } = sprites({ train: 1_500, test: 10, seed: 3 });
const all = [...Array(train.size).keys()];
const seen = all.map((example) => moments(image(train, example), 32));

test("the factors are what the image shows: position, and area growing with scale", () => {
  expect(
    correlation(
      all.map((example) => factor(train, "x", example)),
      seen.map(({ x }) => x),
    ),
  ).toBeGreaterThan(0.99);
  expect(
    correlation(
      all.map((example) => factor(train, "y", example)),
      seen.map(({ y }) => y),
    ),
  ).toBeGreaterThan(0.99);
  for (const shape of [0, 1, 2]) {
    const ofShape = all.filter((example) => factor(train, "shape", example) === shape);
    const areas = ofShape.map((example) => seen[example]?.mass ?? 0);
    expect(
      correlation(
        ofShape.map((example) => factor(train, "scale", example)),
        areas,
      ),
    ).toBeGreaterThan(0.98);
  }
});

test("a square covers its exact area: twice the radius squared", () => {
  for (const example of all.filter((each) => factor(train, "shape", each) === 0)) {
    const radius = 32 * (0.13 + (0.13 * factor(train, "scale", example)) / 6);
    expect(Math.abs((seen[example]?.mass ?? 0) / (2 * radius * radius) - 1)).toBeLessThan(0.05);
  }
});

test("factors are independent of each other, and every value occurs", () => {
  const names = Object.keys(train.factors ?? {});
  expect(names).toEqual(["shape", "scale", "rotation", "x", "y"]);
  for (const one of names) {
    const values = all.map((example) => factor(train, one, example));
    expect(new Set(values).size).toBe(train.factors?.[one]?.sizes);
    for (const other of names.filter((name) => name !== one)) {
      expect(
        Math.abs(
          correlation(
            values,
            all.map((example) => factor(train, other, example)),
          ),
        ),
      ).toBeLessThan(0.12);
    }
  }
});

test("shapes stay inside of the image", () => {
  for (const example of all) {
    const border = image(train, example).filter(
      (_, place) => [0, 31].includes(place % 32) || place < 32 || place >= 31 * 32,
    );
    expect(Math.max(...border)).toBe(0);
  }
});

test("views keep the factors of their examples", () => {
  const hearts = train.filter(({ label }) => label === 2).shuffle(1);
  expect(hearts.labels?.names[2]).toBe("heart");
  const [first] = [...hearts.take(1).batches(1)];
  const same = all.find((example) =>
    image(train, example).every((value, place) => value === first?.values[place]),
  );
  for (const name of Object.keys(train.factors ?? {}))
    expect(factor(hearts, name, 0)).toBe(factor(train, name, same ?? -1));
});

test("the same seed makes the same sprites, and sizes that are too small are refused", () => {
  expect(image(sprites({ train: 5, test: 5, seed: 3 }).train, 4)).toEqual(image(train, 4));
  expect(image(sprites({ train: 5, test: 5, seed: 4 }).train, 4)).not.toEqual(image(train, 4));
  expect(() => sprites({ size: 8 })).toThrow("at least 16");
  expect(() => sprites({ test: 0 })).toThrow("sprites test: 0 examples");
});
