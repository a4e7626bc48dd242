import { PNG } from "pngjs";
import { describe, expect, it } from "vitest";
import { plot } from "../../../src/vae/figures";
import { drawGrid, gridPng } from "../../../src/vae/figures/grid";
import { type ImageStack, imageShape, toImages, tonesOf } from "../../../src/vae/figures/images";
import { display } from "../../../src/vae/host";
import { pictures, transparentModel } from "./fakes";

/** Four pictures of 2 x 1 pixels. */
const gray: ImageStack = {
  count: 4,
  height: 1,
  width: 2,
  channels: 1,
  pixels: Uint8Array.of(10, 20, 30, 40, 50, 60, 70, 80),
};

const rgba = (png: PNG, x: number, y: number): readonly number[] => {
  const at = (y * png.width + x) * 4;
  return [...png.data.subarray(at, at + 4)];
};

describe("a grid of pictures", () => {
  it("becomes a PNG in which another reader finds each pixel enlarged, and nothing between the pictures", () => {
    const png = PNG.sync.read(Buffer.from(gridPng({ images: gray, columns: 2 })));
    // Enlarged 6 times, 6 pixels between the pictures.
    expect([png.width, png.height]).toEqual([12 + 6 + 12, 6 + 6 + 6]);
    expect(rgba(png, 0, 0)).toEqual([10, 10, 10, 255]);
    expect(rgba(png, 5, 5)).toEqual([10, 10, 10, 255]);
    expect(rgba(png, 6, 0)).toEqual([20, 20, 20, 255]);
    expect(rgba(png, 12, 0)[3]).toBe(0);
    expect(rgba(png, 18, 0)).toEqual([30, 30, 30, 255]);
    expect(rgba(png, 0, 8)[3]).toBe(0);
    expect(rgba(png, 29, 17)).toEqual([80, 80, 80, 255]);
  });

  it("keeps colours", () => {
    const colour: ImageStack = {
      count: 1,
      height: 1,
      width: 1,
      channels: 3,
      pixels: Uint8Array.of(200, 100, 50),
    };
    const png = PNG.sync.read(Buffer.from(gridPng({ images: colour, columns: 1 })));
    expect(rgba(png, 2, 2)).toEqual([200, 100, 50, 255]);
  });

  it("has no gaps where none are wanted", () => {
    const { width, height, pixels } = drawGrid({ images: gray, columns: 2, margin: false });
    expect([width, height]).toEqual([24, 12]);
    expect(pixels.every((value, i) => i % 2 === 0 || value === 255)).toBe(true);
  });

  it("is a manifold with all pixels of its pictures, its axes named at their ends and in the middle", async () => {
    const figure = await plot.manifold(transparentModel(2, [28, 28], 0.5), { size: 20 });
    const face = figure[display]()["image/png"];
    if (!(face instanceof Uint8Array)) throw new Error("there is no picture");
    const png = PNG.sync.read(Buffer.from(face));
    const level = (x: number, y: number): number | undefined => {
      const [gray, , , alpha] = rgba(png, x, y);
      return alpha === 255 ? gray : undefined;
    };
    // 20 times 28 pixels, enlarged twice, below and beside the names.
    const [left, top] = [png.width - 1120, png.height - 1120];
    expect([left, top].every((room) => room > 10)).toBe(true);
    expect(level(left - 1, top)).toBeUndefined();
    expect(level(left, top - 1)).toBeUndefined();
    // The first picture begins with its coordinates, -1.96 and 1.96, as levels.
    const tone = (z: number): number => Math.round((255 * (z + 2)) / 4);
    expect(Math.abs((level(left, top) ?? NaN) - tone(-1.96))).toBeLessThanOrEqual(1);
    expect(Math.abs((level(left + 2, top) ?? NaN) - tone(1.96))).toBeLessThanOrEqual(1);
    const ink = (x0: number, x1: number, y0: number, y1: number): number => {
      let count = 0;
      for (let y = y0; y < y1; y++) for (let x = x0; x < x1; x++) count += Number(level(x, y) === 128);
      return count;
    };
    const [right, bottom] = [png.width, png.height];
    const [middleX, middleY] = [left + 560, top + 560];
    for (const [x0, x1] of [
      [left, left + 100],
      [middleX - 50, middleX + 50],
      [right - 100, right],
    ] as const)
      expect(ink(x0, x1, 0, top)).toBeGreaterThan(60);
    for (const [y0, y1] of [
      [top, top + 20],
      [middleY - 10, middleY + 10],
      [bottom - 20, bottom],
    ] as const)
      expect(ink(0, left, y0, y1)).toBeGreaterThan(60);
    // Nothing else is named.
    expect(ink(left + 100, middleX - 50, 0, top)).toBe(0);
  });

  it("writes names in a gray that is neither page's background", () => {
    const images = toImages(new Float32Array(2 * 28 * 28), imageShape([28, 28]), { black: 0, white: 1 });
    const named = drawGrid({ images, columns: 1, rowNames: ["original", "reconstruction"] });
    const plain = drawGrid({ images, columns: 1 });
    expect(named.width).toBeGreaterThan(plain.width);
    const ink = [];
    for (let i = 0; i < named.pixels.length; i += 2)
      if (named.pixels[i + 1] === 255) ink.push(named.pixels[i]);
    expect(ink.filter((level) => level === 128).length).toBeGreaterThan(200);
  });
});

