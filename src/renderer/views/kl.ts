import type { KlView } from "../../protocol/views";
import { element, panel, scrolling, table } from "../elements";
import { decode, nats, significant } from "../numbers";
import { drawn, type Mount } from "../view";

/** KL divergence of each dimension as a bar with its number, the most informative first. */
export const kl: Mount<KlView> = drawn((data) => panel(data.title, ...klContent(data)));

/** Further dimensions unfold: a collapsed model of hundreds would fill screens with zeros. */
const mostRows = 24;

/** The bars and the sentence under them, for this view and for a score's. */
export function klContent(data: KlView): readonly HTMLElement[] {
  const [values, variances] = [decode(data.kl), decode(data.variance)];
  const largest = Math.max(...values.filter((value) => Number.isFinite(value)), 1e-12);
  const order = Array.from(values, (_, d) => d).sort(
    (a, b) => sizeOf(values[b]) - sizeOf(values[a]) || a - b,
  );
  const active = new Set(data.active);
  const row = (d: number) => ({
    cells: [
      `z[${d}]`,
      nats(values[d]),
      element(
        "div",
        { class: "vaenb-bars", "aria-hidden": "true" },
        element("span", {
          class: "vaenb-bar",
          style: `width: ${Math.max(0, 100 * ((values[d] ?? 0) / largest)) || 0}%`,
        }),
      ),
      significant(variances[d] ?? null),
      active.has(d) ? "" : "inactive",
    ],
  });
  const name = `KL per latent dimension, in ${data.unit}`;
  const columns = [
    { name: "dimension" },
    { name: `KL (${data.unit})`, align: "right" },
    { name: "" },
    { name: "variance of the mean", align: "right" },
    { name: "" },
  ] as const;
  const bars = (dimensions: readonly number[]): HTMLElement =>
    scrolling(data.title, table(name, columns, dimensions.map(row)));
  const rest = order.slice(mostRows);
  const more = rest.filter((d) => active.has(d)).length;
  const sum = `${data.active.length} of ${values.length} dimensions active (variance of the posterior mean above ${data.threshold}), KL ${nats(data.total)} ${data.unit} in all`;
  return [
    bars(order.slice(0, mostRows)),
    ...(rest.length === 0
      ? []
      : [
          element(
            "details",
            {},
            element(
              "summary",
              {},
              `${rest.length} more dimensions, ${more === 0 ? "none" : more} of them active`,
            ),
            bars(rest),
          ),
        ]),
    element("p", { class: "vaenb-note" }, sum),
  ];
}

/** What is not a number comes first: it is what went wrong. */
const sizeOf = (value = 0): number => (Number.isNaN(value) ? Infinity : value);
