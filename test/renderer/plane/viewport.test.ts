import { describe, expect, it } from "vitest";
import {
  fit,
  pan,
  resize,
  toData,
  toPixels,
  type Viewport,
  zoom,
} from "../../../src/renderer/plane/viewport";

const view: Viewport = { x: [-2, 2], y: [-1, 1], width: 400, height: 200 };
const pixelOf = (seen: Viewport, x: number, y: number): readonly [number, number] => {
  const { scaleX, offsetX, scaleY, offsetY } = toPixels(seen);
  return [x * scaleX + offsetX, y * scaleY + offsetY];
};
const width = ([low, high]: readonly [number, number]): number => high - low;

describe("a viewport", () => {
  it("puts the corner of the data into the corner of the picture, upwards is up", () => {
    expect(pixelOf(view, -2, 1)).toEqual([0, 0]);
    expect(pixelOf(view, 2, -1)).toEqual([400, 200]);
  });

  it("finds its way back from pixels to data", () => {
    const [x, y] = toData(view, ...pixelOf(view, 0.3, -0.7));
    expect(x).toBeCloseTo(0.3, 12);
    expect(y).toBeCloseTo(-0.7, 12);
  });

  it("keeps what is under the pointer there while it zooms", () => {
    const before = toData(view, 100, 60);
    const closer = zoom(view, 3, 100, 60);
    expect(width(closer.x)).toBeCloseTo(4 / 3, 12);
    toData(closer, 100, 60).forEach((value, i) => expect(value).toBeCloseTo(before[i] ?? NaN, 12));
  });

  it("moves as paper does under a finger", () => {
    const [x, y] = pixelOf(pan(view, 30, -20), 0, 0);
    expect(x).toBeCloseTo(230, 9);
    expect(y).toBeCloseTo(80, 9);
  });

  it("shows all points with a unit as long to the right as upwards", () => {
    const { x, y } = fit([0, 10], [0, 1], 500, 300, true);
    expect(x[0]).toBeLessThan(0);
    expect(x[1]).toBeGreaterThan(10);
    expect(width(x) / 500).toBeCloseTo(width(y) / 300, 12);
  });

  it("gives a single point room", () => {
    expect(fit([3, 3], [4, 4], 100, 100, false)).toMatchObject({ x: [1.5, 4.5], y: [2, 6] });
  });

  it("keeps its scale when it gets another size", () => {
    const { x, y } = resize(view, 200, 200);
    expect([x, y]).toEqual([
      [-1, 1],
      [-1, 1],
    ]);
  });
});
