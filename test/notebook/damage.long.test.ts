import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { fatesOfEachByte } from "./damage";

it("never takes any change of one byte of a file that Jupyter wrote for another notebook", () => {
  const file = readFileSync(new URL("fixtures/written-by-nbformat.ipynb", import.meta.url));
  const values = [0x00, 0x0a, 0x20, 0x22, 0x2c, 0x30, 0x39, 0x5b, 0x5c, 0x5d, 0x6e, 0x7b, 0x7d, 0xc3, 0xff];
  const fates = fatesOfEachByte(file, values, [0, 1, 2, 3, 4, 5, 6, 7]);
  expect(fates.get("another notebook")).toBeUndefined();
  expect(fates.get("error")).toBeGreaterThan(file.length * 10);
});
