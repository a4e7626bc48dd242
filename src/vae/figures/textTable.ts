/** Tables and small pictures of numbers in plain text. */
export interface Column {
  readonly name: string;
  readonly align: "left" | "right";
}

/**
 * Aligned columns under their names. The rule under the names keeps the table readable where a proportional font
 * breaks the columns.
 */
export function textTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const widths = columns.map((column, c) =>
    Math.max(column.name.length, ...rows.map((row) => (row[c] ?? "").length)),
  );
  const line = (cells: readonly string[]): string =>
    columns
      .map((column, c) => {
        const cell = cells[c] ?? "";
        return column.align === "right" ? cell.padStart(widths[c] ?? 0) : cell.padEnd(widths[c] ?? 0);
      })
      .join("  ")
      .trimEnd();
  return [
    line(columns.map((column) => column.name)),
    widths.map((width) => "─".repeat(width)).join("  "),
    ...rows.map(line),
  ].join("\n");
}

const levels = "▁▂▃▄▅▆▇█";

/** The course of a series in `width` characters; a gap where nothing is finite. */
export function sparkline(values: ArrayLike<number>, width = 24): string {
  const means = bucketMeans(values, width);
  const finite = means.filter(Number.isFinite);
  const low = Math.min(...finite);
  const high = Math.max(...finite);
  return means
    .map((mean) => {
      if (!Number.isFinite(mean)) return " ";
      const level = high > low ? Math.round(((mean - low) / (high - low)) * (levels.length - 1)) : 0;
      return levels[level] ?? " ";
    })
    .join("");
}

function bucketMeans(values: ArrayLike<number>, buckets: number): number[] {
  const count = Math.min(buckets, values.length);
  return Array.from({ length: count }, (_, b) => {
    const start = Math.floor((b * values.length) / count);
    const end = Math.floor(((b + 1) * values.length) / count);
    let sum = 0;
    for (let i = start; i < end; i++) sum += values[i] ?? NaN;
    return sum / (end - start);
  });
}

/** A horizontal bar of up to `width` characters, in eighths of one. */
export function bar(share: number, width: number): string {
  const eighths = Math.round(Math.max(0, Math.min(1, share)) * width * 8);
  const part = eighths % 8;
  return "█".repeat(Math.floor(eighths / 8)) + (part === 0 ? "" : ("▏▎▍▌▋▊▉"[part - 1] ?? ""));
}
