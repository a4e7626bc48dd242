import { describe, expect, it } from "vitest";
import { boxPlace, spotsOf } from "../../../src/renderer/lines/boxPlace";
import { frameOf, notZoomed, type PanelFrame } from "../../../src/renderer/lines/frame";
import type { LineChartContent } from "../../../src/renderer/lines/content";

const steps = Int32Array.from({ length: 100 }, (_, i) => i + 1);
/** Falls in the first panel, rises in the second. */
const content: LineChartContent = {
  panels: ["falling", "rising"].map((title) => ({ title, usual: undefined })),
  lines: [
    {
      name: "line",
      colour: "#336699",
      dashed: false,
      dotted: false,
      x: steps,
      ys: [Float32Array.from(steps, (step) => 100 / step), Float32Array.from(steps, (step) => step)],
    },
  ],
  unit: "nats",
  across: "step",
  places: steps,
  log: false,
  warnings: [],
  nothing: "",
  description: "",
};
const chart = (width: number) => {
  const frame = frameOf(content, width, notZoomed);
  const spots = spotsOf(content, frame);
  const panel = (p: number): PanelFrame => {
    const found = frame.panels[p];
    if (found === undefined) throw new Error(`there is no panel ${p}`);
    return found;
  };
  const place = (p: number, x: number, y: number, size: readonly [number, number]) => {
    const { left, top, width, height } = panel(p);
    const pointer = [left + x * width, top + y * height] as const;
    const at = boxPlace(pointer, size, panel(p), [frame.width, frame.height], spots);
    return { left: at[0], top: at[1], pointer, right: at[0] + size[0], bottom: at[1] + size[1] };
  };
  return { frame, spots, panel, place };
};

describe("the box of values", () => {
  const size = [200, 90] as const;

  it("is beside the pointer: to the right of it in the left half of the chart, else to the left", () => {
    const { place } = chart(900);
    const first = place(0, 0.3, 0.5, size);
    expect(first.left).toBe(first.pointer[0] + 14);
    const second = place(1, 0.6, 0.5, size);
    expect(second.right).toBe(second.pointer[0] - 14);
  });

  it("is at the end of the panel where the lines are not", () => {
    const { place, panel } = chart(900);
    // A loss that has fallen lies at the bottom, one that rises comes from there.
    expect(place(0, 0.3, 0.9, size).top).toBe(panel(0).top);
    expect(place(1, 0.95, 0.2, size).bottom).toBe(panel(1).top + panel(1).height);
  });

  it.each([240, 320, 420, 900])("stays within a chart of %i pixels, wherever one points", (width) => {
    const { frame, place } = chart(width);
    const wide = Math.min(260, width);
    for (let p = 0; p < 2; p++)
      for (let x = 0; x <= 1; x += 0.1)
        for (let y = 0; y <= 1; y += 0.25) {
          const box = place(p, x, y, [wide, 90]);
          expect(Math.min(box.left, box.top)).toBeGreaterThanOrEqual(0);
          expect(box.right).toBeLessThanOrEqual(frame.width);
          expect(box.bottom).toBeLessThanOrEqual(frame.height);
        }
  });

  it("leaves the panel free that is pointed at, where there is no room beside the pointer", () => {
    const { place, panel } = chart(320);
    expect(place(0, 0.5, 0.5, [300, 60]).top).toBeGreaterThan(panel(0).top + panel(0).height);
    expect(place(1, 0.5, 0.5, [300, 60]).bottom).toBeLessThan(panel(1).top);
  });

  it("knows where the lines are", () => {
    const { spots, panel } = chart(900);
    const { left, top, width, height } = panel(1);
    const inPanel = spots.filter(([x]) => x >= left && x <= left + width);
    expect(inPanel.length).toBeGreaterThan(30);
    // A line from one corner to the other.
    for (const [x, y] of inPanel) {
      const share = (x - left) / width;
      expect(Math.abs((top + height - y) / height - share)).toBeLessThan(0.08);
    }
  });
});
