import { describe, expect, it } from "vitest";
import { drawPoints, type PointLook, raster, straight } from "../../../src/renderer/plane/raster";

const asIs = { scaleX: 1, offsetX: 0, scaleY: 1, offsetY: 0 };
const look: PointLook = {
  colours: [
    [200, 100, 50],
    [0, 0, 255],
  ],
  hidden: new Uint8Array(2),
  radius: 2,
  opacity: 1,
};

function draw(points: readonly (readonly [number, number, number])[], change: Partial<PointLook> = {}) {
  const picture = raster(20, 10);
  drawPoints(
    picture,
    {
      x: Float32Array.from(points, ([x]) => x),
      y: Float32Array.from(points, ([, y]) => y),
      classOf: Uint8Array.from(points, ([, , c]) => c),
    },
    asIs,
    { ...look, ...change },
  );
  const pixels = new Uint8ClampedArray(picture.bytes.length);
  straight(picture, pixels);
  return {
    at: (x: number, y: number) => [...pixels.subarray((y * 20 + x) * 4, (y * 20 + x) * 4 + 4)],
    /** Drawn area in pixels: the sum of the opacities. */
    area: () => pixels.reduce((sum, value, i) => sum + (i % 4 === 3 ? value / 255 : 0), 0),
  };
}

const near = (found: readonly number[], expected: readonly number[], by = 3): void =>
  found.forEach((value, i) => expect(Math.abs(value - (expected[i] ?? NaN))).toBeLessThanOrEqual(by));

describe("points on a canvas", () => {
  it("are discs of their class's colour, as large as asked for", () => {
    const { at, area } = draw([[5.5, 5.5, 0]]);
    near(at(5, 5), [200, 100, 50, 255]);
    expect(at(12, 5)).toEqual([0, 0, 0, 0]);
    expect(area()).toBeGreaterThan(Math.PI * 4 * 0.93);
    expect(area()).toBeLessThan(Math.PI * 4 * 1.07);
  });

  it("shine through each other by their opacity", () => {
    const { at } = draw(
      [
        [5.5, 5.5, 0],
        [5.5, 5.5, 1],
      ],
      { opacity: 0.5 },
    );
    // Half of the first remains under a half of the second: 0.25 and 0.5 of 0.75.
    near(at(5, 5), [200 / 3, 100 / 3, 50 / 3 + 170, 191], 4);
  });

  it("of hidden classes are not there", () => {
    expect(draw([[5.5, 5.5, 1]], { hidden: Uint8Array.of(0, 1) }).area()).toBe(0);
  });

  it("that are not selected are faint", () => {
    const { at } = draw(
      [
        [5.5, 5.5, 0],
        [14.5, 5.5, 0],
      ],
      { chosen: Uint8Array.of(0, 1) },
    );
    expect(at(5, 5)[3]).toBeLessThan(60);
    near(at(14, 5), [200, 100, 50, 255]);
  });

  it("outside, at the edge, or not numbers at all, do no harm", () => {
    const { area } = draw([
      [-50, 5, 0],
      [NaN, 5, 0],
      [Infinity, 2, 1],
      [0, 5, 0],
    ]);
    expect(area()).toBeGreaterThan(Math.PI * 2 * 0.8);
    expect(area()).toBeLessThan(Math.PI * 2 * 1.2);
  });

  it("of a class without a colour are left out", () => {
    expect(draw([[5, 5, 9]]).area()).toBe(0);
  });
});
