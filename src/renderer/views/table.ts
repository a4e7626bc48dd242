import type { TableView } from "../../protocol/views";
import { element, panel, scrolling, table } from "../elements";
import { drawn, type Mount } from "../view";

/** A table with its note. */
export const tableView: Mount<TableView> = drawn(({ title, columns, rows, note }) =>
  panel(
    title,
    scrolling(
      title,
      table(
        title,
        columns,
        rows.map(({ cells, emphasis }) => ({ cells, ...(emphasis && { class: `vaenb-${emphasis}` }) })),
      ),
    ),
    note === undefined ? undefined : element("p", { class: "vaenb-note" }, note),
  ),
);
