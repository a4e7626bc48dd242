import * as tf from "@tensorflow/tfjs";
import { inspect } from "node:util";
import fc from "fast-check";
import { afterEach, describe, expect, test, vi } from "vitest";
import type { Dataset } from "../../../src/vae/data/dataset";
import { fromArray } from "../../../src/vae/data/fromArray";
import { display } from "../../../src/vae/host";
import { setSessionSeed } from "../../../src/vae/random/seed";

afterEach(() => setSessionSeed(0));

/** `size` examples of `[rows, columns]` whose values say which example and place they are. */
const counted = (size: number, rows = 2, columns = 3): Dataset =>
  fromArray(
    Float32Array.from({ length: size * rows * columns }, (_, index) => index),
    {
      name: "counted",
      shape: [rows, columns],
      labels: Array.from({ length: size }, (_, example) => example % 3),
    },
  );

const read = (data: Dataset, examples: readonly number[], draw?: number): number[] => {
  const into = new Float32Array(examples.length * data.valuesPerExample);
  data.read(examples, into, draw);
  return [...into];
};
const readAll = (data: Dataset, draw?: number): number[] => read(data, [...Array(data.size).keys()], draw);

interface Operation {
  readonly view: (data: Dataset) => Dataset;
  readonly model: (model: Model) => Model;
}

interface Model {
  readonly examples: readonly number[];
  readonly shape: readonly number[];
}

/** A view operation, and what it does to the list of example numbers that the view should show. */
const operation: fc.Arbitrary<Operation> = fc.oneof(
  fc.integer({ min: 1, max: 30 }).map((count) => ({
    view: (data: Dataset) => data.take(count),
    model: (m: Model): Model => ({ ...m, examples: m.examples.slice(0, count) }),
  })),
  fc.integer({ min: 0, max: 2 }).map((label) => ({
    view: (data: Dataset) =>
      hasLabel(data, label) ? data.filter((example) => example.label !== label) : data,
    model: (m: Model): Model => {
      const kept = m.examples.filter((example) => example % 3 !== label);
      return kept.length === 0 ? m : { ...m, examples: kept };
    },
  })),
  fc.constant({
    view: (data: Dataset) => data.flatten(),
    model: (m: Model): Model => ({ ...m, shape: [6] }),
  }),
  fc.constant({
    view: (data: Dataset) => data.reshape([3, 2]),
    model: (m: Model): Model => ({ ...m, shape: [3, 2] }),
  }),
  fc.double({ min: 0.2, max: 0.8, noNaN: true }).map((fraction) => ({
    view: (data: Dataset) => (data.size < 4 ? data : data.split(fraction)[1]),
    model: (m: Model): Model =>
      m.examples.length < 4
        ? m
        : { ...m, examples: m.examples.slice(Math.round(m.examples.length * fraction)) },
  })),
);

/** Whether another class would be left. */
const hasLabel = (data: Dataset, label: number): boolean =>
  [...Array(data.size).keys()].some((example) => data.labels?.of(example) !== label);

test("any sequence of views shows the examples and labels that it says, in its shape", () => {
  const warned = vi.spyOn(console, "warn").mockImplementation(() => {});
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 40 }), fc.array(operation, { maxLength: 6 }), (size, steps) => {
      let data = counted(size);
      let model: Model = { examples: [...Array(size).keys()], shape: [2, 3] };
      for (const step of steps) {
        data = step.view(data);
        model = step.model(model);
      }
      expect(data.size).toBe(model.examples.length);
      expect(data.shape).toEqual(model.shape);
      expect(readAll(data)).toEqual(
        model.examples.flatMap((example) => [0, 1, 2, 3, 4, 5].map((place) => 6 * example + place)),
      );
      expect(model.examples.map((_, index) => data.labels?.of(index))).toEqual(
        model.examples.map((example) => example % 3),
      );
      expect(data.range).toEqual({
        min: 6 * Math.min(...model.examples),
        max: 6 * Math.max(...model.examples) + 5,
        nan: 0,
      });
    }),
  );
  warned.mockRestore();
});

