import { type Chart, chartIn } from "../plotly";
import { element } from "../elements";
import type { PlotlyData } from "../plotlyData";
import { axisLines, chartLayout } from "../theme";
import type { Mount, ThemeColours } from "../view";

const defaultHeight = 420;

/** Colours where the person has chosen none: those of the page, and of the axes by a template. */
const inTheme = (colours: ThemeColours): object => ({
  ...chartLayout(colours),
  margin: undefined,
  template: { layout: { xaxis: axisLines(colours), yaxis: axisLines(colours) } },
});

/** Their layout, over the editor's colours. */
export const plotlyChart: Mount<PlotlyData> = (root, first, { theme }) => {
  let shown = first;
  const box = element("div", { class: "vaenb-chart", role: "group", "aria-label": "chart" });
  root.replaceChildren(box);
  const chart: Chart = chartIn(box);
  const draw = (): void => {
    const { data, layout, config } = shown;
    const height = typeof layout.height === "number" ? layout.height : defaultHeight;
    box.style.height = `${height}px`;
    chart.draw({
      data,
      layout: { ...inTheme(theme.colours()), ...layout, height },
      config,
    });
  };
  draw();
  const stop = theme.onChange(draw);
  return {
    update: (next) => {
      shown = next;
      draw();
    },
    dispose: () => {
      stop();
      chart.dispose();
    },
  };
};
