import { type Figure, figure, once } from "./figure";
import { counted, shapeCode, significant, whole } from "./format";
import { finiteOrNull } from "./numbers";

/** A tensor read back to the CPU: values row by row. `values` may hold only the first of them if `size` says so. */
export interface TensorRecord {
  readonly shape: readonly number[];
  /** "float32", "int32", "bool", "complex64" or "string". */
  readonly dtype: string;
  readonly values: Float32Array | Int32Array | Uint8Array | readonly string[];
}

export interface TensorData {
  readonly title: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly size: number;
  readonly min: number | null;
  readonly max: number | null;
  readonly mean: number | null;
  readonly nan: number;
  readonly rows: readonly (readonly string[])[];
  readonly truncated: boolean;
}

const mostRows = 8;
const mostColumns = 8;

/** A tensor's type, shape, range and first values; of more than two axes, the first matrix. */
export function tensorFigure(tensor: TensorRecord): Figure<"tensor", TensorData> {
  const data = once(() => tensorData(tensor));
  return figure({ view: "tensor", data, standard: () => ({}), text: once(() => tensorText(data())) });
}

function tensorData({ shape, dtype, values }: TensorRecord): TensorData {
  const size = shape.reduce((product, n) => product * n, 1);
  const columns = shape.at(-1) ?? 1;
  const rows = shape.length < 2 ? 1 : (shape.at(-2) ?? 1);
  const shown = Array.from({ length: size === 0 ? 0 : Math.min(rows, mostRows) }, (_, row) =>
    Array.from({ length: Math.min(columns, mostColumns) }, (_, column) =>
      valueText(values[row * columns + column], dtype),
    ),
  );
  return {
    title: `tensor ${dtype} ${shapeCode(shape)}`,
    dtype,
    shape,
    size,
    ...statistics(values),
    rows: shown,
    truncated: shown.length * Math.min(columns, mostColumns) < size,
  };
}

function valueText(value: number | string | undefined, dtype: string): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (value === undefined) return "";
  if (dtype === "bool") return value ? "true" : "false";
  return dtype === "int32" ? String(value) : significant(value);
}

function statistics(values: TensorRecord["values"]): Pick<TensorData, "min" | "max" | "mean" | "nan"> {
  let min = Infinity;
  let max = -Infinity;
  let sum = 0;
  let count = 0;
  let nan = 0;
  for (const value of values) {
    if (typeof value !== "number") continue;
    if (Number.isNaN(value)) {
      nan++;
      continue;
    }
    min = Math.min(min, value);
    max = Math.max(max, value);
    sum += value;
    count++;
  }
  return { min: finiteOrNull(min), max: finiteOrNull(max), mean: finiteOrNull(sum / count), nan };
}

function tensorText({ title, size, min, max, mean, nan, rows, shape, truncated }: TensorData): string {
  const range =
    min === null || max === null || mean === null || size < 2
      ? ""
      : `, ${significant(min)} to ${significant(max)}, mean ${significant(mean)}`;
  const facts = `${counted(size, "value")}${range}${nan > 0 ? `, ${whole(nan)} not a number` : ""}`;
  const columns = shape.at(-1) ?? 1;
  const width = Math.max(0, ...rows.flat().map((cell) => cell.length));
  const allRows = shape.length < 2 ? 1 : (shape.at(-2) ?? 1);
  const lines = rows.map(
    (row) => `[${row.map((cell) => cell.padStart(width)).join(", ")}${columns > row.length ? ", ..." : ""}]`,
  );
  const first =
    shape.length > 2 && size > 0
      ? [`the first of ${whole(shape.slice(0, -2).reduce((a, b) => a * b, 1))} matrices:`]
      : [];
  const more =
    allRows > rows.length && truncated && rows.length > 0
      ? [`... ${counted(allRows - rows.length, "more row")}`]
      : [];
  return [title, facts, ...first, ...lines, ...more].join("\n");
}
