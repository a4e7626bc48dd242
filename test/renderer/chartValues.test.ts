import { expect, test } from "vitest";
import { chartText, traceValues } from "../../src/renderer/chartValues";

const encoded = (values: Float64Array | Uint8Array, dtype: string) => ({
  dtype,
  bdata: Buffer.from(values.buffer).toString("base64"),
});

test("a trace is a table of what it draws, its values shortened to six digits", () => {
  expect(traceValues({ type: "bar", name: "counts", x: ["a", "b"], y: [1 / 3, null] }, 1)).toEqual({
    title: "bar “counts”, 2 points",
    columns: ["x", "y"],
    rows: [
      ["a", "0.333333"],
      ["b", ""],
    ],
    count: 2,
    columnsLeftOut: 0,
  });
});

test("where a trace has no x, its points are counted as plotly does", () => {
  expect(traceValues({ y: [5, 6] }, 3)).toMatchObject({
    title: "scatter 3, 2 points",
    columns: ["point", "y"],
    rows: [
      ["0", "5"],
      ["1", "6"],
    ],
  });
});

test("values that travel as base64 are read, also in rows", () => {
  const x = encoded(Float64Array.of(0.5, -2), "f8");
  expect(traceValues({ x, y: [1, 2] }, 1).rows).toEqual([
    ["0.5", "1"],
    ["-2", "2"],
  ]);
  const z = { ...encoded(Uint8Array.of(1, 2, 3, 4, 5, 6), "u1"), shape: "2, 3" };
  expect(traceValues({ type: "heatmap", z, y: ["top", "below"] }, 1)).toMatchObject({
    title: "heatmap 1, 2 × 3 values",
    columns: ["", "0", "1", "2"],
    rows: [
      ["top", "1", "2", "3"],
      ["below", "4", "5", "6"],
    ],
  });
});

test("of many values the first are there, and the rest is counted", () => {
  const many = Array.from({ length: 5_000 }, (_, i) => i);
  const { rows, count } = traceValues({ x: many, y: many }, 1);
  expect([rows.length, count]).toEqual([100, 5_000]);
  const wide = traceValues({ type: "heatmap", z: [many, many] }, 1);
  expect([wide.columns.length, wide.columnsLeftOut]).toEqual([21, 4_980]);
});

test.each([undefined, null, 7, {}, { x: 7, y: "no" }, { z: [[]] }, { x: { dtype: "f9", bdata: "AAAA" } }])(
  "a trace that is none has no rows or empty ones: %j",
  (trace) => {
    expect(traceValues(trace, 1).rows.flat().join("")).toMatch(/^0?$/);
  },
);

test("a chart is a sentence, without its tags", () => {
  const layout = { title: { text: "Loss<br><b>of two runs</b>" }, xaxis: { title: "step" }, yaxis: {} };
  expect(
    chartText(
      [
        { name: "a", y: [1, 2] },
        { type: "bar", y: [1] },
      ],
      layout,
    ),
  ).toBe("Loss, of two runs; step to the right; scatter “a”, 2 points; bar 2, 1 point");
});
