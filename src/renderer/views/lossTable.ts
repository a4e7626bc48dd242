import { element } from "../elements";
import { nats } from "../numbers";
import { lastUpTo } from "../lines/search";
import { type Curve, parts } from "./trainingCurves";

export interface LossTable {
  readonly element: HTMLElement;
  /** The losses at a step, or the last ones. */
  show(
    curves: readonly Curve[],
    unit: string,
    at: number | undefined,
    colourOf: (curve: Curve) => string,
  ): void;
}

/**
 * The losses as numbers, a row per curve. Its first column is the legend: a button per curve with a piece of its line,
 * which hides and shows it. Rows stay the same elements while the numbers change, so that the focus stays too.
 */
export function lossTable(hidden: Set<string>, changed: () => void): LossTable {
  const unitCell = element("th", { scope: "col", class: "vaenb-left" });
  const heading = element("caption", { class: "vaenb-spoken" });
  const body = element("tbody");
  const columns = parts.map(({ title }) => element("th", { scope: "col", class: "vaenb-right" }, title));
  const head = element("thead", {}, element("tr", {}, unitCell, ...columns));
  let rows: readonly Row[] = [];

  const rowOf = (name: string, validation: boolean): Row => {
    const sample = element("span", { class: `vaenb-line${validation ? " vaenb-dashed" : ""}` });
    const button = element(
      "button",
      { type: "button", class: "vaenb-key-button", title: `Hide or show ${name}` },
      sample,
      element("span", {}, name),
    );
    const tell = (): void => button.setAttribute("aria-pressed", String(!hidden.has(name)));
    button.addEventListener("click", () => {
      if (!hidden.delete(name)) hidden.add(name);
      tell();
      changed();
    });
    tell();
    const cells = parts.map(() => element("td", { class: "vaenb-right" }));
    const row = element("tr", {}, element("th", { scope: "row", class: "vaenb-left" }, button), ...cells);
    return { name, validation, sample, cells, row };
  };

  return {
    element: element("table", { class: "vaenb-table vaenb-losses" }, heading, head, body),
    show: (curves, unit, at, colourOf) => {
      const same =
        rows.length === curves.length &&
        curves.every(
          ({ name, validation }, i) => rows[i]?.name === name && rows[i].validation === validation,
        );
      if (!same) {
        rows = curves.map(({ name, validation }) => rowOf(name, validation));
        body.replaceChildren(...rows.map(({ row }) => row));
      }
      const text = at === undefined ? `last, ${unit}` : `at step ${at}, ${unit}`;
      unitCell.textContent = text;
      heading.textContent = `losses ${text}`;
      curves.forEach((curve, i) => {
        const point = at === undefined ? curve.step.length - 1 : lastUpTo(curve.step, at);
        rows[i]?.sample.style.setProperty("color", colourOf(curve));
        parts.forEach(({ key }, p) => {
          const cell = rows[i]?.cells[p];
          if (cell) cell.textContent = point < 0 ? "" : nats(curve.losses[key][point]);
        });
      });
    },
  };
}

interface Row {
  readonly name: string;
  readonly validation: boolean;
  readonly sample: HTMLElement;
  readonly cells: readonly HTMLElement[];
  readonly row: HTMLElement;
}
