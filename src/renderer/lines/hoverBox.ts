import { element } from "../elements";
import { nats, whole } from "../numbers";
import type { Line, LineChartContent } from "./content";
import { lastUpTo } from "./search";

/** What all lines are at a place. */
export interface HoverBox {
  readonly element: HTMLElement;
  /** The box goes where `placed` says for its size in pixels. */
  show(
    content: LineChartContent,
    place: number,
    /** What is to know of it. */
    warnings: readonly string[],
    placed: (size: readonly [width: number, height: number]) => readonly [left: number, top: number],
  ): void;
  hide(): void;
}

/** More lines than these would cover the chart. */
const mostRows = 12;

export function hoverBox(): HoverBox {
  const box = element("div", { class: "vaenb-hover", "aria-hidden": "true", hidden: true });
  let shown: { readonly content: LineChartContent; readonly place: number } | undefined;
  return {
    element: box,
    show: (content, place, warnings, placed) => {
      if (shown?.content !== content || shown.place !== place) {
        box.replaceChildren(...rowsOf(content, place, warnings));
        shown = { content, place };
      }
      box.hidden = false;
      const [left, top] = placed([box.offsetWidth, box.offsetHeight]);
      box.style.transform = `translate(${Math.round(left)}px, ${Math.round(top)}px)`;
    },
    hide: () => {
      box.hidden = true;
      shown = undefined;
    },
  };
}

function rowsOf(
  content: LineChartContent,
  place: number,
  warnings: readonly string[],
): readonly HTMLElement[] {
  const { lines, panels, unit, across, note } = content;
  const shown = lines.slice(0, mostRows);
  const head = element(
    "tr",
    {},
    element("th", {}, `${across} ${whole(place)}${note === undefined ? "" : `, ${note}`}`),
    ...panels.map(({ title }) => element("th", { class: "vaenb-right" }, title)),
  );
  const more = lines.length - shown.length;
  return [
    element("table", {}, head, ...shown.map((line) => rowOf(line, place, content))),
    element("div", { class: "vaenb-note" }, `${more > 0 ? `and ${whole(more)} more lines, ` : ""}in ${unit}`),
    ...warnings.map((text) => element("div", { class: "vaenb-warning" }, text)),
  ];
}

/** The last point up to the place: where it is an earlier one, that is said. */
function rowOf(
  { name, colour, dashed, x, ys }: Line,
  place: number,
  { across, panels }: LineChartContent,
): HTMLElement {
  const point = lastUpTo(x, place);
  const at = x[point];
  return element(
    "tr",
    {},
    element(
      "td",
      {},
      element("span", {
        class: `vaenb-line${dashed ? " vaenb-dashed" : ""}`,
        style: `color: ${colour}`,
      }),
      name,
      at === undefined || at === place
        ? undefined
        : element("span", { class: "vaenb-note" }, ` (${across} ${whole(at)})`),
    ),
    ...panels.map((_, p) =>
      element("td", { class: "vaenb-right" }, at === undefined ? "" : nats(ys[p]?.[point])),
    ),
  );
}
