import { expect, test } from "vitest";
import type { Dataset } from "../../../src/vae/data/dataset";
import { digits } from "../../../src/vae/data/digits/digits";
import { classCounts } from "../../../src/vae/data/describe";
import { setSessionSeed } from "../../../src/vae/random/seed";

const readAll = (data: Dataset): Float32Array => {
  const into = new Float32Array(data.size * data.valuesPerExample);
  data.read([...Array(data.size).keys()], into);
  return into;
};
const labelsOf = (data: Dataset): number[] =>
  [...Array(data.size).keys()].map((example) => data.labels?.of(example) ?? -1);

/** The share of test examples whose nearest training example (Euclidean distance) has their class. */
function nearestNeighbourAccuracy(train: Dataset, test: Dataset): number {
  const length = train.valuesPerExample;
  const known = readAll(train);
  const asked = readAll(test);
  const classes = labelsOf(train);
  const right = labelsOf(test).filter((label, example) => {
    let [nearest, least] = [-1, Infinity];
    for (let candidate = 0; candidate < train.size; candidate++) {
      let distance = 0;
      for (let place = 0; place < length && distance < least; place++) {
        distance += ((known[candidate * length + place] ?? 0) - (asked[example * length + place] ?? 0)) ** 2;
      }
      if (distance < least) [nearest, least] = [candidate, distance];
    }
    return classes[nearest] === label;
  });
  return right.length / test.size;
}

/** The share of test examples that lie nearest to the mean of their class. */
function nearestMeanAccuracy(train: Dataset, test: Dataset): number {
  const length = train.valuesPerExample;
  const values = readAll(train);
  const counts = classCounts(train);
  const means = counts.map(() => new Float64Array(length));
  labelsOf(train).forEach((label, example) => {
    means[label]?.forEach(
      (sum, place, mean) =>
        (mean[place] = sum + (values[example * length + place] ?? 0) / (counts[label] ?? 1)),
    );
  });
  const asked = readAll(test);
  const right = labelsOf(test).filter((label, example) => {
    const distances = means.map((mean) =>
      mean.reduce((sum, value, place) => sum + (value - (asked[example * length + place] ?? 0)) ** 2, 0),
    );
    return distances.indexOf(Math.min(...distances)) === label;
  });
  return right.length / test.size;
}

test("a classifier that never saw them tells the digits apart, but not by their class means alone", () => {
  const { train, test: held } = digits({ train: 3_000, test: 400, seed: 1 });
  expect(nearestNeighbourAccuracy(train, held)).toBeGreaterThan(0.93);
  const byMeans = nearestMeanAccuracy(train, held);
  expect(byMeans).toBeGreaterThan(0.7);
  // MNIST's is 0.82. Were it 1, the digits would be stamped and not written.
  expect(byMeans).toBeLessThan(0.97);
});

test("ten by ten pixels are enough to tell them apart", () => {
  const { train, test: held } = digits({ train: 3_000, test: 400, size: 10, seed: 1 });
  expect(nearestNeighbourAccuracy(train, held)).toBeGreaterThan(0.9);
});

test("the same seed draws the same digits, another seed others", () => {
  const first = readAll(digits({ train: 50, test: 10, seed: 7 }).train);
  expect(readAll(digits({ train: 50, test: 10, seed: 7 }).train)).toEqual(first);
  expect(readAll(digits({ train: 50, test: 10, seed: 8 }).train)).not.toEqual(first);
});

test("without a seed, the session's is taken", () => {
  setSessionSeed(7);
  const fromSession = readAll(digits({ train: 20, test: 10 }).train);
  setSessionSeed(0);
  expect(fromSession).toEqual(readAll(digits({ train: 20, test: 10, seed: 7 }).train));
});

test("the first digits are the same whether few or many are drawn", () => {
  const few = digits({ train: 30, test: 10, seed: 3 }).train;
  const many = digits({ train: 300, test: 10, seed: 3 }).train.take(30);
  expect(readAll(few)).toEqual(readAll(many));
  expect(labelsOf(few)).toEqual(labelsOf(many));
});

test("no test digit is a training digit", () => {
  const { train, test: held } = digits({ train: 500, test: 500, seed: 2 });
  const seen = new Set([...train.batches(1)].map(({ values }) => values.join()));
  expect(seen.size).toBe(500);
  expect([...held.batches(1)].some(({ values }) => seen.has(values.join()))).toBe(false);
});

test("classes are equally frequent, in any first part, and in no fixed order", () => {
  const { train } = digits({ train: 1_000, test: 10, seed: 4, size: 8 });
  expect(classCounts(train)).toEqual(Array(10).fill(100));
  expect(classCounts(train.take(50))).toEqual(Array(10).fill(5));
  expect(labelsOf(train).slice(0, 10)).not.toEqual(labelsOf(train).slice(10, 20));
});

test("images are ink on an empty border, anti-aliased, with values in [0, 1]", () => {
  const { train, shape } = digits({ train: 500, test: 1, seed: 5 });
  expect(shape).toEqual([28, 28, 1]);
  expect(train.range).toEqual({ min: 0, max: 1, nan: 0 });
  let [border, gray, ink] = [0, 0, 0];
  for (const { values } of train.batches(1)) {
    values.forEach((value, place) => {
      const [row, column] = [Math.floor(place / 28), place % 28];
      if (Math.min(row, column, 27 - row, 27 - column) === 0) border += value;
      if (value > 0.02 && value < 0.98) gray++;
      ink += value;
    });
  }
  const pixels = train.size * 784;
  expect(border / train.size).toBeLessThan(0.05);
  // MNIST's mean is 0.131.
  expect(ink / pixels).toBeGreaterThan(0.1);
  expect(ink / pixels).toBeLessThan(0.16);
  expect(gray / pixels).toBeGreaterThan(0.05);
});

test("22,000 digits are drawn in well under three seconds", () => {
  digits({ train: 200, test: 1 });
  // Processor time, because other tests run beside this one.
  const begin = process.cpuUsage();
  digits({ train: 20_000, test: 2_000 });
  const { user, system } = process.cpuUsage(begin);
  expect((user + system) / 1000).toBeLessThan(3_000);
});

test("the pair flattens as one", () => {
  const flat = digits({ train: 10, test: 5, size: 10 }).flatten();
  expect([flat.shape, flat.train.shape, flat.test.shape]).toEqual([[100], [100], [100]]);
});

test("sizes and counts that make no sense are refused", () => {
  expect(() => digits({ size: 5 })).toThrow("at least 8");
  expect(() => digits({ train: 0 })).toThrow("digits train: 0 examples");
  expect(() => digits({ test: 1.5 })).toThrow("digits test: 1.5 examples");
});

test("more than memory holds is refused at once, with what fits", () => {
  expect(() => digits({ train: 1e8 })).toThrow(
    /100,002,000 examples of 28 x 28 would take 78 GB.*up to 5,478,274/s,
  );
});
