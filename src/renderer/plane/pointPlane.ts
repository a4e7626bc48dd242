import { element } from "../elements";
import { copyPicture, savePicture } from "../saving";
import type { Range } from "../ticks";
import type { Theme } from "../view";
import { margins } from "./axes";
import { boxBetween, listenToKeys, listenToPointer } from "./gestures";
import { legend, mostNamed } from "./legend";
import { type Place, type PlaneContent, planePicture, type Scene } from "./picture";
import { middles, nearest, within } from "./points";
import { planeTools } from "./tools";
import { fit, pan, resize, toData, toPixels, type Viewport, zoom } from "./viewport";

/** What a person points at. */
export interface PlanePointing {
  /** A place beside any point. */
  plane(x: number, y: number): void;
  /** The point of this example, and where it is. */
  example(index: number, x: number, y: number): void;
  /** Box or lasso hold these examples; undefined when nothing is selected any more. */
  selected(indices: readonly number[] | undefined): void;
}

export interface PointPlane {
  readonly element: HTMLElement;
  /** `anew`: the axes are others, so the view starts at all points. */
  show(content: PlaneContent, anew: boolean): void;
  /** Puts the cross there, as when sliders move. */
  cursorTo(x: number, y: number): void;
  dispose(): void;
}

/** While something moves, at most about this many points are drawn. */
const mostMoving = 150_000;
const heights = { least: 220, most: 460 } as const;
/** How far from a point, in pixels, pointing means the point. */
const reach = 7;
/** Steps of the arrow keys from one side to the other. */
const stepsAcross = 60;

/**
 * Points in a plane that is moved, enlarged, pointed at and selected from, with the pointer or the keyboard. The points
 * are pixels of one canvas (`raster.ts`), axes and names lie around and above it. A saved picture has the title.
 */
