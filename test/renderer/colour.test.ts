import { describe, expect, it } from "vitest";
import { contrast, legible, rgbOf } from "../../src/renderer/colour";

describe("a colour", () => {
  it.each([
    ["#3f90da", [63, 144, 218]],
    ["#FFF", [255, 255, 255]],
    ["#11223344", [17, 34, 51]],
    ["rgb(1, 2, 3)", [1, 2, 3]],
    ["rgba(1, 2, 3, 0.5)", [1, 2, 3]],
  ])("is read as the editor writes it: %s", (text, rgb) => {
    expect(rgbOf(text)).toEqual(rgb);
  });

  it("that is written otherwise is not guessed", () => {
    expect(rgbOf("rebeccapurple")).toBeUndefined();
    expect(rgbOf("")).toBeUndefined();
  });

  it("has the contrast that WCAG gives it", () => {
    expect(contrast([0, 0, 0], [255, 255, 255])).toBeCloseTo(21, 6);
    // Worked examples of well-known grays on white: #767676 is the lightest that reaches 4.5.
    expect(contrast([0x76, 0x76, 0x76], [255, 255, 255])).toBeGreaterThanOrEqual(4.5);
    expect(contrast([0x77, 0x77, 0x77], [255, 255, 255])).toBeLessThan(4.5);
  });
});

describe("a legible colour", () => {
  it("is the colour itself where that is legible", () => {
    expect(legible("#3f90da", "#1f1f1f", 3)).toBe("#3f90da");
  });
  it.each([
    ["#ffa90e", "#ffffff"],
    ["#832db6", "#1f1f1f"],
    ["#bd1f01", "#000000"],
    ["#717581", "#717581"],
  ])("%s on %s reaches the contrast", (colour, background) => {
    const found = rgbOf(legible(colour, background, 3)) ?? [0, 0, 0];
    expect(contrast(found, rgbOf(background) ?? [0, 0, 0])).toBeGreaterThanOrEqual(3);
  });
  it("is left alone where a colour cannot be read", () => {
    expect(legible("rebeccapurple", "#fff", 3)).toBe("rebeccapurple");
  });
});
