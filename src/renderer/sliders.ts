import { element } from "./elements";

export interface Slider {
  readonly name: string;
  readonly low: number;
  readonly high: number;
  readonly value: number;
}

export interface Sliders {
  readonly element: HTMLElement;
  /** Moves sliders without telling: they follow the pointer. */
  set(values: readonly number[]): void;
}

/** A row per slider: its name, the slider, its value. */
export function sliders(
  group: string,
  rows: readonly Slider[],
  moved: (values: readonly number[], slider: number) => void,
): Sliders {
  // Kept beside the inputs, which round to their steps: a slider that nobody moved keeps its exact value.
  const values = rows.map(({ value }) => value);
  const parts = rows.map(({ name, low, high, value }, i) => {
    const output = element("output", {}, shortNumber(value));
    const take = (): void => {
      values[i] = Number(input.value);
      output.textContent = shortNumber(Number(input.value));
      moved(values, i);
    };
    const step = (high - low) / 200 || 1;
    const input = element("input", {
      type: "range",
      min: low,
      max: high,
      step,
      value,
      "aria-label": name,
      oninput: take,
    });
    return { input, output, name: element("span", { "aria-hidden": "true" }, name) };
  });
  return {
    element: element(
      "div",
      { class: "vaenb-sliders", role: "group", "aria-label": group },
      ...parts.flatMap(({ name, input, output }) => [name, input, output]),
    ),
    set: (next) =>
      parts.forEach(({ input, output }, i) => {
        values[i] = next[i] ?? 0;
        input.value = String(values[i]);
        output.textContent = shortNumber(values[i]);
      }),
  };
}

export const shortNumber = (value: number): string => value.toFixed(2).replace("-", "−");
