import { expect, test } from "vitest";
import { nats } from "../../../src/vae/figures/format";

test.each([
  [243.815, "243.82"],
  [1_234_567.891, "1,234,567.89"],
  [0.0042, "0.0042"],
  [0, "0.00"],
  // A loss that runs away stays readable.
  [3.155e24, "3.15e24"],
  [-2e9, "-2.00e9"],
  [Infinity, "Infinity"],
  [NaN, "NaN"],
])("%d nats are written %s", (value, text) => {
  expect(nats(value)).toBe(text);
});
