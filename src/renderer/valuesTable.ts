import { traceValues, type TraceValues } from "./chartValues";
import { element, scrolling, table } from "./elements";
import { whole } from "./numbers";

export interface ValuesTable {
  readonly element: HTMLElement;
  show(data: readonly unknown[]): void;
}

/** The values of a chart's traces, for those who do not point at it or do not see it. Made when it is unfolded. */
export function valuesTable(): ValuesTable {
  let data: readonly unknown[] = [];
  const content = element("div", { class: "vaenb-panel" });
  const root = element(
    "details",
    { class: "vaenb-values", ontoggle: () => fill() },
    element("summary", {}, "Values"),
    content,
  );
  const fill = (): void => content.replaceChildren(...(root.open ? tables(data) : []));
  return {
    element: root,
    show: (next) => {
      data = next;
      root.hidden = data.length === 0;
      fill();
    },
  };
}

/** Of the traces whose values we can read: some kinds keep them in places of their own. */
const tables = (data: readonly unknown[]): readonly HTMLElement[] => {
  const readable = data.map((trace, i) => traceValues(trace, i + 1)).filter(({ count }) => count > 0);
  if (readable.length > 0) return readable.map(traceTable);
  return [element("p", { class: "vaenb-note" }, "This kind of chart has no values that a table could show.")];
};

function traceTable({ title, columns, rows, count, columnsLeftOut }: TraceValues): HTMLElement {
  const left = [
    ...(count > rows.length ? [`${whole(count - rows.length)} more rows`] : []),
    ...(columnsLeftOut > 0 ? [`${whole(columnsLeftOut)} more columns`] : []),
  ];
  return element(
    "div",
    {},
    element("div", { class: "vaenb-title" }, title),
    scrolling(
      title,
      table(
        title,
        columns.map((name) => ({ name, align: "right" as const })),
        rows.map((cells) => ({ cells })),
      ),
    ),
    left.length === 0 ? undefined : element("p", { class: "vaenb-note" }, `and ${left.join(", ")}`),
  );
}
