/** What is used of plotly.js, which is loaded when the first chart needs it. */
export interface Plotly {
  react(element: HTMLElement, data: readonly unknown[], layout: object, config?: object): Promise<unknown>;
  relayout(element: HTMLElement, change: object): Promise<unknown>;
  purge(element: HTMLElement): void;
  readonly Plots: { resize(element: HTMLElement): Promise<unknown> | undefined };
}

let loading: Promise<Plotly> | undefined;

export const loadPlotly = (): Promise<Plotly> =>
  (loading ??= import("./plotlyParts").then(({ parts }) => parts));

export interface ChartContent {
  readonly data: readonly unknown[];
  readonly layout: object;
  readonly config?: object;
}

/** A chart in an element: drawn again with new content as often as wanted, sized to its element. */
export interface Chart {
  draw(content: ChartContent): void;
  dispose(): void;
}

const defaults = { displaylogo: false, responsive: false, displayModeBar: "hover" };
/** No button sends a person's data to plotly's servers, whatever a chart from a file asks for. */
const always = { showSendToCloud: false, plotlyServerURL: "" };

/** One drawing at a time: while plotly draws, only the newest content waits. */
export function chartIn(element: HTMLElement): Chart {
  let waiting: ChartContent | undefined;
  let drawing: Promise<void> | undefined;
  let disposed = false;
  let drawn = false;

  const work = async (): Promise<void> => {
    const plotly = await loadPlotly();
    while (waiting !== undefined && !disposed) {
      const { data, layout, config } = waiting;
      waiting = undefined;
      await plotly.react(element, data, layout, { ...defaults, ...config, ...always });
      drawn = true;
    }
    // The output may have gone while it was drawn.
    if (disposed && drawn) plotly.purge(element);
  };
  const resized = new ResizeObserver(() => {
    if (drawn && element.isConnected && element.clientWidth > 0)
      void loadPlotly().then((p) => p.Plots.resize(element));
  });
  resized.observe(element);

  return {
    draw: (content) => {
      waiting = content;
      drawing ??= work()
        .catch((error: unknown) => {
          element.textContent = `This chart cannot be drawn: ${error instanceof Error ? error.message : String(error)}`;
        })
        .finally(() => {
          drawing = undefined;
        });
    },
    dispose: () => {
      disposed = true;
      resized.disconnect();
      // Gives WebGL contexts back: a webview has few of them for all its outputs.
      if (drawn && drawing === undefined) void loadPlotly().then((plotly) => plotly.purge(element));
    },
  };
}
