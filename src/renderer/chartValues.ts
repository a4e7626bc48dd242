import { whole } from "./numbers";

/** What one trace of a plotly chart holds, as a table that can be read. */
export interface TraceValues {
  /** "scatter “loss”, 200 points" */
  readonly title: string;
  readonly columns: readonly string[];
  /** The first ones. */
  readonly rows: readonly (readonly string[])[];
  /** How many rows there are in all. */
  readonly count: number;
  /** How many columns of a matrix are left out. */
  readonly columnsLeftOut: number;
}

export const mostRows = 100;
const mostColumns = 20;

/** The names under which plotly's traces keep what they draw, in the order in which one reads them. */
const columnNames = [
  ...["labels", "parents", "locations", "dates", "x", "y", "lat", "lon", "r", "theta", "a", "b", "c"],
  ...["open", "high", "low", "close", "base", "u", "v", "w", "value", "values", "z", "text"],
] as const;

/** The traces of a chart as tables, each when it is asked for: a chart may hold millions of values. */
export function traceValues(trace: unknown, number: number): TraceValues {
  const type = textIn(trace, "type") ?? "scatter";
  const name = textIn(trace, "name");
  const title = (count: string): string =>
    `${type} ${name === undefined ? number : `“${name}”`}${count === "" ? "" : `, ${count}`}`;
  const matrix = columnOf(trace, "z");
  if (matrix && isList(matrix[0])) return matrixValues(trace, matrix, title);
  const found = columnNames.flatMap((column) => {
    const values = columnOf(trace, column);
    return values ? [{ column, values }] : [];
  });
  const count = Math.max(0, ...found.map(({ values }) => values.length));
  // Where a trace says nothing of x, plotly counts.
  const counts = found.some(({ column }) => column === "y") && !found.some(({ column }) => column === "x");
  return {
    title: title(count === 0 ? "" : count === 1 ? "1 point" : `${whole(count)} points`),
    columns: [...(counts ? ["point"] : []), ...found.map(({ column }) => column)],
    rows: Array.from({ length: Math.min(count, mostRows) }, (_, i) => [
      ...(counts ? [String(i)] : []),
      ...found.map(({ values }) => textOf(values[i])),
    ]),
    count,
    columnsLeftOut: 0,
  };
}

function matrixValues(
  trace: unknown,
  matrix: ArrayLike<unknown>,
  title: (count: string) => string,
): TraceValues {
  const wide = Math.max(...Array.from(matrix, (row) => (isList(row) ? row.length : 0)));
  const columns = Math.min(wide, mostColumns);
  const [x, y] = [columnOf(trace, "x"), columnOf(trace, "y")];
  return {
    title: title(`${whole(matrix.length)} × ${whole(wide)} values`),
    columns: ["", ...Array.from({ length: columns }, (_, c) => textOf(x?.[c] ?? c))],
    rows: Array.from({ length: Math.min(matrix.length, mostRows) }, (_, r) => {
      const row = matrix[r];
      return [
        textOf(y?.[r] ?? r),
        ...Array.from({ length: columns }, (_, c) => textOf(isList(row) ? row[c] : undefined)),
      ];
    }),
    count: matrix.length,
    columnsLeftOut: wide - columns,
  };
}

/** A chart in a sentence, for those who do not see it. */
export function chartText(data: readonly unknown[], layout: Readonly<Record<string, unknown>>): string {
  const title = titleIn(layout, "title");
  const axes = (["xaxis", "yaxis"] as const).flatMap((axis) => {
    const name = titleIn(member(layout, axis), "title");
    return name === undefined ? [] : [`${name} ${axis === "xaxis" ? "to the right" : "upwards"}`];
  });
  const traces = data.map((trace, i) => traceValues(trace, i + 1).title);
  return [title ?? "chart", ...axes, ...traces].join("; ");
}

/** Plotly takes a title as a text, or with its text in it; it may hold tags. */
function titleIn(value: unknown, key: string): string | undefined {
  const text = textIn(value, key) ?? textIn(member(value, key), "text");
  return text?.replaceAll(/<br\s*\/?>/g, ", ").replaceAll(/<[^>]*>/g, "");
}

const member = (value: unknown, key: string): unknown =>
  typeof value === "object" && value !== null && Object.hasOwn(value, key)
    ? (value as Readonly<Record<string, unknown>>)[key]
    : undefined;

function textIn(value: unknown, key: string): string | undefined {
  const found = member(value, key);
  return typeof found === "string" && found !== "" ? found : undefined;
}

const isList = (value: unknown): value is ArrayLike<unknown> =>
  Array.isArray(value) || (ArrayBuffer.isView(value) && "length" in value);

/** The values of a column, also where they travel as base64; undefined where there are none. */
function columnOf(trace: unknown, key: string): ArrayLike<unknown> | undefined {
  const found = member(trace, key);
  if (isList(found)) return found.length > 0 ? found : undefined;
  const [dtype, bdata] = [textIn(found, "dtype"), textIn(found, "bdata")];
  const make = dtype === undefined ? undefined : typedArrays.get(dtype.replace(/^[<|=]/, ""));
  if (make === undefined || bdata === undefined) return undefined;
  const values = make(Uint8Array.from(atob(bdata), (character) => character.charCodeAt(0)).buffer);
  const shape = (textIn(found, "shape") ?? "").split(/\D+/);
  const wide = Number(shape[1]);
  if (shape.length !== 2 || !(wide > 0)) return values;
  return Array.from({ length: Math.floor(values.length / wide) }, (_, r) =>
    Array.from({ length: wide }, (_, c) => values[r * wide + c]),
  );
}

/** Plotly's names for the types of numbers. */
const typedArrays = new Map<string, (buffer: ArrayBuffer) => ArrayLike<unknown>>([
  ["i1", (buffer) => new Int8Array(buffer)],
  ["u1", (buffer) => new Uint8Array(buffer)],
  ["u1c", (buffer) => new Uint8ClampedArray(buffer)],
  ["i2", (buffer) => new Int16Array(buffer)],
  ["u2", (buffer) => new Uint16Array(buffer)],
  ["i4", (buffer) => new Int32Array(buffer)],
  ["u4", (buffer) => new Uint32Array(buffer)],
  ["f4", (buffer) => new Float32Array(buffer)],
  ["f8", (buffer) => new Float64Array(buffer)],
]);

function textOf(value: unknown): string {
  if (typeof value === "number") return String(Number(value.toPrecision(6)));
  if (typeof value === "string" || typeof value === "boolean") return String(value);
  return value === null || value === undefined ? "" : (JSON.stringify(value) ?? "");
}
