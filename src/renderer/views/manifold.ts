import type { ManifoldView } from "../../protocol/views";
import { element, panel } from "../elements";
import { livePicture } from "../livePicture";
import { pictureGrid } from "../pictureGrid";
import { picturesOf } from "../pictures";
import { shortNumber, sliders } from "../sliders";
import type { Mount } from "../view";

/** For the decoded picture and the sliders. */
const panelWidth = 340;

/** Decoded points of the prior side by side; pointing between them decodes the very point, and so do two sliders. */
export const manifold: Mount<ManifoldView> = (root, first, { ask, unanswered, theme }) => {
  const grid = pictureGrid(theme, panelWidth);
  const live = livePicture(
    "Point at the pictures, or walk through them with the arrow keys, to decode the point there.",
    unanswered,
  );
  let data = first;
  let controls: ReturnType<typeof sliders> | undefined;

  const decode = (across: number, down: number): void => {
    const point = data.base.map((value, d) =>
      d === data.across.dimension ? across : d === data.down.dimension ? down : value,
    );
    const caption = `z = (${point.map(shortNumber).join(", ")})`;
    live.ask(() => ask("decode", { points: [point] }), caption);
  };
  grid.onPoint((_, x, y) => {
    const point = [along(data.across.values, x), along(data.down.values, y)] as const;
    controls?.set(point);
    decode(...point);
  });

  const show = (next: ManifoldView): void => {
    data = next;
    grid.show({
      title: next.title,
      pictures: picturesOf(next.images),
      columns: next.size,
      margin: false,
      captions: captionsOf(next),
      namesOfEdges: true,
      columnNames: edgesOf(next.across),
      ...(next.down.dimension !== next.across.dimension && { rowNames: edgesOf(next.down) }),
    });
    const sides = next.down.dimension === next.across.dimension ? [next.across] : [next.across, next.down];
    controls = sliders(
      "latent point",
      sides.map(({ dimension }) => ({ name: `z[${dimension}]`, low: -3, high: 3, value: 0 })),
      ([across = 0, down = across]) => decode(across, down),
    );
    root.replaceChildren(
      panel(
        next.title,
        element(
          "div",
          { class: "vaenb-sides" },
          grid.element,
          element(
            "div",
            { class: "vaenb-panel vaenb-beside" },
            live.element,
            unanswered === undefined ? controls.element : undefined,
          ),
        ),
      ),
    );
  };
  show(first);
  return { update: show, dispose: () => grid.dispose() };
};

/** The value at a share of a side: between the middles of two pictures, between their values. */
export function along(values: readonly number[], share: number): number {
  const place = Math.max(0, Math.min(values.length - 1, share * values.length - 0.5));
  const before = Math.floor(place);
  const [a = 0, b = a] = [values[before], values[before + 1]];
  return a + (place - before) * (b - a);
}

const edgesOf = ({ dimension, values }: ManifoldView["across"]): readonly string[] =>
  [values[0] ?? 0, ((values[0] ?? 0) + (values.at(-1) ?? 0)) / 2, values.at(-1) ?? 0].map((value, i) =>
    i === 1 ? `z[${dimension}]` : shortNumber(value),
  );

function captionsOf({ across, down }: ManifoldView): readonly string[] {
  return down.values.flatMap((y) =>
    across.values.map((x) =>
      across.dimension === down.dimension
        ? `z[${across.dimension}] = ${shortNumber(x)}`
        : `z[${across.dimension}] = ${shortNumber(x)}, z[${down.dimension}] = ${shortNumber(y)}`,
    ),
  );
}
