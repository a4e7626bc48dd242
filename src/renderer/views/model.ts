import type { ModelView } from "../../protocol/views";
import { panel, scrolling, table } from "../elements";
import { whole } from "../numbers";
import { drawn, type Mount } from "../view";

/** A model's layers, and what is to be known of it. */
export const model: Mount<ModelView> = drawn(({ title, layers, facts }) =>
  panel(
    title,
    scrolling(
      `layers of ${title}`,
      table(
        `layers of ${title}`,
        [{ name: "part" }, { name: "layer" }, { name: "output" }, { name: "weights", align: "right" }],
        layers.map((layer, i) => ({
          cells: [
            layer.part === layers[i - 1]?.part ? "" : layer.part,
            layer.name,
            `[${layer.output.join(", ")}]`,
            layer.weights === 0 ? "" : whole(layer.weights),
          ],
        })),
      ),
    ),
    table(
      `about ${title}`,
      [{ name: "" }, { name: "" }],
      facts.map(({ name, value, unit, note }) => ({
        cells: [name, [value, unit, note].filter((part) => part !== undefined).join(" ")],
      })),
    ),
  ),
);