export function pointPlane(theme: Theme, titled: () => string, pointing: PlanePointing): PointPlane {
  let content: PlaneContent | undefined;
  let view: Viewport | undefined;
  let hidden = new Uint8Array(0);
  let chosen: Uint8Array | undefined;
  /** The class that stands out while its name is pointed at, and 1 for each of its points. */
  let single: number | undefined;
  let standing: Uint8Array | undefined;
  let tags: readonly (Place | undefined)[] = [];
  let cursor: Place | undefined;
  let hovered: number | undefined;
  let outline: readonly Place[] = [];
  /** Where the box that Shift and the arrow keys draw began. */
  let anchor: Place | undefined;
  let frame = 0;
  let settle = 0;

  const picture = planePicture(theme);
  const tools = planeTools({
    zoom: (factor) => enlarge(factor, middle()),
    reset: () => reset(),
    took: (tool) => (picture.surface.dataset.tool = tool),
    copy: () => void copyPicture(image()).then(tools.say),
    save: () => void savePicture(image(), titled()).then(tools.say),
  });
  const image = async (): Promise<HTMLCanvasElement> => {
    const now = scene();
    if (now === undefined) throw new Error("there is nothing to see yet");
    return picture.image(titled(), now);
  };
  const key = legend(
    () => {
      if (!clear()) paint();
    },
    (named) => {
      const label = named === undefined || hidden[named] === 1 ? undefined : named;
      if (content === undefined || label === single) return;
      single = label;
      const { x, classOf } = content.points;
      standing =
        label === undefined ? undefined : Uint8Array.from(x, (_, i) => Number(classOf?.[i] === label));
      paint();
    },
  );
  const root = element("div", { class: "vaenb-panel" }, picture.element, key.element, tools.element);

  const scene = (stride = 1): Scene | undefined =>
    content && view && view.width > 0
      ? { content, view, hidden, chosen: standing ?? chosen, stride }
      : undefined;
  const placeOf = (index: number | undefined): Place | undefined =>
    content === undefined || index === undefined
      ? undefined
      : [content.points.x[index] ?? NaN, content.points.y[index] ?? NaN];
  const mark = (): void => {
    const now = scene();
    if (now) picture.mark(now, { cursor, hovered: placeOf(hovered), outline, tags });
  };
  const paint = (stride = 1): void => {
    const now = scene(stride);
    if (now === undefined) return;
    picture.paint(now);
    mark();
    window.clearTimeout(settle);
    if (stride > 1) settle = window.setTimeout(paint, 120);
  };
  const move = (next: Viewport): void => {
    view = next;
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(() => paint(Math.ceil((content?.points.x.length ?? 0) / mostMoving)));
  };

  const middle = (): Place => [(view?.width ?? 0) / 2, (view?.height ?? 0) / 2];
  /** Where the cross is, in pixels; without one, the middle. */
  const cursorPixels = (): Place => {
    if (cursor === undefined || view === undefined) return middle();
    const { scaleX, offsetX, scaleY, offsetY } = toPixels(view);
    return [cursor[0] * scaleX + offsetX, cursor[1] * scaleY + offsetY];
  };
  const whole = (width: number, height: number): Viewport | undefined =>
    content && fit(content.x, content.y, width, height, content.equal);
  const reset = (): void => {
    const all = view && whole(view.width, view.height);
    if (all) move(all);
  };
  const enlarge = (factor: number, at: Place): void => {
    const all = view && whole(view.width, view.height);
    if (view === undefined || all === undefined) return;
    const next = zoom(view, factor, ...at);
    const share = (next.x[1] - next.x[0]) / (all.x[1] - all.x[0]);
    if (share > 1e-5 && share < 20) move(next);
  };
  const nearestTo = ([x, y]: Place, pixels: number): number | undefined => {
    if (view === undefined || content === undefined) return undefined;
    const { scaleX, scaleY } = toPixels(view);
    const reaches = [pixels / Math.abs(scaleX), pixels / Math.abs(scaleY)] as const;
    return nearest(content.points, hidden, toData(view, x, y), reaches);
  };

  /** The cross without an example under it. */
  const pointAt = (at: Place): void => {
    cursor = at;
    hovered = undefined;
    mark();
    pointing.plane(...at);
  };
  const pointAtExample = (index: number): void => {
    cursor = placeOf(index);
    hovered = index;
    mark();
    if (cursor) pointing.example(index, ...cursor);
  };
  const choose = (corners: readonly Place[]): void => {
    if (view === undefined || content === undefined) return;
    const seen = view;
    const found = within(
      content.points,
      hidden,
      corners.map(([x, y]) => toData(seen, x, y)),
    );
    chosen = new Uint8Array(content.points.x.length);
    for (const index of found) chosen[index] = 1;
    paint();
    pointing.selected(found);
  };
  /** Forgets the selection; false if there is none. */
  const clear = (): boolean => {
    if (chosen === undefined) return false;
    chosen = undefined;
    anchor = undefined;
    outline = [];
    paint();
    pointing.selected(undefined);
    return true;
  };

  listenToPointer(picture.surface, tools.current, {
    hovered: (at) => {
      const index = at && nearestTo(at, reach);
      if (at === undefined || view === undefined) {
        hovered = undefined;
        mark();
      } else if (index === undefined) pointAt(toData(view, ...at));
      else if (index !== hovered) pointAtExample(index);
    },
    panned: (dx, dy) => {
      if (view) move(pan(view, dx, dy));
    },
    zoomed: enlarge,
    outlined: (corners, done) => {
      outline = done ? [] : corners;
      mark();
      if (done && corners.length > 2) choose(corners);
    },
    clicked: () => {
      picture.surface.focus({ preventScroll: true });
      clear();
    },
    reset,
  });
  listenToKeys(picture.surface, {
    moved: (right, up, drawing) => {
      if (view === undefined) return;
      const [x, y] = cursor ?? toData(view, ...middle());
      const step = view.width / stepsAcross;
      const [unitX, unitY] = [(view.x[1] - view.x[0]) / view.width, (view.y[1] - view.y[0]) / view.height];
      anchor = drawing ? (anchor ?? [x, y]) : undefined;
      pointAt([clamp(x + right * step * unitX, view.x), clamp(y + up * step * unitY, view.y)]);
      if (anchor === undefined) return;
      const { scaleX, offsetX, scaleY, offsetY } = toPixels(view);
      outline = boxBetween([anchor[0] * scaleX + offsetX, anchor[1] * scaleY + offsetY], cursorPixels());
      choose(outline);
    },
    zoomed: (factor) => enlarge(factor, cursorPixels()),
    nearest: () => {
      const found = nearestTo(cursorPixels(), 1e4);
      if (found !== undefined) pointAtExample(found);
    },
    reset,
    cleared: clear,
  });

  const layOut = (): void => {
    const width = picture.element.clientWidth - margins.left - margins.right;
    if (content === undefined || width <= 0) return;
    const total = Math.round(Math.max(heights.least, Math.min(heights.most, width * 0.8)));
    const height = total - margins.top - margins.bottom;
    if (view?.width === width && view.height === height) return;
    picture.element.style.height = `${total}px`;
    picture.layOut(width, height);
    view = view === undefined ? whole(width, height) : resize(view, width, height);
    outline = [];
    paint();
  };
  const resized = new ResizeObserver(layOut);
  resized.observe(picture.element);
  const unsubscribe = theme.onChange(() => paint());

  return {
    element: root,
    show: (next, anew) => {
      const names = next.classes.map(({ name }) => name);
      const known = content?.classes.map(({ name }) => name);
      if (JSON.stringify(known) !== JSON.stringify(names)) hidden = new Uint8Array(Math.max(1, names.length));
      content = next;
      single = standing = undefined;
      tags = names.length < 2 || names.length > mostNamed ? [] : middles(next.points, names.length);
      hovered = undefined;
      if (anew || chosen?.length !== next.points.x.length) {
        chosen = undefined;
        outline = [];
        pointing.selected(undefined);
      }
      picture.surface.setAttribute("aria-label", next.description);
      key.show(next.classes, hidden);
      if (anew) view = undefined;
      if (view === undefined) layOut();
      else paint();
    },
    cursorTo: (x, y) => {
      cursor = [x, y];
      hovered = undefined;
      mark();
    },
    dispose: () => {
      content = undefined;
      unsubscribe();
      resized.disconnect();
      cancelAnimationFrame(frame);
      window.clearTimeout(settle);
    },
  };
}

const clamp = (value: number, [low, high]: Range): number => Math.max(low, Math.min(high, value));
