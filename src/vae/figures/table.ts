import { type Figure, figure } from "./figure";
import { type Column, textTable } from "./textTable";

export interface TableRow {
  readonly cells: readonly string[];
  readonly emphasis?: "good" | "bad";
}

export interface TableData {
  readonly title: string;
  readonly columns: readonly Column[];
  readonly rows: readonly TableRow[];
  /** A sentence under the table. */
  readonly note?: string;
}

/** A table under its title. */
export function tableFigure(table: TableData): Figure<"table", TableData> {
  const { title, columns, rows, note } = table;
  return figure({
    view: "table",
    data: () => table,
    standard: () => ({}),
    text: () =>
      [
        title,
        textTable(
          columns,
          rows.map(({ cells }) => cells),
        ),
        ...(note === undefined ? [] : [note]),
      ].join("\n"),
  });
}
