import { element } from "../elements";
import type { Hidden } from "./points";

export interface Legend {
  readonly element: HTMLElement;
  show(classes: readonly { readonly name: string; readonly colour: string }[], hidden: Hidden): void;
}

/**
 * A button per class that hides and shows it; a double click, or Shift with Enter, leaves only that one. While one is
 * pointed at, or has the focus, its class stands out: `singled` is told its number, and undefined when none does.
 */
export function legend(changed: () => void, singled: (label: number | undefined) => void): Legend {
  const list = element("div", { class: "vaenb-legend", role: "group", "aria-label": "classes" });
  return {
    element: list,
    show: (classes, hidden) => {
      const buttons = classes.map(({ name, colour }) =>
        element(
          "button",
          { type: "button", title: `Hide or show ${name}; double click: only ${name}` },
          element("span", { class: "vaenb-swatch", style: `background: ${colour}` }),
          name,
        ),
      );
      const tell = (): void =>
        buttons.forEach((button, c) => button.setAttribute("aria-pressed", String(hidden[c] !== 1)));
      const only = (c: number): void => {
        const alone = hidden.every((value, other) => (value === 1) === (other !== c));
        hidden.fill(alone ? 0 : 1);
        hidden[c] = 0;
      };
      buttons.forEach((button, c) => {
        for (const start of ["pointerenter", "focus"]) button.addEventListener(start, () => singled(c));
        for (const end of ["pointerleave", "blur"]) button.addEventListener(end, () => singled(undefined));
        const act = (change: () => void) => (): void => {
          change();
          tell();
          changed();
        };
        button.addEventListener(
          "click",
          act(() => (hidden[c] = hidden[c] === 1 ? 0 : 1)),
        );
        // The two clicks before it have cancelled each other out.
        button.addEventListener(
          "dblclick",
          act(() => only(c)),
        );
        button.addEventListener("keydown", (event) => {
          if (event.key !== "Enter" || !event.shiftKey) return;
          event.preventDefault();
          event.stopPropagation();
          act(() => only(c))();
        });
      });
      tell();
      list.replaceChildren(...buttons);
      list.hidden = classes.length < 2;
    },
  };
}
