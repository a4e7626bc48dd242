import type { display } from "../host";
import type { GradientCheck, GradientCheckRow } from "../models/gradientCheck";
import type { Figure } from "./figure";
import { percent, shapeCode, significant } from "./format";
import { type TableData, type TableRow, tableFigure } from "./table";

/** Slopes by the gradient beside slopes by finite differences, worst weight first, and whether they agree. */
export function gradientCheckFigure(check: Omit<GradientCheck, typeof display>): Figure<"table", TableData> {
  const { model, engine, rows } = check;
  return tableFigure({
    title: `Gradients of ${model} against finite differences, engine ${engine}`,
    columns: [
      { name: "weight", align: "left" },
      { name: "shape", align: "left" },
      { name: "slope by gradient", align: "right" },
      { name: "by differences", align: "right" },
      { name: "relative error", align: "right" },
      { name: "", align: "left" },
    ],
    rows: rows.map(rowOf),
    note: `${verdict(check)}\n${meaning}`,
  });
}

function rowOf({ agreement, ...row }: GradientCheckRow): TableRow {
  const emphasis = agreement === "differs" ? "bad" : agreement.startsWith("agrees") ? "good" : undefined;
  const said = agreement === "agrees roughly" ? `agrees within ${percent(row.within)}` : agreement;
  const cells = [
    row.weight,
    shapeCode(row.shape),
    significant(row.gradient),
    significant(row.finiteDifference),
    emphasis ? percent(row.relativeError) : "",
    emphasis ? said : `${said} to compare`,
  ];
  return { cells, ...(emphasis && { emphasis }) };
}

function verdict({ rows, worst, tolerance, ok }: Omit<GradientCheck, typeof display>): string {
  const allowed = percent(tolerance);
  const apart = `the worst relative error is ${percent(worst)}`;
  const [first] = rows;
  if (first?.agreement === "differs")
    return `Gradients differ: ${apart}, beyond ${allowed}. Look first at "${first.weight}".`;
  if (!ok) return `No gradient could be compared to within ${allowed}. Give a larger tolerance.`;
  const sharply = rows.filter(({ agreement }) => agreement === "agrees").length;
  if (sharply === 0) {
    const compared = rows.filter(({ agreement }) => agreement === "agrees roughly");
    const roughest = percent(Math.max(...compared.map(({ within }) => within)));
    return `${compared.length} of ${rows.length} gradients agree within ${roughest}.\nNone can be compared to within ${allowed} in float32; none is known to differ.`;
  }
  if (sharply === rows.length) return `All gradients agree: ${apart}, within ${allowed}.`;
  return `${sharply} of ${rows.length} gradients agree: ${apart}, within ${allowed}.\nThe others cannot be compared as sharply in float32; none is known to differ.`;
}

const meaning = [
  "A slope says how fast the loss changes, in nats per example and unit of length, when all entries of a weight move",
  "together in one direction. Several directions are tried; the row shows the one that agrees least.",
].join("\n");