test("a shuffle keeps every example, with its label, and depends on the seed only", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 60 }), fc.nat(), (size, seed) => {
      const shuffled = counted(size).shuffle(seed);
      const firsts = [...Array(size).keys()].map((index) => read(shuffled, [index])[0] ?? NaN);
      expect([...firsts].sort((a, b) => a - b)).toEqual(
        [...Array(size).keys()].map((example) => 6 * example),
      );
      firsts.forEach((first, index) => expect(shuffled.labels?.of(index)).toBe((first / 6) % 3));
      expect(readAll(counted(size).shuffle(seed))).toEqual(readAll(shuffled));
    }),
  );
  expect(readAll(counted(50).shuffle(1))).not.toEqual(readAll(counted(50).shuffle(2)));
});

test("without a seed of its own, a shuffle takes the session's", () => {
  setSessionSeed(5);
  const withSession = readAll(counted(50).shuffle());
  expect(withSession).toEqual(readAll(counted(50).shuffle(5)));
});

test("the examples of one read are read in the order that is asked for, also twice", () => {
  expect(read(counted(9), [4, 0, 4])).toEqual([
    24, 25, 26, 27, 28, 29, 0, 1, 2, 3, 4, 5, 24, 25, 26, 27, 28, 29,
  ]);
});

test("a position outside of the data is refused, by name", () => {
  const data = counted(9).take(4);
  for (const position of [4, -1, 1.5, NaN]) {
    expect(() => read(data, [position])).toThrow(`Example ${position} of counted, first 4 does not exist`);
  }
  expect(() => data.read([0, 1], new Float32Array(11))).toThrow(
    "12 values, but the array to read into holds 11",
  );
});

test("batches give every example once, in order, and the last one may be smaller", () => {
  const batches = [...counted(10).batches(4)];
  expect(batches.map(({ shape }) => shape)).toEqual([
    [4, 2, 3],
    [4, 2, 3],
    [2, 2, 3],
  ]);
  expect(batches.flatMap(({ values }) => [...values])).toEqual(readAll(counted(10)));
  expect(batches.flatMap(({ labels }) => [...(labels ?? [])])).toEqual([0, 1, 2, 0, 1, 2, 0, 1, 2, 0]);
});

test("taking more examples than there are takes all of them, and says so", () => {
  const warned = vi.spyOn(console, "warn").mockImplementation(() => {});
  expect(counted(10).take(10).size).toBe(10);
  expect(warned).not.toHaveBeenCalled();
  expect(counted(10).take(500).size).toBe(10);
  expect(warned).toHaveBeenCalledWith("take(500): counted has only 10 examples; all of them are taken.");
  warned.mockRestore();
});

test("views that make no sense are refused with the numbers", () => {
  const data = counted(10);
  expect(() => data.take(0)).toThrow("take(0)");
  expect(() => data.take(2.5)).toThrow("take(2.5)");
  expect(() => data.reshape([4, 2])).toThrow(
    "an example of counted has 6 values (2 x 3), and 4 x 2 would need 8",
  );
  expect(() => data.reshape([-2, -3])).toThrow("positive whole numbers");
  expect(() => data.filter(() => false)).toThrow(
    /keeps none of the 10 examples of counted.* Its function is given one \{ index, label \} at a time/,
  );
  expect(() => data.split(1)).toThrow("split(1)");
  expect(() => data.split(0.001)).toThrow("leaves one side empty");
  expect(() => [...data.batches(0)]).toThrow("batches(0)");
});

