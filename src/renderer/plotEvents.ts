/** What a person does on a plane of points. */
export interface PlotPointing {
  /** The pointer is at these coordinates, beside any point. */
  plane(x: number, y: number): void;
  /** The pointer is on the point of this example. */
  example(index: number): void;
  /** Box or lasso hold these examples; undefined when nothing is selected any more. */
  selected(indices: readonly number[] | undefined): void;
}

interface PlotAxis {
  /** From pixels within the axis to data. */
  p2d(pixel: number): number;
  readonly _offset: number;
  readonly _length: number;
}

/** What plotly adds to the element that it draws in. The axes are its only way from pixels to data. */
interface PlotElement extends HTMLElement {
  on?(event: string, listener: (data?: { points?: readonly { customdata?: unknown }[] }) => void): void;
  readonly _fullLayout?: { readonly xaxis: PlotAxis; readonly yaxis: PlotAxis };
}

/** Listens to pointer and selection on a drawn plot. */
export function onPlotPoint(plot: PlotElement, pointing: PlotPointing): void {
  let onExample = false;
  const indices = (points: readonly { customdata?: unknown }[] = []): readonly number[] =>
    points.map(({ customdata }) => customdata).filter((index) => typeof index === "number");

  plot.on?.("plotly_hover", (data) => {
    const [index] = indices(data?.points);
    if (index === undefined) return;
    onExample = true;
    pointing.example(index);
  });
  plot.on?.("plotly_unhover", () => {
    onExample = false;
  });
  plot.on?.("plotly_selected", (data) => pointing.selected(data?.points && indices(data.points)));
  plot.on?.("plotly_deselect", () => pointing.selected(undefined));
  plot.addEventListener("pointermove", (event) => {
    const layout = plot._fullLayout;
    if (layout === undefined || onExample) return;
    const box = plot.getBoundingClientRect();
    const x = event.clientX - box.left - layout.xaxis._offset;
    const y = event.clientY - box.top - layout.yaxis._offset;
    if (x < 0 || y < 0 || x > layout.xaxis._length || y > layout.yaxis._length) return;
    pointing.plane(layout.xaxis.p2d(x), layout.yaxis.p2d(y));
  });
}
