import { listenToPointer } from "../plane/gestures";
import type { ThemeColours } from "../view";
import { boxPlace, spotsOf } from "./boxPlace";
import type { LineChartContent } from "./content";
import { type Frame, frameOf, heightOf, notZoomed, type PanelFrame, spanOf, type Zoom } from "./frame";
import { hoverBox } from "./hoverBox";
import { linesPicture, type Outline } from "./picture";
import { enlarged, pixelOf, type Scale, valueAt } from "./scale";
import { nearestTo } from "./search";
import { enlargedTo, limited, moved, outlineOf, panelAt } from "./zooming";

export interface LineChart {
  readonly element: HTMLElement;
  readonly drawing: SVGSVGElement;
  show(content: LineChartContent, colours: ThemeColours): void;
  /** Enlarges all panels around what is pointed at. */
  enlarge(factor: number): void;
  /** Shows everything again; `upwards` keeps what is seen to the right. */
  reset(upwards?: boolean): void;
  dispose(): void;
}

type Spot = readonly [x: number, y: number];

/**
 * Lines in panels over one axis: pointed at for the values of all lines, enlarged by drawing a box, by the wheel with
 * Control or by `enlarge`, moved by dragging the axis. A double click shows everything again.
 */
export function lineChart(told: {
  /** A place was clicked at. */
  readonly chosen: (place: number) => void;
  readonly isEnlarged: (is: boolean) => void;
}): LineChart {
  let content: LineChartContent | undefined;
  let colours: ThemeColours | undefined;
  /** Known from the last layout: asking for it after a change would lay the page out once more. */
  let width = 0;
  let frame: Frame | undefined;
  let zoom: Zoom = notZoomed;
  let pointer: Spot | undefined;
  let outline: Outline | undefined;
  /** Where the lines are: looked for when somebody points at them. */
  let spots: ReturnType<typeof spotsOf> | undefined;
  let scheduled: number | undefined;
  let waiting: "draw" | "point" | undefined;

  const picture = linesPicture();
  const hover = hoverBox();
  picture.element.append(hover.element);

  const placeAt = ([x, y]: Spot): number | undefined => {
    const panel = frame && panelAt(frame, x, y);
    if (!panel || !content) return undefined;
    const place = nearestTo(content.places, valueAt(panel.across, x - panel.left));
    if (place === undefined) return undefined;
    const at = pixelOf(panel.across, place);
    return at >= 0 && at <= panel.width ? place : undefined;
  };
  const point = (): void => {
    if (!content || !colours || !frame || content.lines.length === 0) return;
    const hovered = pointer && placeAt(pointer);
    picture.point(content, frame, colours, { place: hovered ?? content.mark, outline });
    const panel = pointer && panelAt(frame, ...pointer);
    if (hovered === undefined || pointer === undefined || panel === undefined) return hover.hide();
    const [at, within] = [pointer, [frame.width, frame.height] as const];
    spots ??= spotsOf(content, frame);
    const lines = spots;
    hover.show(content, hovered, warningsAt(at), (size) => boxPlace(at, size, panel, within, lines));
  };
  const warningsAt = ([x, y]: Spot): readonly string[] => {
    const panel = frame && panelAt(frame, x, y);
    if (!panel || !content) return [];
    return content.warnings
      .filter((warning) => Math.abs(pixelOf(panel.across, warning.x) - (x - panel.left)) < reach)
      .map(({ text }) => text);
  };
  const draw = (): void => {
    if (!content || !colours || width === 0) return;
    frame = frameOf(content, width, zoom);
    spots = undefined;
    picture.paint(content, frame, colours);
    if (content.lines.length === 0) hover.hide();
    point();
  };
  /** With the next frame, once: a pointer moves more often than anything is painted. */
  const soon = (what: "draw" | "point"): void => {
    if (waiting !== "draw") waiting = what;
    scheduled ??= requestAnimationFrame(() => {
      const next = waiting;
      scheduled = waiting = undefined;
      if (next === "draw") draw();
      else point();
    });
  };
  const zoomTo = (next: Zoom): void => {
    if (content) zoom = limited(next, spanOf(content));
    told.isEnlarged(zoom.x !== undefined || zoom.y.size > 0);
    soon("draw");
  };

  /** The scale as it will be drawn: several gestures may come before the next frame. */
  const ahead = (panel: PanelFrame): Scale => ({ ...panel.across, range: zoom.x ?? panel.across.range });

  listenToPointer(picture.surface, () => (picture.surface.dataset.over === "axis" ? "pan" : "box"), {
    hovered: (at) => {
      pointer = at;
      const panel = at && frame && panelAt(frame, ...at);
      const below = panel && at[1] > panel.top + panel.height;
      picture.surface.dataset.over = panel === undefined ? "" : below && zoom.x ? "axis" : "lines";
      soon("point");
    },
    panned: (dx) => {
      const panel = frame?.panels[0];
      if (panel) zoomTo(moved(zoom, ahead(panel), -dx));
    },
    zoomed: (factor, [x, y]) => {
      const panel = frame && panelAt(frame, x, y);
      if (panel) zoomTo({ ...zoom, x: enlarged(ahead(panel), factor, x - panel.left) });
    },
    outlined: (corners, done) => {
      const [start, , end] = corners;
      const drawn = frame && start && end && outlineOf(frame, start, end);
      outline = done ? undefined : drawn?.outline;
      if (done && drawn) zoomTo(enlargedTo(zoom, drawn));
      else soon("point");
    },
    clicked: (at) => {
      const place = placeAt(at);
      if (place !== undefined) told.chosen(place);
    },
    reset: () => zoomTo(notZoomed),
  });

  const measure = (): boolean => {
    const before = width;
    width = picture.element.clientWidth;
    picture.element.style.height = `${heightOf(width || usualWidth, content?.panels.length ?? 1)}px`;
    return width !== before;
  };
  const resized = new ResizeObserver(() => {
    if (measure()) draw();
  });
  resized.observe(picture.element);

  return {
    element: picture.element,
    drawing: picture.drawing,
    show: (next, inTheme) => {
      // A mark that is moved out of what is seen takes the view along.
      const { x } = zoom;
      if (
        x &&
        next.mark !== undefined &&
        next.mark !== content?.mark &&
        !(next.mark >= x[0] && next.mark <= x[1])
      ) {
        const half = (x[1] - x[0]) / 2;
        zoom = limited({ ...zoom, x: [next.mark - half, next.mark + half] }, spanOf(next));
      }
      content = next;
      colours = inTheme;
      if (width === 0) measure();
      draw();
    },
    enlarge: (factor) => {
      const panel = frame?.panels[0];
      if (!panel || !content) return;
      const across = ahead(panel);
      const [low, high] = across.range;
      const about = content.mark ?? (zoom.x === undefined ? high : (low + high) / 2);
      zoomTo({ ...zoom, x: enlarged(across, factor, pixelOf(across, about)) });
    },
    reset: (upwards = false) => zoomTo(upwards && zoom.x ? { x: zoom.x, y: new Map() } : notZoomed),
    dispose: () => {
      content = undefined;
      if (scheduled !== undefined) cancelAnimationFrame(scheduled);
      resized.disconnect();
    },
  };
}

/** How near to a warning's line, in pixels, pointing means the warning too. */
const reach = 6;
/** Until the chart is on the page. */
const usualWidth = 800;
