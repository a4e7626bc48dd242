import type { activate } from "../index";
import type { Plotly } from "../plotly";

declare global {
  /** What the scripts of an exported page leave for each other. */
  interface Window {
    vaenbActivate?: typeof activate;
    vaenbPlotly?: Plotly;
  }
}
