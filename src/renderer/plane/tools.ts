import { element } from "../elements";

/** What dragging does. */
export type Tool = "pan" | "box" | "lasso";

interface ToolWishes {
  zoom(factor: number): void;
  reset(): void;
  took(tool: Tool): void;
  copy(): void;
  save(): void;
}

const tools = [
  { tool: "pan", name: "Move", title: "Dragging moves the plane" },
  { tool: "box", name: "Box", title: "Dragging selects what is in a box" },
  { tool: "lasso", name: "Lasso", title: "Dragging selects what it encircles" },
] as const satisfies readonly { readonly tool: Tool; readonly name: string; readonly title: string }[];

/** The buttons under the plane. */
export function planeTools(wishes: ToolWishes): {
  readonly element: HTMLElement;
  readonly current: () => Tool;
  /** What came of copying or saving. */
  readonly say: (words: string) => void;
} {
  let current: Tool = "pan";
  const buttons = tools.map(({ tool, name, title }) =>
    element("button", { type: "button", title, onclick: () => take(tool) }, name),
  );
  const take = (tool: Tool): void => {
    current = tool;
    buttons.forEach((button, i) => button.setAttribute("aria-pressed", String(tools[i]?.tool === tool)));
    wishes.took(tool);
  };
  const zoomStep = 1.5;
  const button = (text: string, name: string, onclick: () => void): HTMLElement =>
    element("button", { type: "button", "aria-label": name, title: name, onclick }, text);
  const said = element("span", { class: "vaenb-note", "aria-live": "polite" });
  const bar = element(
    "div",
    { class: "vaenb-row vaenb-tools", role: "group", "aria-label": "tools of the plane" },
    element("span", { class: "vaenb-joined" }, ...buttons),
    element(
      "span",
      { class: "vaenb-joined" },
      element("span", { "aria-hidden": "true" }, "zoom"),
      button("−", "Zoom out", () => wishes.zoom(1 / zoomStep)),
      button("+", "Zoom in", () => wishes.zoom(zoomStep)),
      button("All", "Show all points", () => wishes.reset()),
    ),
    button("Copy", "Copy the plane as a picture", () => wishes.copy()),
    button("Save", "Save the plane as a PNG file", () => wishes.save()),
    said,
  );
  take(current);
  return { element: bar, current: () => current, say: (words) => (said.textContent = words) };
}
