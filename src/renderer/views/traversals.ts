import type { TraversalsView } from "../../protocol/views";
import { element, panel } from "../elements";
import { livePicture } from "../livePicture";
import { nats } from "../numbers";
import { pictureGrid } from "../pictureGrid";
import { picturesOf } from "../pictures";
import { shortNumber, sliders } from "../sliders";
import type { Mount } from "../view";

/** A row per latent dimension in which only it moves, and a slider per dimension that moves them together, live. */
export const traversals: Mount<TraversalsView> = (root, first, { ask, unanswered, theme }) => {
  const grid = pictureGrid(theme);
  const live = livePicture("Move a slider to decode another point of the latent space.", unanswered);
  const show = (data: TraversalsView): void => {
    const { base, dimensions, values } = data;
    const names = dimensions.map(
      ({ dimension, kl }) => `z[${dimension}]${kl === undefined ? "" : ` (KL ${nats(kl)})`}`,
    );
    grid.show({
      title: data.title,
      pictures: picturesOf(data.images),
      columns: values.length,
      rowNames: names,
      columnNames: values.map(shortNumber),
    });
    const range = Math.max(3, ...values.map(Math.abs));
    const controls = sliders(
      "latent point",
      dimensions.map(({ dimension }, i) => ({
        name: names[i] ?? "",
        low: -range,
        high: range,
        value: base[dimension] ?? 0,
      })),
      (moved, slider) => {
        const point = [...base];
        dimensions.forEach(({ dimension }, i) => (point[dimension] = moved[i] ?? 0));
        const dimension = dimensions[slider]?.dimension ?? 0;
        live.ask(
          () => ask("decode", { points: [point] }),
          `z[${dimension}] = ${shortNumber(point[dimension] ?? 0)}`,
        );
      },
    );
    const reset = element(
      "button",
      {
        type: "button",
        onclick: () => {
          controls.set(dimensions.map(({ dimension }) => base[dimension] ?? 0));
          live.ask(() => ask("decode", { points: [[...base]] }), "the start");
        },
      },
      "Back to the start",
    );
    root.replaceChildren(
      panel(
        data.title,
        grid.element,
        element(
          "div",
          { class: "vaenb-sides" },
          live.element,
          unanswered === undefined
            ? element(
                "div",
                { class: "vaenb-panel" },
                controls.element,
                element("div", { class: "vaenb-row" }, reset),
              )
            : undefined,
        ),
      ),
    );
  };
  show(first);
  return { update: show, dispose: () => grid.dispose() };
};
