import { inspect } from "node:util";
import type { MimeBundle } from "../../protocol/mime";

const MAX_ROWS = 200;
const MAX_COLUMNS = 30;

/** A table as people mean it: an array of records, all alike enough to share columns. */
export function asRecords(value: unknown): readonly Readonly<Record<string, unknown>>[] | undefined {
  if (!Array.isArray(value) || value.length === 0 || value.length > 100_000) return undefined;
  const sample: readonly unknown[] = value.slice(0, MAX_ROWS);
  return sample.every(isRecord) ? (value as Readonly<Record<string, unknown>>[]) : undefined;
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" &&
  value !== null &&
  [Object.prototype, null].includes(Object.getPrototypeOf(value) as object | null) &&
  Object.keys(value).length > 0;

/** Rows of a table as HTML and as text; `columns` chooses and orders. */
export function tableBundle(
  rows: readonly Readonly<Record<string, unknown>>[],
  columns?: readonly string[],
): MimeBundle {
  const shown = rows.slice(0, MAX_ROWS);
  const all = columns ?? [...new Set(shown.flatMap((row) => Object.keys(row)))];
  const names = all.slice(0, MAX_COLUMNS);
  const rest = [
    rows.length > shown.length ? `${rows.length - shown.length} more rows` : "",
    all.length > names.length ? `${all.length - names.length} more columns` : "",
  ].filter(Boolean);
  const cells = shown.map((row) =>
    names.map((name) => ({ text: cellText(row[name]), isNumber: typeof row[name] === "number" })),
  );
  return { "text/html": html(names, cells, rest), "text/plain": plain(names, cells, rest) };
}

interface Cell {
  readonly text: string;
  readonly isNumber: boolean;
}

function cellText(value: unknown): string {
  if (value === undefined) return "";
  if (typeof value === "string") return value.length > 200 ? `${value.slice(0, 200)}...` : value;
  if (typeof value === "number" && !Number.isInteger(value) && Number.isFinite(value))
    return String(Number(value.toPrecision(6)));
  return inspect(value, { depth: 0, breakLength: Infinity, maxArrayLength: 5 });
}

export const escapeHtml = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

function html(names: readonly string[], rows: readonly (readonly Cell[])[], rest: readonly string[]): string {
  const head = ["", ...names].map((name) => `<th scope="col">${escapeHtml(name)}</th>`).join("");
  const body = rows
    .map((row, i) => {
      const cells = row.map(
        ({ text, isNumber }) => `<td${isNumber ? ' style="text-align:right"' : ""}>${escapeHtml(text)}</td>`,
      );
      return `<tr><th scope="row">${i}</th>${cells.join("")}</tr>`;
    })
    .join("\n");
  const note = rest.length > 0 ? `<caption style="caption-side:bottom">${rest.join(", ")}</caption>` : "";
  return `<table>${note}<thead><tr>${head}</tr></thead><tbody>\n${body}\n</tbody></table>`;
}

function plain(
  names: readonly string[],
  rows: readonly (readonly Cell[])[],
  rest: readonly string[],
): string {
  const index = { text: "", isNumber: true };
  const table = [
    [index, ...names.map((text) => ({ text, isNumber: false }))],
    ...rows.map((row, i) => [{ text: String(i), isNumber: true }, ...row]),
  ];
  const widths =
    table[0]?.map((_, column) => Math.max(...table.map((row) => row[column]?.text.length ?? 0))) ?? [];
  const lines = table.map((row) =>
    row
      .map(({ text, isNumber }, i) =>
        isNumber ? text.padStart(widths[i] ?? 0) : text.padEnd(widths[i] ?? 0),
      )
      .join("  ")
      .trimEnd(),
  );
  lines.splice(1, 0, widths.map((width) => "─".repeat(width)).join("  "));
  return [...lines, ...rest].join("\n");
}
