import type { MimeBundle } from "../host";
import { faint, neutral } from "./colours";

/** A chart in plotly's JSON form, which Jupyter, VS Code and others draw. */
export interface Chart {
  readonly data: readonly Readonly<Record<string, unknown>>[];
  readonly layout: Readonly<Record<string, unknown>>;
}

/** An axis with a title that names its unit. */
export const axis = (
  title: string,
  more: Readonly<Record<string, unknown>> = {},
): Readonly<Record<string, unknown>> => ({
  title: { text: title },
  gridcolor: faint,
  zerolinecolor: faint,
  linecolor: neutral,
  automargin: true,
  ...more,
});

/** No background of its own and text in a middle gray: it reads on light and on dark pages. */
export function chart({ data, layout }: Chart): MimeBundle {
  return {
    "application/vnd.plotly.v1+json": {
      data,
      layout: {
        paper_bgcolor: "rgba(0, 0, 0, 0)",
        plot_bgcolor: "rgba(0, 0, 0, 0)",
        font: { color: neutral },
        margin: { l: 60, r: 20, t: 50, b: 50 },
        hovermode: "closest",
        ...layout,
      },
      config: { responsive: true, displaylogo: false },
    },
  };
}
