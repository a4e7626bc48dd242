import { expect, test } from "vitest";
import { fromArray } from "../../../src/vae/data/fromArray";
import { stream } from "../../../src/vae/random";
import { ExampleOrder } from "../../../src/vae/training/order";

const numbered = (size: number) =>
  fromArray(
    Float32Array.from({ length: size }, (_, i) => i),
    { shape: [1] },
  );
const batch = (order: ExampleOrder, step: number, size: number) => {
  const into = new Float32Array(size);
  order.read(step, into);
  return [...into];
};

test("every example is seen once per epoch, though batches reach from one epoch into the next", () => {
  const order = new ExampleOrder(numbered(10), 4, stream(3, "order"));
  const seen = [0, 1, 2, 3, 4].flatMap((step) => batch(order, step, 4));
  expect(seen.slice(0, 10).sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(seen.slice(10).sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
});

test("an epoch's order differs from the one before, and depends on the step only", () => {
  const order = new ExampleOrder(numbered(100), 50, stream(3, "order"));
  const first = batch(order, 0, 50);
  expect(batch(order, 2, 50)).not.toEqual(first);
  expect(batch(new ExampleOrder(numbered(100), 50, stream(3, "order")), 0, 50)).toEqual(first);
  expect(batch(order, 0, 50)).toEqual(first);
});
