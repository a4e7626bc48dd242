import type { ScoreView } from "../../protocol/views";
import { panel, scrolling, table } from "../elements";
import { nats, significant } from "../numbers";
import { drawn, type Mount } from "../view";
import { klContent } from "./kl";

/** What an evaluation measured, each number with its unit, and the KL of each dimension. */
export const score: Mount<ScoreView> = drawn(({ title, metrics, kl }) =>
  panel(
    title,
    scrolling(
      title,
      table(
        title,
        [{ name: "measure" }, { name: "value", align: "right" }, { name: "unit" }, { name: "" }],
        metrics.map(({ name, value, unit, note }) => ({
          cells: [name, unit.startsWith("nats") ? nats(value) : significant(value), unit, note ?? ""],
        })),
      ),
    ),
    ...klContent(kl),
  ),
);
