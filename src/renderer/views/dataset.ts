import type { DatasetView } from "../../protocol/views";
import { element, panel, scrolling, table } from "../elements";
import { significant, whole } from "../numbers";
import { pictureGrid } from "../pictureGrid";
import { picturesOf } from "../pictures";
import type { Mount } from "../view";

/** Datasets in a table, examples per class, and a grid of examples. */
export const dataset: Mount<DatasetView> = (root, first, { theme }) => {
  const grid = pictureGrid(theme);
  const show = (data: DatasetView): void => {
    grid.show({ ...data.examples, pictures: picturesOf(data.examples.images) });
    root.replaceChildren(
      panel(
        data.title,
        scrolling(data.title, setsTable(data)),
        ...[classesOf(data), factorsOf(data)].map((text) =>
          text === undefined ? undefined : element("p", { class: "vaenb-note" }, text),
        ),
        data.examples.images.count === 0 ? undefined : grid.element,
      ),
    );
  };
  show(first);
  return { update: show, dispose: () => grid.dispose() };
};

const setsTable = ({ title, sets }: DatasetView): HTMLElement =>
  table(
    title,
    [{ name: "data" }, { name: "examples", align: "right" }, { name: "shape" }, { name: "values" }],
    sets.map(({ name, size, shape, min, max, nan }) => ({
      cells: [name, whole(size), shape.join(" × "), valuesText(min, max, nan)],
    })),
  );

/** "0 to 1, 3 not a number" */
function valuesText(min: number | null, max: number | null, nan: number): string {
  const range = min === null || max === null ? [] : [`${significant(min)} to ${significant(max)}`];
  const rest = nan > 0 ? [`${whole(nan)} not a number`] : [];
  return [...range, ...rest].join(", ") || "none";
}

/** "10 classes, examples of each in digits train: 0 (2,000), 1 (1,998)" */
function classesOf({ classes, sets }: DatasetView): string | undefined {
  const [set] = sets;
  const counts = set?.perClass;
  if (classes === undefined || counts === undefined) return undefined;
  const shown = classes.slice(0, 20).map((name, i) => `${name} (${whole(counts[i] ?? 0)})`);
  return `${whole(classes.length)} classes, examples of each in ${set?.name}: ${shown.join(", ")}${classes.length > 20 ? ", ..." : ""}`;
}

const factorsOf = ({ factors }: DatasetView): string | undefined =>
  factors && `factors: ${factors.map(({ name, sizes }) => `${name} (${sizes} values)`).join(", ")}`;
