import { describe, expect, it } from "vitest";
import { fromArray } from "../../../src/vae/data/fromArray";
import {
  datasetFigure,
  gradientCheckFigure,
  modelFigure,
  scoreFigure,
  tensorFigure,
} from "../../../src/vae/figures";
import { bar, sparkline, textTable } from "../../../src/vae/figures/textTable";
import { gradientCheck, modelSummary, pictures, score } from "./fakes";

describe("a dataset's figure", () => {
  it("shows examples of each class in its column", () => {
    const { data } = datasetFigure(pictures(30, [8, 8, 1]));
    expect(data.examples).toMatchObject({ columns: 3, columnNames: ["zero", "one", "two"] });
    expect(data.examples.captions?.[4]).toBe("example 4, labelled one");
    expect(data.sets[0]).toMatchObject({ size: 30, shape: [8, 8, 1], perClass: [10, 10, 10] });
  });

  it("shows a training set beside its test set", () => {
    const [train, test] = [pictures(20, [8, 8]), pictures(10, [8, 8])];
    const { data, text } = datasetFigure({
      shape: [8, 8],
      train,
      test,
      flatten: () => {
        throw new Error("unused");
      },
    });
    expect(data.sets.map(({ size }) => size)).toEqual([20, 10]);
    expect(text).toMatch(/pictures +20 +8 x 8/);
  });

  it("shows the first examples where classes are unknown, missing or many", () => {
    const plain = fromArray(new Float32Array(50 * 4), { name: "plain", shape: [2, 2] });
    expect(datasetFigure(plain).data.examples).toMatchObject({ columns: 10 });
    const lacking = fromArray(new Float32Array(2 * 4), {
      name: "lacking",
      shape: [2, 2],
      labels: [0, 2],
      names: ["a", "b", "c"],
    });
    expect(datasetFigure(lacking).data.examples.images.count).toBe(2);
  });

  it("says how many values are not a number", () => {
    const broken = fromArray(Float32Array.of(0, NaN, 1, 0.5), { name: "broken", shape: [2, 2] });
    expect(datasetFigure(broken).text).toContain("0 to 1, 1 not a number");
  });
});

describe("a model's figure", () => {
  it("lists layers, weights, the loss with its unit and the engine", () => {
    const { text } = modelFigure({ summary: modelSummary });
    expect(text).toMatch(/encoder +flatten +\[784\]/);
    expect(text).toMatch(/dense 400, relu +\[400\] +314,000/);
    expect(text).toContain("nats per example");
    expect(text).toContain("engine: compiled");
    expect(text).toContain("trained: not yet");
  });
});

describe("a score's figure", () => {
  it("gives each number its unit", () => {
    const { text, data } = scoreFigure(score);
    expect(text).toMatch(/ELBO +-151\.23 +nats per example/);
    expect(text).toMatch(/importance-weighted bound +-148\.20 +nats per example +with 64 samples/);
    expect(text).toMatch(/active units +2 +of 3 dimensions/);
    expect(data.kl.active).toEqual([0, 1]);
  });

  it("leaves the importance-weighted bound out where it is the ELBO", () => {
    expect(scoreFigure({ ...score, importanceSamples: 1 }).text).not.toContain("importance-weighted");
  });
});

describe("a tensor's figure", () => {
  it("shows shape, type, range and values", () => {
    const { text } = tensorFigure({
      shape: [2, 3],
      dtype: "float32",
      values: Float32Array.of(1, 2, 3, 4, 5, 6.5),
    });
    expect(text).toBe(
      "tensor float32 [2, 3]\n6 values, 1 to 6.5, mean 3.583\n[  1,   2,   3]\n[  4,   5, 6.5]",
    );
  });

  it("cuts large tensors short and says so", () => {
    const { text, data } = tensorFigure({
      shape: [100, 50],
      dtype: "int32",
      values: new Int32Array(5000).fill(7),
    });
    expect(data.truncated).toBe(true);
    expect(text).toContain("[7, 7, 7, 7, 7, 7, 7, 7, ...]");
    expect(text).toContain("... 92 more rows");
  });

  it.each([
    { shape: [], values: Float32Array.of(3.25), lines: ["tensor float32 []", "1 value", "[3.25]"] },
    { shape: [0, 3], values: new Float32Array(0), lines: ["tensor float32 [0, 3]", "0 values"] },
  ])("shows $shape", ({ shape, values, lines }) => {
    expect(tensorFigure({ shape, dtype: "float32", values }).text).toBe(lines.join("\n"));
  });

  it("shows truth values and strings as such", () => {
    expect(tensorFigure({ shape: [2], dtype: "bool", values: Uint8Array.of(1, 0) }).text).toContain(
      "[ true, false]",
    );
    expect(tensorFigure({ shape: [1], dtype: "string", values: ["a"] }).text).toContain('["a"]');
  });
});

