import { element } from "../elements";

interface ToolWishes {
  enlarge(factor: number): void;
  reset(): void;
  copy(): void;
  save(): void;
}

export interface ChartTools {
  readonly element: HTMLElement;
  /** All is there to be shown again. */
  setEnlarged(is: boolean): void;
}

const zoomStep = 1.5;

/** Buttons for what pointer and wheel do too, and for the picture. */
export function chartTools(wishes: ToolWishes): ChartTools {
  const button = (text: string, title: string, onclick: () => void): HTMLButtonElement =>
    element("button", { type: "button", title, onclick }, text);
  const zoom = (text: string, title: string, factor: number): HTMLButtonElement => {
    const made = button(text, title, () => wishes.enlarge(factor));
    made.setAttribute("aria-label", title);
    return made;
  };
  const [smaller, all] = [
    zoom("−", "Zoom out: show more steps", 1 / zoomStep),
    button("All", "Show all steps again", () => wishes.reset()),
  ];
  const larger = zoom(
    "+",
    "Zoom in: show fewer steps. Or draw a box in the chart, or turn the wheel with Control",
    zoomStep,
  );
  const setEnlarged = (is: boolean): void => {
    for (const one of [smaller, all]) one.setAttribute("aria-disabled", String(!is));
  };
  setEnlarged(false);
  return {
    element: element(
      "span",
      { class: "vaenb-row", role: "group", "aria-label": "tools of the chart" },
      element(
        "span",
        { class: "vaenb-joined" },
        element("span", { "aria-hidden": "true" }, "zoom"),
        smaller,
        larger,
        all,
      ),
      button("Copy", "Copy the chart as a picture", () => wishes.copy()),
      button("Save", "Save the chart as a PNG file", () => wishes.save()),
    ),
    setEnlarged,
  };
}
