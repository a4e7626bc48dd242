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

/** A person's chart: their layout over the editor's colours, and its values as tables that unfold below it. */
export const plotlyChart: Mount<PlotlyData> = (root, first, { theme }) => {
  let shown = first;
  const box = element("div", { class: "vaenb-chart", role: "group", "aria-label": "chart" });
  const values = valuesTable();
  root.replaceChildren(element("div", { class: "vaenb-panel" }, box, values.element));
  const chart: Chart = chartIn(box);
  const draw = (): void => {
    const { data, layout, config } = shown;
    const height = typeof layout.height === "number" ? layout.height : defaultHeight;
    box.style.height = `${height}px`;
    box.setAttribute("aria-label", chartText(data, layout));
    chart.draw({
      data,
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