describe("a gradient check's figure", () => {
  it("marks what differs and says where to look", () => {
    const { data, text } = gradientCheckFigure(gradientCheck);
    expect(data.rows.map(({ emphasis }) => emphasis)).toEqual(["bad", "good"]);
    expect(text).toContain(
      'Gradients differ: the worst relative error is 0.2%, beyond 0.1%. Look first at "hidden".',
    );
  });

  it("says what a slope is", () => {
    expect(gradientCheckFigure(gradientCheck).text).toMatch(
      /A slope says how fast the loss changes, in nats per example .*\n.* in one direction/,
    );
  });

  it("does not call wrong what could not be compared, and gives no error for it", () => {
    const [first, second] = gradientCheck.rows;
    if (!first || !second) throw new Error("The fake has two rows.");
    const rows = [
      { ...second },
      { ...second, weight: "up", agreement: "agrees roughly" as const, relativeError: 0.02, within: 0.043 },
      { ...first, agreement: "too small" as const, relativeError: 0.5 },
    ];
    const { data, text } = gradientCheckFigure({ ...gradientCheck, rows, worst: 1e-6, ok: true });
    expect(data.rows.map(({ emphasis }) => emphasis)).toEqual(["good", "good", undefined]);
    expect(text).toMatch(/up .* 2% +agrees within 4\.3%/);
    expect(text).toMatch(/hidden .* too small to compare/);
    expect(text).not.toContain("50%");
    expect(text).toContain("1 of 3 gradients agree: the worst relative error is below 0.001%, within 0.1%.");
    expect(text).toContain("The others cannot be compared as sharply in float32; none is known to differ.");
  });

  it("gives no worst error where none could be compared to within the tolerance", () => {
    const rows = gradientCheck.rows.map((row) => ({
      ...row,
      agreement: "agrees roughly" as const,
      relativeError: 0.02,
      within: 0.043,
    }));
    const { text } = gradientCheckFigure({ ...gradientCheck, rows, worst: 0, ok: true });
    expect(text).toContain(
      "2 of 2 gradients agree within 4.3%.\nNone can be compared to within 0.1% in float32",
    );
    expect(text).not.toContain("worst relative error");
  });
});

describe("pictures in plain text", () => {
  it("tables align numbers to the right", () => {
    const table = textTable(
      [
        { name: "a", align: "left" },
        { name: "n", align: "right" },
      ],
      [
        ["x", "1"],
        ["long", "100"],
      ],
    );
    expect(table).toBe("a       n\n────  ───\nx       1\nlong  100");
  });

  it("sparklines rise and fall with their values, and leave a gap for what is no number", () => {
    expect(sparkline([0, 1, 2, 3, 4, 5, 6, 7])).toBe("▁▂▃▄▅▆▇█");
    expect(sparkline([1, NaN, 1])).toBe("▁ ▁");
    expect(
      sparkline(
        Array.from({ length: 1000 }, (_, i) => i),
        4,
      ),
    ).toBe("▁▃▆█");
    expect(sparkline([])).toBe("");
  });

  it("bars are as long as their share, to an eighth of a character", () => {
    expect(bar(1, 4)).toBe("████");
    expect(bar(0.5, 4)).toBe("██");
    expect(bar(0.28125, 4)).toBe("█▏");
    expect(bar(0, 4)).toBe("");
  });
});
