import { element, svg } from "../elements";
import type { ThemeColours } from "../view";
import type { LineChartContent } from "./content";
import type { Frame } from "./frame";
import { set, setText } from "./inPlace";
import { panelPicture } from "./panelPicture";

/** A part of the chart that is about to be enlarged, in pixels from its top left. */
export interface Outline {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** What lies above the lines. */
export interface Pointed {
  readonly place: number | undefined;
  readonly outline: Outline | undefined;
}

export interface LinesPicture {
  readonly element: HTMLElement;
  /** What takes the pointer. */
  readonly surface: HTMLElement;
  readonly drawing: SVGSVGElement;
  paint(content: LineChartContent, frame: Frame, colours: ThemeColours): void;
  point(content: LineChartContent, frame: Frame, colours: ThemeColours, pointed: Pointed): void;
}

/**
 * The chart as one drawing whose parts stay the same elements: a redraw changes what differs. All colours are attributes,
 * so that the drawing is the same where no style sheet is, as in a saved picture.
 */
export function linesPicture(): LinesPicture {
  const nothing = svg("text", { "text-anchor": "middle", "font-size": 13 });
  const outline = svg("rect", { "fill-opacity": 0.12, "stroke-dasharray": "4 3" });
  const drawing = svg("svg", { role: "img", "font-size": 11, fill: "currentColor" }, nothing, outline);
  const surface = element("div", { class: "vaenb-lines-surface" });
  let panels: readonly ReturnType<typeof panelPicture>[] = [];

  return {
    element: element("div", { class: "vaenb-lines" }, drawing, surface),
    surface,
    drawing,
    paint: (content, frame, colours) => {
      if (panels.length !== frame.panels.length) {
        for (const { element } of panels) element.remove();
        panels = frame.panels.map(() => panelPicture());
        outline.before(...panels.map(({ element }) => element));
      }
      set(drawing, {
        width: frame.width,
        height: frame.height,
        color: colours.foreground,
        "font-family": colours.font,
        "aria-label": content.description,
      });
      const isEmpty = content.lines.length === 0;
      set(nothing, { x: frame.width / 2, y: frame.height / 2, visibility: isEmpty ? "visible" : "hidden" });
      setText(nothing, content.nothing);
      panels.forEach((panel, p) => {
        set(panel.element, { visibility: isEmpty ? "hidden" : "visible" });
        const place = frame.panels[p];
        if (place && !isEmpty) panel.paint(content, p, place, colours);
      });
    },
    point: (content, frame, colours, pointed) => {
      panels.forEach((panel, p) => {
        const place = frame.panels[p];
        if (place) panel.point(content, p, place, colours, pointed.place);
      });
      set(outline, { visibility: pointed.outline ? "visible" : "hidden" });
      if (pointed.outline) {
        const { left, top, width, height } = pointed.outline;
        const { foreground } = colours;
        set(outline, { x: left, y: top, width, height, fill: foreground, stroke: foreground });
      }
    },
  };
}
