import { element } from "../elements";

/** What dragging does. */
export type Tool = "pan" | "box" | "lasso";

interface ToolWishes {
  zoom(factor: number): void;
  reset(): void;
  took(tool: Tool): void;
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
  const bar = element(
    "div",
    { class: "vaenb-row vaenb-tools", role: "group", "aria-label": "tools of the plane" },
    element("span", { class: "vaenb-joined" }, ...buttons),
    element(
      "span",
      { class: "vaenb-joined" },
      button("−", "Zoom out", () => wishes.zoom(1 / zoomStep)),
      button("+", "Zoom in", () => wishes.zoom(zoomStep)),
      button("All", "Show all points", () => wishes.reset()),
    ),
  );
  take(current);
  return { element: bar, current: () => current };
}
