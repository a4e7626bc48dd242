import type { TensorView } from "../../protocol/views";
import { element, panel, scrolling, table } from "../elements";
import { significant, whole } from "../numbers";
import { drawn, type Mount } from "../view";

/** A tensor's shape, type, range and first values. */
export const tensor: Mount<TensorView> = drawn((data) => {
  const columns = Math.max(0, ...data.rows.map((row) => row.length));
  return panel(
    data.title,
    element("p", { class: "vaenb-note" }, factsOf(data)),
    data.shape.length === 0
      ? undefined
      : scrolling(
          `values of ${data.title}`,
          table(
            data.title,
            [
              { name: "" },
              ...Array.from({ length: columns }, (_, c) => ({ name: String(c), align: "right" as const })),
            ],
            data.rows.map((row, r) => ({ cells: [String(r), ...row] })),
          ),
        ),
    data.truncated ? element("p", { class: "vaenb-note" }, "The first values; there are more.") : undefined,
  );
});

function factsOf({ shape, rows, size, min, max, mean, nan }: TensorView): string {
  if (shape.length === 0) return rows[0]?.[0] ?? "no value";
  const range =
    size < 2 || min === null ? "" : `, ${significant(min)} to ${significant(max)}, mean ${significant(mean)}`;
  return `${whole(size)} ${size === 1 ? "value" : "values"}${range}${nan > 0 ? `, ${whole(nan)} not a number` : ""}`;
}
