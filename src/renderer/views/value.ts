import type { ValueView } from "../../protocol/views";
import { element } from "../elements";
import { drawn, type Mount } from "../view";

/** A value that unfolds: its first level is open, deeper ones are made when they are opened. */
export const value: Mount<ValueView> = drawn((tree) =>
  element(
    "div",
    { class: "vaenb-value", role: "group", "aria-label": `value of type ${tree.type}` },
    node(tree, true),
  ),
);

function node(tree: ValueView, open = false): HTMLElement {
  const { children = [] } = tree;
  if (children.length === 0) return element("div", { class: "vaenb-leaf" }, ...lineOf(tree));
  const unfold = (): void => {
    if (details.open && details.children.length === 1) details.append(list(tree));
  };
  const details = element("details", { ontoggle: unfold }, element("summary", {}, ...lineOf(tree)));
  details.open = open;
  unfold();
  return details;
}

function list({ children = [], omitted = 0 }: ValueView): HTMLElement {
  const more =
    omitted > 0 ? [element("li", { class: "vaenb-leaf vaenb-note" }, `... and ${omitted} more`)] : [];
  return element("ul", {}, ...children.map((child) => element("li", {}, node(child))), ...more);
}

const lineOf = ({ key, preview }: ValueView): readonly (HTMLElement | string)[] => [
  ...(key === undefined ? [] : [element("span", { class: "vaenb-key" }, key), ": "]),
  preview,
];
