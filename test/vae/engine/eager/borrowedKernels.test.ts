import * as tf from "@tensorflow/tfjs";
import { expect, test } from "vitest";
import { createEagerEngine } from "../../../../src/vae/engine/eager/engine";
import { onBackend } from "../../../../src/vae/engine/eager/tensors";
import { convolutional } from "./models";

const notices: string[] = [];
const wasm = await createEagerEngine("wasm", { notice: (text) => notices.push(text) });

test("wasm says once, by name, which operations of a convolutional model run on cpu because it has none", async () => {
  const model = convolutional();
  const adam = { kind: "adam", beta1: 0.9, beta2: 0.999, epsilon: 1e-8 } as const;
  const trainer = await wasm.trainer(model.step, wasm.weights(model.weights), adam);
  for (let step = 0; step < 3; step++) await trainer.step(model.inputs(step), { learningRate: 1e-3 });
  expect(notices).toContain(
    "the wasm backend has no Conv2DBackpropFilter: this operation runs on the cpu backend, more slowly.",
  );
  expect(new Set(notices).size).toBe(notices.length);
});

test.each<[string, () => tf.Tensor]>([
  [
    "the gradient of average pooling",
    () => tf.grad((x) => tf.sum(tf.square(tf.avgPool(x as tf.Tensor4D, 2, 2, "same"))))(image()),
  ],
  [
    "the gradient of max pooling",
    () => tf.grad((x) => tf.sum(tf.square(tf.maxPool(x as tf.Tensor4D, 2, 2, "same"))))(image()),
  ],
  [
    "the gradient of a 3D convolution",
    () => {
      const volume = tf.reshape<tf.Rank.R5>(tf.sin(tf.range(0, 128)), [2, 4, 4, 4, 1]);
      const kernel = tf.reshape<tf.Rank.R5>(tf.cos(tf.range(0, 54)), [3, 3, 3, 1, 2]);
      const [dx, dw] = tf.grads((x, w) =>
        tf.sum(tf.square(tf.conv3d(x as tf.Tensor5D, w as tf.Tensor5D, 2, "same"))),
      )([volume, kernel]);
      return tf.concat([tf.reshape(dx ?? [], [-1]), tf.reshape(dw ?? [], [-1])]);
    },
  ],
  ["a dilation", () => tf.dilation2d(image(), tf.reshape(tf.range(0, 8), [2, 2, 2]), 1, "same")],
  ["max pooling with windows over the edge", () => tf.maxPool(image(), 3, 2, 1, "ceil")],
  [
    "the gradient of a running sum along the last axis",
    () => tf.grad((x) => tf.sum(tf.square(tf.cumsum(x, -1, true, true))))(image()),
  ],
  [
    "a bool and an int32 operand",
    () => tf.cast(tf.logicalXor(tf.cast(image(), "bool"), tf.onesLike(image()).toBool()), "int32"),
  ],
  [
    "an operation that returns several tensors",
    () => tf.add(tf.moments(image()).variance, tf.topk(tf.range(0, 5), 2).values.sum()),
  ],
])("%s on wasm equals the cpu backend, and nothing leaks", (_, compute) => {
  const on = (backend: string) => onBackend(backend, () => Array.from(compute().dataSync()));
  const before = tf.memory().numTensors;
  const expected = on("cpu");
  const actual = on("wasm");
  expect(actual.length).toBe(expected.length);
  actual.forEach((value, index) => expect(value).toBeCloseTo(expected[index] ?? NaN, 4));
  expect(tf.memory().numTensors).toBe(before);
});

function image(): tf.Tensor4D {
  return tf.tensor4d(
    Array.from({ length: 50 }, (_, i) => Math.sin(i * 1.7)),
    [1, 5, 5, 2],
  );
}
