import type { Place } from "./picture";
import type { Tool } from "./tools";

/** What a person does on the plane, in pixels from its top left. */
export interface Gestures {
  /** Points without pressing; undefined when the pointer is gone. */
  hovered(at: Place | undefined): void;
  panned(dx: number, dy: number): void;
  zoomed(factor: number, at: Place): void;
  /** Draws an outline around points; `done` when it is closed. */
  outlined(outline: readonly Place[], done: boolean): void;
  /** A press that moved nothing. */
  clicked(at: Place): void;
  reset(): void;
}

/** Below this many pixels, a press is a click and no stroke. */
const steadiness = 4;

/** Turns pointer and wheel into gestures. What a drag does depends on the tool; with Shift it always draws a box. */
export function listenToPointer(surface: HTMLElement, tool: () => Tool, gestures: Gestures): void {
  let stroke: { readonly tool: Tool; readonly path: Place[]; last: Place } | undefined;
  const placeOf = (event: MouseEvent): Place => {
    const box = surface.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  const outlineOf = ({ tool, path, last }: NonNullable<typeof stroke>): readonly Place[] => {
    const [first = last] = path;
    return tool === "lasso" ? path : boxBetween(first, last);
  };

  surface.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    const at = placeOf(event);
    stroke = { tool: event.shiftKey ? "box" : tool(), path: [at], last: at };
    surface.setPointerCapture(event.pointerId);
    gestures.hovered(undefined);
  });
  surface.addEventListener("pointermove", (event) => {
    const at = placeOf(event);
    if (stroke === undefined) {
      gestures.hovered(at);
      return;
    }
    const { last } = stroke;
    stroke.path.push(at);
    stroke.last = at;
    if (stroke.tool === "pan") gestures.panned(at[0] - last[0], at[1] - last[1]);
    else gestures.outlined(outlineOf(stroke), false);
  });
  surface.addEventListener("pointerup", (event) => {
    if (stroke === undefined) return;
    const ended = stroke;
    stroke = undefined;
    const [first = ended.last] = ended.path;
    const moved = ended.path.some(
      ([x, y]) => Math.abs(x - first[0]) > steadiness || Math.abs(y - first[1]) > steadiness,
    );
    if (!moved) gestures.clicked(placeOf(event));
    else if (ended.tool !== "pan") gestures.outlined(outlineOf(ended), true);
  });
  surface.addEventListener("pointercancel", () => {
    if (stroke !== undefined && stroke.tool !== "pan") gestures.outlined([], true);
    stroke = undefined;
  });
  surface.addEventListener("pointerleave", () => gestures.hovered(undefined));
  surface.addEventListener("dblclick", () => gestures.reset());
  surface.addEventListener(
    "wheel",
    (event) => {
      // A notebook is scrolled past its plots: the wheel zooms where the plane was clicked, or with Ctrl.
      if (!event.ctrlKey && !event.metaKey && document.activeElement !== surface) return;
      event.preventDefault();
      event.stopPropagation();
      gestures.zoomed(Math.exp(-event.deltaY * (event.ctrlKey ? 0.01 : 0.002)), placeOf(event));
    },
    { passive: false },
  );
}

export const boxBetween = ([ax, ay]: Place, [bx, by]: Place): readonly Place[] => [
  [ax, ay],
  [bx, ay],
  [bx, by],
  [ax, by],
];

/** What the keyboard does on the plane. */
export interface KeyGestures {
  /** Moves the cursor by steps to the right and upwards; `drawing` a box from where it was when Shift went down. */
  moved(right: number, up: number, drawing: boolean): void;
  zoomed(factor: number): void;
  /** Shows the example nearest to the cursor. */
  nearest(): void;
  reset(): void;
  /** Forgets the selection; false if there is none. */
  cleared(): boolean;
}

const arrows: Readonly<Record<string, readonly [right: number, up: number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
};
const enlarging = 1.25;

export function listenToKeys(surface: HTMLElement, keys: KeyGestures): void {
  const react = (event: KeyboardEvent): boolean => {
    if (event.altKey || event.metaKey) return false;
    const [right, up] = arrows[event.key] ?? [];
    if (right !== undefined && up !== undefined) {
      const steps = event.ctrlKey ? 5 : 1;
      keys.moved(right * steps, up * steps, event.shiftKey);
      return true;
    }
    if (event.ctrlKey) return false;
    switch (event.key) {
      case "+":
      case "=":
        keys.zoomed(enlarging);
        return true;
      case "-":
        keys.zoomed(1 / enlarging);
        return true;
      case "0":
      case "Home":
        keys.reset();
        return true;
      case "Enter":
      case " ":
        keys.nearest();
        return true;
      case "Escape":
        return keys.cleared();
      default:
        return false;
    }
  };
  surface.addEventListener("keydown", (event) => {
    // The notebook would take arrow keys and Enter for itself.
    if (!react(event)) return;
    event.preventDefault();
    event.stopPropagation();
  });
}
