import { inspect } from "node:util";
import * as tf from "@tensorflow/tfjs";
import { beforeAll, expect, test } from "vitest";
import { traceFunction } from "../../src/vae/engine/compiled/trace";
import { writeTensorsAsText } from "../../src/vae/tensorText";

beforeAll(async () => {
  writeTensorsAsText();
  await tf.setBackend("cpu");
});

test("console.log writes a tensor's type, shape and values, also inside of an object", () => {
  const mean = tf.tensor2d([
    [1, 2.5],
    [3, -4],
  ]);
  expect(inspect(mean)).toBe("Tensor float32 [2, 2] [ [ 1, 2.5 ], [ 3, -4 ] ]");
  expect(inspect({ a: { b: { mean } } })).toContain("mean: Tensor float32 [2, 2] [ [ 1, 2.5 ], [ 3, -4 ] ]");
  expect(inspect(tf.scalar(7, "int32"))).toBe("Tensor int32 [] 7");
});

test("a large tensor begins with its first values, and one that is disposed says so", () => {
  const large = tf.range(0, 2_000);
  expect(inspect(large)).toBe("Tensor float32 [2000] 0, 1, 2, 3, 4, 5, ...");
  large.dispose();
  expect(inspect(large)).toBe("Tensor float32 [2000], disposed");
});

test("a tensor inside a function that is being compiled has a shape and no values, and compiles all the same", () => {
  let text = "";
  traceFunction(
    {
      name: "encode",
      inputs: { x: [2, 3] },
      apply: ({ x }) => {
        text = inspect(x);
        return { y: x ?? tf.scalar(0) };
      },
    },
    [],
  );
  expect(text).toBe("Tensor float32 [2, 3], whose values are not known yet");
});