describe("the shape of a picture", () => {
  it.each([
    { shape: [28, 28, 1], drawn: { height: 28, width: 28, channels: 1 } },
    { shape: [10, 12], drawn: { height: 10, width: 12, channels: 1 } },
    { shape: [32, 24, 3], drawn: { height: 32, width: 24, channels: 3 } },
    { shape: [784], drawn: { height: 28, width: 28, channels: 1 } },
    { shape: [3072], drawn: { height: 32, width: 32, channels: 3 } },
    { shape: [7], drawn: { height: 1, width: 7, channels: 1 } },
    { shape: [5, 5, 2], drawn: { height: 1, width: 50, channels: 1 } },
  ])("$shape is drawn $drawn.height x $drawn.width in $drawn.channels", ({ shape, drawn }) => {
    expect(imageShape(shape)).toEqual(drawn);
  });

  it("turns values into levels between black and white, and clips what is beyond", () => {
    const { pixels } = toImages(Float32Array.of(-1, 0, 0.5, 1, 2, NaN), imageShape([6]), {
      black: 0,
      white: 1,
    });
    expect([...pixels]).toEqual([0, 0, 128, 255, 255, 0]);
  });

  it("shows values far beyond [0, 1] in their own range", () => {
    expect(tonesOf(Float32Array.of(0, 0.2, 1.1))).toEqual({ black: 0, white: 1 });
    expect(tonesOf(Float32Array.of(-20, 0, 30))).toEqual({ black: -20, white: 30 });
    expect(tonesOf(Float32Array.of(-20, 0, 30), "bernoulli")).toEqual({ black: 0, white: 1 });
  });
});

describe("plot.reconstructions", () => {
  const data = pictures(30, [8, 8, 1]);
  const model = transparentModel(2, [8, 8, 1], 0.5);

  it("puts each original above what the model makes of it", async () => {
    const { data: view } = await plot.reconstructions(model, data, { count: 5 });
    const bytes = Buffer.from(view.images.pixels.bdata, "base64");
    const picture = (i: number): Buffer => bytes.subarray(i * 64, (i + 1) * 64);
    expect(view).toMatchObject({ columns: 5, rowNames: ["original", "reconstruction"] });
    expect(view.images).toMatchObject({ count: 10, height: 8, width: 8, channels: 1 });
    for (let i = 0; i < 5; i++) {
      // The transparent model keeps the first two pixels and paints the rest gray.
      expect(Math.abs((picture(i + 5)[0] ?? 0) - (picture(i)[0] ?? 0))).toBeLessThanOrEqual(1);
      expect(Math.abs((picture(i + 5)[1] ?? 0) - (picture(i)[1] ?? 0))).toBeLessThanOrEqual(1);
      expect(new Set(picture(i + 5).subarray(2))).toEqual(new Set([128]));
    }
    expect(view.captions?.[1]).toBe("example 1, labelled one");
    expect(view.captions?.[6]).toBe("reconstruction of example 1, labelled one");
  });

  it("draws more than ten in bands, each with both rows", async () => {
    const { data: view } = await plot.reconstructions(model, data, { count: 20 });
    expect(view.rowNames).toEqual(["original", "reconstruction", "original", "reconstruction"]);
    expect(view.captions?.[20]).toBe("example 10, labelled one");
  });

  it("knows that a flat model draws the pictures of its data", async () => {
    const { data: view } = await plot.reconstructions(
      transparentModel(2, [64]),
      data.flatten().reshape([4, 16]),
      { count: 2 },
    );
    expect(view.images).toMatchObject({ height: 4, width: 16 });
  });

  it("says in a terminal how many of its pictures have no room there", async () => {
    const textOf = async (count: number): Promise<string> =>
      String((await plot.reconstructions(model, data, { count }))[display]()["text/plain"]);
    expect(await textOf(5)).not.toContain("pictures;");
    // Two rows of ten fit, and no more rows than two.
    expect(await textOf(20)).toContain("(20 of 40 pictures; a notebook shows all of them)");
    const wide = await plot.reconstructions(transparentModel(2, [28, 28]), pictures(12, [28, 28]), {
      count: 10,
    });
    expect(wide[display]()["text/plain"]).toMatch(/\n\(10 of 20 pictures; a notebook shows all of them\)$/);
  });

  it("takes what there is where more is asked for", async () => {
    const { data: view } = await plot.reconstructions(model, data.take(3), { count: 10 });
    expect(view.images.count).toBe(6);
    expect(view.columns).toBe(3);
  });

  it("refuses a count that is none", async () => {
    await expect(plot.reconstructions(model, data, { count: 0 })).rejects.toThrow(
      "plot.reconstructions: count is 0, but must be a whole number from 1 on.",
    );
  });

  it("gives other tools the same grid as a PNG", async () => {
    const made = await plot.reconstructions(model, data, { count: 10 });
    const file = made[display]()["image/png"];
    if (!(file instanceof Uint8Array)) throw new Error("no PNG");
    const png = PNG.sync.read(Buffer.from(file));
    expect(png.width).toBeGreaterThanOrEqual(10 * 8 * 6);
    expect(png.height).toBe(2 * 8 * 6 + 6);
  });
});

describe("plot.samples", () => {
  it("draws the same points from the same seed, and others from another", async () => {
    const model = transparentModel(2, [8, 8, 1]);
    const pixels = async (seed: number): Promise<string> =>
      (await plot.samples(model, { count: 9, seed })).data.images.pixels.bdata;
    expect(await pixels(1)).toBe(await pixels(1));
    expect(await pixels(1)).not.toBe(await pixels(2));
  });

  it("stays at the prior's mean at temperature 0", async () => {
    const { data } = await plot.samples(transparentModel(2, [8, 8, 1]), { count: 4, temperature: 0 });
    const bytes = Buffer.from(data.images.pixels.bdata, "base64");
    expect(data.columns).toBe(2);
    for (let i = 0; i < 4; i++) expect([bytes[i * 64], bytes[i * 64 + 1]]).toEqual([128, 128]);
  });
});
