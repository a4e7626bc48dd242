import { element } from "../elements";
import { whole } from "../numbers";
import type { Hidden } from "./points";

export interface Legend {
  readonly element: HTMLElement;
  show(classes: readonly { readonly name: string; readonly colour: string }[], hidden: Hidden): void;
}

/** More buttons than these would fill screens: the others unfold. */
export const mostNamed = 60;

/**
 * A button per class that hides and shows it; a double click, or Shift with Enter, leaves only that one. While one is
 * pointed at, or has the focus, its class stands out: `singled` is told its number, and undefined when none does.
 */
export function legend(changed: () => void, singled: (label: number | undefined) => void): Legend {
  const list = element("div", { class: "vaenb-legend", role: "group", "aria-label": "classes" });
  return {
    element: list,
    show: (classes, hidden) => {
      const buttons: HTMLButtonElement[] = [];
      const tell = (): void =>
        buttons.forEach((button, c) => button.setAttribute("aria-pressed", String(hidden[c] !== 1)));
      const only = (c: number): void => {
        const alone = hidden.every((value, other) => (value === 1) === (other !== c));
        hidden.fill(alone ? 0 : 1);
        hidden[c] = 0;
      };
      const act = (change: () => void) => (): void => {
        change();
        tell();
        changed();
      };
      /** Buttons for the classes from the first without one to this one. */
      const upTo = (end: number): readonly HTMLButtonElement[] => {
        const first = buttons.length;
        const made = classes.slice(first, end).map(({ name, colour }, i) => {
          const c = first + i;
          const button = nameButton(name, colour);
          for (const start of ["pointerenter", "focus"]) button.addEventListener(start, () => singled(c));
          for (const end of ["pointerleave", "blur"]) button.addEventListener(end, () => singled(undefined));
          const toggle = act(() => (hidden[c] = hidden[c] === 1 ? 0 : 1));
          const single = act(() => only(c));
          button.addEventListener("click", toggle);
          // The two clicks before it have cancelled each other out.
          button.addEventListener("dblclick", single);
          button.addEventListener("keydown", (event) => {
            if (event.key !== "Enter" || !event.shiftKey) return;
            event.preventDefault();
            event.stopPropagation();
            single();
          });
          return button;
        });
        buttons.push(...made);
        tell();
        return made;
      };
      list.replaceChildren(...upTo(mostNamed));
      const rest = classes.length - buttons.length;
      if (rest > 0) list.append(unfolding(`${whole(rest)} more classes`, () => upTo(classes.length)));
      list.hidden = classes.length < 2;
    },
  };
}

const nameButton = (name: string, colour: string): HTMLButtonElement =>
  element(
    "button",
    { type: "button", title: `Hide or show ${name}; double click: only ${name}` },
    element("span", { class: "vaenb-swatch", style: `background: ${colour}` }),
    name,
  );

/** Elements that are made when somebody wants to see them. */
function unfolding(summary: string, make: () => readonly HTMLElement[]): HTMLElement {
  const content = element("div", { class: "vaenb-legend vaenb-more" });
  const unfold = (): void => {
    if (details.open && !content.hasChildNodes()) content.append(...make());
  };
  const details = element("details", { ontoggle: unfold }, element("summary", {}, summary), content);
  return details;
}
