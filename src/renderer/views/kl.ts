import type { KlView } from "../../protocol/views";
import { element, panel, scrolling, table } from "../elements";
import { decode, nats, significant } from "../numbers";
import { drawn, type Mount } from "../view";

/** KL divergence of each dimension as a bar with its number, the most informative first. */
export const kl: Mount<KlView> = drawn((data) => panel(data.title, ...klContent(data)));

const longestBar = 260;

/** The bars and the sentence under them, for this view and for a score's. */
export function klContent(data: KlView): readonly HTMLElement[] {
  const [values, variances] = [decode(data.kl), decode(data.variance)];
  const largest = Math.max(...values, 1e-12);
  const order = Array.from(values, (_, d) => d).sort((a, b) => (values[b] ?? 0) - (values[a] ?? 0) || a - b);
  const active = new Set(data.active);
  const bars = table(
    `KL per latent dimension, in ${data.unit}`,
    [
      { name: "dimension" },
      { name: `KL (${data.unit})`, align: "right" },
      { name: "" },
      { name: "variance of the mean", align: "right" },
      { name: "" },
    ],
    order.map((d) => ({
      cells: [
        `z[${d}]`,
        nats(values[d]),
        element("span", {
          class: "vaenb-bar",
          "aria-hidden": "true",
          style: `width: ${Math.round(((values[d] ?? 0) / largest) * longestBar)}px`,
        }),
        significant(variances[d] ?? null),
        active.has(d) ? "" : "inactive",
      ],
    })),
  );
  const sum = `${data.active.length} of ${values.length} dimensions active (variance of the posterior mean above ${data.threshold}), KL ${nats(data.total)} ${data.unit} in all`;
  return [scrolling(data.title, bars), element("p", { class: "vaenb-note" }, sum)];
}
