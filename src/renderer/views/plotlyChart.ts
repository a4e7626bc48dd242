import { chartText } from "../chartValues";
import { type Chart, chartIn } from "../plotly";
import { element } from "../elements";
import type { PlotlyData } from "../plotlyData";
import { axisLines, chartLayout } from "../theme";
import { valuesTable } from "../valuesTable";
import type { Mount, ThemeColours } from "../view";

const defaultHeight = 420;

/** Colours where the person has chosen none: those of the page, and of the axes by a template. */
const inTheme = (colours: ThemeColours): object => ({
  ...chartLayout(colours),
  margin: undefined,
  template: { layout: { xaxis: axisLines(colours), yaxis: axisLines(colours) } },
});

/** The kinds of traces that `plotlyParts.ts` holds. */
const drawnTypes = [
  ...["scatter", "scattergl", "bar", "box", "violin", "histogram", "histogram2d"],
  ...["heatmap", "contour", "image", "pie"],
];

const typeOf = (trace: unknown): string =>
  typeof trace === "object" && trace !== null && "type" in trace && typeof trace.type === "string"
    ? trace.type
    : "scatter";

/** A person's chart: their layout over the editor's colours, and its values as tables that unfold below it. */
export const plotlyChart: Mount<PlotlyData> = (root, first, { theme }) => {
  let shown = first;
  const box = element("div", { class: "vaenb-chart", role: "group", "aria-label": "chart" });
  const values = valuesTable();
  const missing = element("p", { class: "vaenb-note", hidden: true });
  root.replaceChildren(element("div", { class: "vaenb-panel" }, box, missing, values.element));
  const chart: Chart = chartIn(box);
  const draw = (): void => {
    const { data, layout, config } = shown;
    const undrawn = [...new Set(data.map(typeOf))].filter((type) => !drawnTypes.includes(type));
    missing.hidden = undrawn.length === 0;
    missing.textContent = `Not drawn here: ${undrawn.join(", ")}. Drawn are ${drawnTypes.join(", ")}.`;
    const height = typeof layout.height === "number" ? layout.height : defaultHeight;
    box.style.height = `${height}px`;
    box.setAttribute("aria-label", chartText(data, layout));
    chart.draw({
      data: data.filter((trace) => drawnTypes.includes(typeOf(trace))),
      layout: { ...inTheme(theme.colours()), ...layout, height },
      config,
    });
  };
  draw();
  values.show(first.data);
  const stop = theme.onChange(draw);
  return {
    update: (next) => {
      shown = next;
      draw();
      values.show(next.data);
    },
    dispose: () => {
      stop();
      chart.dispose();
    },
  };
};
