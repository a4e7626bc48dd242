import type { display } from "../host";
import type { GradientCheck } from "../models/gradientCheck";
import type { Figure } from "./figure";
import { shapeCode, significant } from "./format";
import { type TableData, tableFigure } from "./table";

/** Gradients beside finite differences, worst weight first, and whether they agree. */
export function gradientCheckFigure(check: Omit<GradientCheck, typeof display>): Figure<"table", TableData> {
  const { model, engine, rows, worst, tolerance, ok } = check;
  return tableFigure({
    title: `Gradients of ${model} against finite differences, engine ${engine}`,
    columns: [
      { name: "weight", align: "left" },
      { name: "shape", align: "left" },
      { name: "gradient", align: "right" },
      { name: "finite difference", align: "right" },
      { name: "relative error", align: "right" },
      { name: "", align: "left" },
    ],
    rows: rows.map((row) => {
      const agrees = row.relativeError <= tolerance;
      return {
        cells: [
          row.weight,
          shapeCode(row.shape),
          significant(row.gradient),
          significant(row.finiteDifference),
          row.relativeError.toExponential(1),
          agrees ? "agrees" : "differs",
        ],
        emphasis: agrees ? "good" : "bad",
      };
    }),
    note: ok
      ? `All gradients agree: the worst relative error is ${worst.toExponential(1)}, within ${tolerance.toExponential(0)}.`
      : `Gradients differ: the worst relative error is ${worst.toExponential(1)}, beyond ${tolerance.toExponential(0)}. Look first at "${rows[0]?.weight ?? ""}".`,
  });
}
