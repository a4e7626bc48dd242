import { element } from "./elements";

export interface Slider {
  readonly name: string;
  readonly low: number;
  readonly high: number;
  readonly value: number;
}

export interface Sliders {
  readonly element: HTMLElement;
  readonly values: () => readonly number[];
  /** Moves sliders without telling: they follow the pointer. */
  set(values: readonly number[]): void;
}

/** A row per slider: its name, the slider, its value. */
export function sliders(
  group: string,
  rows: readonly Slider[],
  moved: (values: readonly number[], slider: number) => void,
): Sliders {
  const parts = rows.map(({ name, low, high, value }, i) => {
    const input = element("input", {
      type: "range",
      min: low,
      max: high,
      step: (high - low) / 200,
      value,
      "aria-label": name,
      oninput: () => {
        output.textContent = shortNumber(Number(input.value));
        moved(values(), i);
      },
    });
    const output = element("output", {}, shortNumber(value));
    return { input, output, name: element("span", { "aria-hidden": "true" }, name) };
  });
  const values = (): readonly number[] => parts.map(({ input }) => Number(input.value));
  return {
    element: element(
      "div",
      { class: "vaenb-sliders", role: "group", "aria-label": group },
      ...parts.flatMap(({ name, input, output }) => [name, input, output]),
    ),
    values,
    set: (next) =>
      parts.forEach(({ input, output }, i) => {
        input.value = String(next[i] ?? 0);
        output.textContent = shortNumber(Number(input.value));
      }),
  };
}

export const shortNumber = (value: number): string => value.toFixed(2).replace("-", "−");
