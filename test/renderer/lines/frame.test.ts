import { describe, expect, it } from "vitest";
import type { LineChartContent } from "../../../src/renderer/lines/content";
import { type Frame, frameOf, heightOf, notZoomed } from "../../../src/renderer/lines/frame";
import { pixelOf, valueAt } from "../../../src/renderer/lines/scale";
import { enlargedTo, limited, moved, outlineOf } from "../../../src/renderer/lines/zooming";

const steps = Int32Array.from({ length: 100 }, (_, i) => i + 1);
const content = (change: Partial<LineChartContent> = {}): LineChartContent => ({
  panels: ["a", "b", "c"].map((title) => ({ title, usual: undefined })),
  lines: [
    {
      name: "line",
      colour: "#336699",
      dashed: false,
      dotted: false,
      x: steps,
      ys: [1, 100, 1e5].map((factor) => Float32Array.from(steps, (step) => step * factor)),
    },
  ],
  unit: "nats",
  across: "step",
  places: steps,
  log: false,
  warnings: [],
  nothing: "",
  description: "",
  ...change,
});

const end = ({ left, width }: Frame["panels"][number]): number => left + width;
const panelOf = (frame: Frame, p: number): Frame["panels"][number] => {
  const panel = frame.panels[p];
  if (panel === undefined) throw new Error(`there is no panel ${p}`);
  return panel;
};

describe("the panels of a chart", () => {
  it.each([400, 640, 900, 1600])("lie within %i pixels, with room for their numbers", (width) => {
    const frame = frameOf(content(), width, notZoomed);
    expect(frame.height).toBe(heightOf(width, 3));
    frame.panels.forEach((panel, p) => {
      const before = width < 640 || p === 0 ? 0 : end(panelOf(frame, p - 1));
      const longest = Math.max(...panel.yTicks.map(({ text }) => text.length));
      expect(panel.left - before).toBeGreaterThan(6 * longest);
      expect(end(panel)).toBeLessThan(width);
      expect(panel.top + panel.height).toBeLessThan(frame.height);
      expect(panel.width).toBeGreaterThan(100);
    });
  });

  it("are as high with many points as with none, so that nothing below them moves", () => {
    const empty = frameOf(content({ lines: [] }), 900, notZoomed);
    expect(empty.height).toBe(frameOf(content(), 900, notZoomed).height);
  });

  it("show each step from the first to the last", () => {
    const { across, up, yTicks } = panelOf(frameOf(content(), 900, notZoomed), 0);
    expect(across.range).toEqual([1, 100]);
    expect(up?.range[0]).toBeLessThan(1);
    expect(up?.range[1]).toBeGreaterThan(100);
    expect(yTicks.map(({ text }) => text)).toEqual(["0", "20", "40", "60", "80", "100"]);
  });

  it("show what is usual, until a part is enlarged", () => {
    const panels = content().panels.map(({ title }) => ({ title, usual: [40, 60] as const }));
    expect(panelOf(frameOf(content({ panels }), 900, notZoomed), 0).up?.range).toEqual([39, 61]);
    const { up } = panelOf(frameOf(content({ panels }), 900, { x: [10, 20], y: new Map() }), 0);
    expect(up?.range).toEqual([9.5, 20.5]);
  });

  it("have room for a single point, and say where there is none", () => {
    const one = { name: "line", colour: "#000000", dashed: false, dotted: true, x: Int32Array.of(3) };
    const ys = [Float32Array.of(5), Float32Array.of(NaN), Float32Array.of(0)];
    const frame = frameOf(content({ lines: [{ ...one, ys }] }), 900, notZoomed);
    expect(panelOf(frame, 0).xTicks.map(({ text }) => text)).toEqual(["2", "3", "4"]);
    expect(panelOf(frame, 0).up?.range).toEqual([4.5, 5.5]);
    expect(panelOf(frame, 1).up).toBeUndefined();
    expect(panelOf(frame, 2).up?.range).toEqual([-1, 1]);
  });

  it("find their way back from pixels to numbers, on both scales", () => {
    for (const log of [false, true]) {
      const { up } = panelOf(frameOf(content({ log }), 900, notZoomed), 1);
      if (up === undefined) throw new Error("there is no scale");
      for (const value of [120, 900, 5_000]) expect(valueAt(up, pixelOf(up, value))).toBeCloseTo(value, 6);
    }
  });
});

describe("a box that is drawn", () => {
  const frame = frameOf(content(), 900, notZoomed);
  const { left, top } = panelOf(frame, 1);

  it("enlarges its panel both ways, and the others to the right", () => {
    const drawn = outlineOf(frame, [left + 50, top + 40], [left + 150, top + 140]);
    const { across, up } = panelOf(frame, 1);
    if (drawn === undefined || up === undefined) throw new Error("nothing is drawn");
    const zoom = enlargedTo(notZoomed, drawn);
    expect(zoom.x).toEqual([valueAt(across, 50), valueAt(across, 150)]);
    expect([...zoom.y]).toEqual([[1, [valueAt(up, 140), valueAt(up, 40)]]]);
  });

  it("that is flat enlarges to the right alone, and is as high as the panel", () => {
    const drawn = outlineOf(frame, [left + 50, top + 40], [left + 150, top + 45]);
    expect(drawn?.y).toBeUndefined();
    expect(drawn?.outline).toEqual({ left: left + 50, top, width: 100, height: 216 });
  });

  it("ends at the panel", () => {
    const drawn = outlineOf(frame, [left + 50, top + 40], [5_000, 45]);
    expect(drawn?.x?.[1]).toBeCloseTo(valueAt(panelOf(frame, 1).across, panelOf(frame, 1).width), 9);
    expect(outlineOf(frame, [2, 2], [50, 50])).toBeUndefined();
  });

  it("shows two steps at least, and all of them is no enlargement", () => {
    expect(limited({ x: [50, 50.1], y: new Map() }, [1, 100]).x).toEqual([49.05, 51.05]);
    expect(limited({ x: [-30, 200], y: new Map() }, [1, 100]).x).toBeUndefined();
    expect(limited({ x: [-10, 40], y: new Map() }, [1, 100]).x).toEqual([1, 51]);
  });

  it("is moved with the axis, as paper is under a finger", () => {
    const { across } = panelOf(frameOf(content(), 900, { x: [40, 60], y: new Map() }), 0);
    const { x } = moved({ x: [40, 60], y: new Map() }, across, across.to - across.from);
    expect(x?.[0]).toBeCloseTo(60, 9);
    expect(x?.[1]).toBeCloseTo(80, 9);
  });
});
