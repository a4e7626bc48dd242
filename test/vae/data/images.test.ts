import jpeg from "jpeg-js";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PNG } from "pngjs";
import { expect, test } from "vitest";
import type { Dataset } from "../../../src/vae/data/dataset";
import { images } from "../../../src/vae/data/images";
import { resize } from "../../../src/vae/data/picture";

const newFolder = (): string => mkdtempSync(join(tmpdir(), "images-"));

type Paint = (
  row: number,
  column: number,
) => readonly [red: number, green: number, blue: number, alpha?: number];

function rgba(rows: number, columns: number, paint: Paint): Buffer {
  const data = Buffer.alloc(rows * columns * 4);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const [red, green, blue, alpha = 255] = paint(row, column);
      data.set([red, green, blue, alpha], 4 * (row * columns + column));
    }
  }
  return data;
}

function writePng(path: string, rows: number, columns: number, paint: Paint): void {
  const png = new PNG({ width: columns, height: rows });
  rgba(rows, columns, paint).copy(png.data);
  writeFileSync(path, PNG.sync.write(png));
}

const gray =
  (value: number): Paint =>
  () => [value, value, value];

const readBytes = (data: Dataset, example: number): number[] => {
  const into = new Float32Array(data.valuesPerExample);
  data.read([example], into);
  return [...into].map((value) => Math.round(value * 255));
};

test("pictures are read pixel by pixel, in the order of their paths", async () => {
  const folder = newFolder();
  writePng(join(folder, "b.png"), 2, 3, (row, column) => [
    40 * (3 * row + column),
    40 * (3 * row + column),
    40 * (3 * row + column),
  ]);
  writePng(join(folder, "a.png"), 2, 3, gray(9));
  const data = await images(folder);
  expect([data.size, data.shape, data.labels]).toEqual([2, [2, 3, 1], undefined]);
  expect(readBytes(data, 0)).toEqual([9, 9, 9, 9, 9, 9]);
  expect(readBytes(data, 1)).toEqual([0, 40, 80, 120, 160, 200]);
});

test("subfolders are classes", async () => {
  const folder = newFolder();
  for (const kind of ["dogs", "cats"]) {
    mkdirSync(join(folder, kind, "more"), { recursive: true });
    writePng(join(folder, kind, "1.png"), 4, 4, gray(1));
    writePng(join(folder, kind, "more", "2.png"), 4, 4, gray(2));
  }
  const data = await images(folder);
  expect(data.labels?.names).toEqual(["cats", "dogs"]);
  expect([0, 1, 2, 3].map((example) => data.labels?.of(example))).toEqual([0, 0, 1, 1]);
});

test("colours stay colours, gray is their luma, and what is transparent is black", async () => {
  const folder = newFolder();
  writePng(
    join(folder, "a.png"),
    1,
    3,
    (_, column) =>
      (
        [
          [255, 0, 0],
          [0, 255, 0, 0],
          [0, 0, 255, 128],
        ] as const
      )[column] ?? [0, 0, 0],
  );
  expect(readBytes(await images(folder, { channels: 3 }), 0)).toEqual([255, 0, 0, 0, 0, 0, 0, 0, 128]);
  expect(readBytes(await images(folder), 0)).toEqual([76, 0, 15]);
});

test("JPEG is read too, under whatever name", async () => {
  const folder = newFolder();
  const { data } = jpeg.encode({ width: 16, height: 8, data: rgba(8, 16, gray(100)) }, 95);
  writeFileSync(join(folder, "photo.png"), data);
  const set = await images(folder);
  expect(set.shape).toEqual([8, 16, 1]);
  for (const value of readBytes(set, 0)) expect(Math.abs(value - 100)).toBeLessThanOrEqual(2);
});

test("pictures of different sizes are refused with both names, unless a size is given", async () => {
  const folder = newFolder();
  writePng(join(folder, "a.png"), 2, 2, gray(10));
  writePng(join(folder, "b.png"), 4, 6, gray(200));
  await expect(images(folder)).rejects.toThrow(
    /b\.png is 6 x 4 pixels, but .*a\.png is 2 x 2.*size: \[2, 2\]/s,
  );
  const data = await images(folder, { size: 4 });
  expect(data.shape).toEqual([4, 4, 1]);
  expect(new Set(readBytes(data, 1))).toEqual(new Set([200]));
});

test("making a picture smaller averages, making it larger interpolates, and neither changes its mean", () => {
  expect([...resize(Uint8Array.of(0, 100, 200, 40), [2, 2, 1], [1, 1])]).toEqual([85]);
  expect([...resize(Uint8Array.of(30, 60, 90), [1, 3, 1], [1, 2])]).toEqual([40, 80]);
  expect([...resize(Uint8Array.of(0, 100), [1, 2, 1], [1, 4])]).toEqual([0, 25, 75, 100]);
  const noise = Uint8Array.from({ length: 30 * 20 * 3 }, (_, index) => (index * 7919) % 256);
  const mean = (values: Uint8Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  expect(mean(resize(noise, [30, 20, 3], [7, 9]))).toBeCloseTo(mean(noise), 0);
});

test("an empty folder, one without pictures, and a missing one are refused, each in its words", async () => {
  const folder = newFolder();
  await expect(images(folder)).rejects.toThrow(`There are no pictures in ${folder}: it is empty`);
  writeFileSync(join(folder, "notes.txt"), "nothing");
  await expect(images(folder)).rejects.toThrow(
    "among its 1 files (notes.txt) none ends in .png, .jpg or .jpeg",
  );
  await expect(images(join(folder, "missing"))).rejects.toThrow("missing does not exist. Check the path");
  await expect(images(join(folder, "notes.txt"))).rejects.toThrow("is a file, not a folder");
});

test("a damaged picture and one that is none are named", async () => {
  const folder = newFolder();
  writePng(join(folder, "a.png"), 9, 9, gray(3));
  const whole = newFolder();
  writePng(join(whole, "a.png"), 9, 9, gray(3));
  writeFileSync(join(folder, "b.png"), "<html>");
  await expect(images(folder)).rejects.toThrow(/b\.png is neither a PNG nor a JPEG file/);
  writeFileSync(join(whole, "b.jpg"), Uint8Array.of(0xff, 0xd8, 1, 2, 3));
  await expect(images(whole)).rejects.toThrow(/b\.jpg is a damaged picture \(.+\)/);
});