describe("values that are changed on reading", () => {
  const gray = (size: number): Dataset =>
    fromArray(
      Array.from({ length: size }, () => Array.from({ length: 100 }, (_, place) => place / 99)),
      { name: "gray" },
    );

  test("scale multiplies, and the range follows", () => {
    const scaled = counted(2).scale(-0.5);
    expect(read(scaled, [1])).toEqual([-3, -3.5, -4, -4.5, -5, -5.5]);
    expect(scaled.range).toEqual({ min: -5.5, max: 0, nan: 0 });
  });

  test("a threshold compares", () => {
    expect(read(gray(1).binarize({ threshold: 0.5 }), [0])).toEqual([
      ...Array<number>(50).fill(0),
      ...Array<number>(50).fill(1),
    ]);
  });

  test("static binarization draws once: every pass reads the same zeros and ones", () => {
    const binary = gray(50).binarize("static");
    expect(readAll(binary, 0)).toEqual(readAll(binary, 9));
    expect(new Set(readAll(binary))).toEqual(new Set([0, 1]));
    expect(binary.range).toEqual({ min: 0, max: 1, nan: 0 });
  });

  test("dynamic binarization draws anew on each pass, and the same pass again gives the same", () => {
    const binary = gray(50).binarize("dynamic");
    expect(readAll(binary, 3)).toEqual(readAll(binary, 3));
    expect(readAll(binary, 3)).not.toEqual(readAll(binary, 4));
  });

  test("a pixel is 1 as often as its value says", () => {
    const draws = 400;
    const binary = gray(5).binarize("dynamic");
    const ones = new Float64Array(100);
    for (let draw = 0; draw < draws; draw++)
      readAll(binary, draw).forEach((value, index) => (ones[index % 100] = (ones[index % 100] ?? 0) + value));
    ones.forEach((count, place) => {
      const probability = place / 99;
      const deviation = Math.sqrt((probability * (1 - probability)) / (5 * draws));
      expect(Math.abs(count / (5 * draws) - probability)).toBeLessThanOrEqual(5 * deviation);
    });
  });

  test("what an example draws depends neither on its place in a view nor on the batch", () => {
    const binary = gray(20).binarize("dynamic");
    const shuffledSource = binary.filter(({ index }) => index % 2 === 1);
    expect(read(shuffledSource, [3], 2)).toEqual(read(binary, [7], 2));
    expect(read(binary, [7, 8], 2).slice(0, 100)).toEqual(read(binary, [7], 2));
    expect(read(binary, [7])).not.toEqual(read(binary, [8]));
  });

  test("binarize refuses values that are no probabilities, and says how to bring them there", () => {
    const bytes = fromArray(Uint8Array.of(0, 128, 255, 10), { name: "bytes", shape: [2] });
    expect(() => bytes.binarize()).toThrow(
      "binarize needs values in [0, 1], but bytes has values from 0 to 255",
    );
    expect(() => bytes.binarize()).toThrow(".scale(1 / 255)");
    expect(bytes.scale(1 / 255).binarize("dynamic").range.max).toBe(1);
  });

  test.each<[string, unknown]>([
    ["a name that there is not", "dynmic"],
    ["a number", 0.5],
    ["no threshold", {}],
  ])("binarize by %s is refused, and told what it takes", (_, how) => {
    expect(() => gray(2).binarize(how as "static")).toThrow("{ threshold: 0.5 }");
  });

  test("an augmentation may return the changed example; what is none is refused", () => {
    const inverted = gray(3).augment((example) => example.map((value) => 1 - value));
    expect(read(inverted, [0])[0]).toBe(1);
    expect(() =>
      read(
        gray(3).augment(() => [1, 2]),
        [0],
      ),
    ).toThrow("as many values in a Float32Array");
  });

  test("an augmentation changes copies, anew on each pass, from the session's seed", () => {
    setSessionSeed(3);
    const original = gray(4);
    const noisy = original.augment((example, random) => {
      for (let place = 0; place < example.length; place++) example[place] = (example[place] ?? 0) + random();
    });
    expect(readAll(noisy, 1)).toEqual(readAll(noisy, 1));
    expect(readAll(noisy, 1)).not.toEqual(readAll(noisy, 2));
    expect(noisy.range.max).toBeGreaterThan(1);
    expect(read(original, [0])[0]).toBe(0);
  });

  test("changes happen in the order in which they were asked for", () => {
    const doubled = fromArray([[0.3]])
      .scale(2)
      .binarize({ threshold: 0.5 });
    const halved = fromArray([[0.3]])
      .binarize({ threshold: 0.5 })
      .scale(2);
    expect([read(doubled, [0]), read(halved, [0])]).toEqual([[1], [0]]);
  });
});

