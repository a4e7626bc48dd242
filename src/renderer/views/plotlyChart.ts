import { type Chart, chartIn } from "../plotly";
import { element } from "../elements";
import { chartLayout } from "../theme";
import type { Mount } from "../view";

/** A plotly chart that a person returned: their layout, over the editor's colours. */
export interface PlotlyData {
  readonly data?: readonly unknown[];
  readonly layout?: Readonly<Record<string, unknown>>;
  readonly config?: object;
}

const defaultHeight = 420;

export const plotlyChart: Mount<PlotlyData> = (root, first, { theme }) => {
  let shown = first;
  const box = element("div", { class: "vaenb-chart", role: "group", "aria-label": "chart" });
  root.replaceChildren(box);
  const chart: Chart = chartIn(box);
  const draw = (): void => {
    const { data = [], layout = {}, config = {} } = shown;
    const height = typeof layout.height === "number" ? layout.height : defaultHeight;
    box.style.height = `${height}px`;
    chart.draw({
      data,
      layout: { ...chartLayout(theme.colours()), margin: undefined, ...layout, height },
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