describe("fromArray", () => {
  test("nested lists give the shape of their examples", () => {
    const data = fromArray([
      [
        [1, 2, 3],
        [4, 5, 6],
      ],
      [
        [7, 8, 9],
        [10, 11, 12],
      ],
    ]);
    expect([data.size, data.shape, readAll(data)]).toEqual([
      2,
      [2, 3],
      [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12],
    ]);
  });

  test("a list of numbers is examples of one number, unless a shape says otherwise", () => {
    expect(fromArray([1, 2, 3, 4]).shape).toEqual([1]);
    expect(fromArray([1, 2, 3, 4], { shape: [2] }).size).toBe(2);
  });

  test("lists of different lengths are refused where they differ", () => {
    expect(() => fromArray([[1, 2], [3]], { name: "points" })).toThrow(
      "points[1] is a list of 1, but the first example has a list of 2",
    );
    expect(() =>
      fromArray(
        [
          [[1], [2]],
          [[3], [4, 5]],
        ],
        { name: "points" },
      ),
    ).toThrow("points[1][1] is a list of 2");
    expect(() => fromArray([[1], 2])).toThrow("array[1] is a number");
  });

  test.each<[string, unknown, string]>([
    [
      "options in the place of values",
      { values: [[1, 2]] },
      "takes lists of numbers, [[0, 1], [1, 0]], or a typed array and { shape }, but got an object.",
    ],
    ["nothing", undefined, "but got nothing."],
    ["a tensor", tf.zeros([2, 2]), "but got a tensor: give its values, await tensor.array()."],
    ["text", ["0.5", "1"], 'array[0] is "0.5", not a number. Text becomes a number by Number(text).'],
    [
      "text inside",
      [
        [1, 2],
        [3, "4"],
      ],
      'array[1][1] is "4", not a number.',
    ],
    ["a missing value", [[1, null]], "array[0][1] is nothing, not a number."],
  ])("%s in the place of numbers is refused with what it is", (_name, values, message) => {
    expect(() => fromArray(values as number[])).toThrow(message);
  });

  test("typed arrays in a list are examples", () => {
    const made = fromArray([Float32Array.of(1, 2), Float32Array.of(3, 4)] as never);
    expect([made.size, made.shape, made.range]).toEqual([2, [2], { min: 1, max: 4, nan: 0 }]);
  });

  test("numbers that do not fill the shape, labels that do not fit, and nothing at all are refused", () => {
    expect(() => fromArray(new Float32Array(10), { shape: [4] })).toThrow("2 are left over");
    expect(() => fromArray(new Float32Array(10))).toThrow("give the shape of one example");
    expect(() => fromArray([])).toThrow("no examples");
    expect(() => fromArray(new Uint8Array(0), { shape: [2] })).toThrow("no examples");
    expect(() => fromArray([[1], [2]], { labels: [0] })).toThrow("2 examples but 1 labels");
    expect(() => fromArray([[1], [2]], { labels: [0, 2], names: ["a", "b"] })).toThrow(
      "a label is 2, but there are 2 class names",
    );
    expect(() => fromArray([[1], [2]], { labels: [0, 0.5] })).toThrow("label 1 is 0.5");
  });

  test("values that are not a number are counted, not hidden", () => {
    expect(
      fromArray([
        [1, NaN],
        [NaN, 4],
      ]).range,
    ).toEqual({ min: 1, max: 4, nan: 2 });
  });
});

test("printed, a dataset says in words what it holds", () => {
  const pairs = fromArray(
    [
      [0, 1],
      [1, 0],
      [0.5, 0.25],
    ],
    { name: "pairs", labels: [0, 1, 1], names: ["cat", "dog"] },
  );
  expect(inspect(pairs)).toBe("pairs: 3 examples of 2\nvalues from 0 to 1\n2 classes: cat (1), dog (2)");
});

test("displayed, a dataset is a picture of its examples, with a text for terminals", () => {
  const bundle = fromArray(new Uint8Array(4 * 64), { name: "black", shape: [8, 8, 1] })[display]();
  expect(Object.keys(bundle)).toEqual(["application/vnd.vaenb.dataset+json", "image/png", "text/plain"]);
  expect(bundle["text/plain"]).toContain("black");
});
