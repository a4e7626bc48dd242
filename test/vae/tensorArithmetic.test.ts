import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, test } from "vitest";
import { dense } from "../../src/vae/models/layers/spec";
import { vae } from "../../src/vae/session";
import { refuseOperatorsOnTensors } from "../../src/vae/tensorArithmetic";
import { bars } from "./models/small";

beforeAll(refuseOperatorsOnTensors);

/** As code of a cell, which is not type-checked when it runs. */
const half = (tensor: tf.Tensor): tf.Tensor => (0.5 * (tensor as unknown as number)) as unknown as tf.Tensor;

describe("an operator on a tensor", () => {
  test.each<[string, (x: number) => unknown]>([
    ["a product", (x) => x * 2],
    ["a sum", (x) => x + 1],
    ["a sign", (x) => -x],
    ["a comparison", (x) => x > 0],
  ])("is refused, and told what to write: %s", (_, use) => {
    expect(() => use(tf.scalar(3) as unknown as number)).toThrow(/tf\.add\(a, b\), tf\.sub, tf\.mul/);
  });

  test("is refused in a model's function too, by that error", async () => {
    const model = vae({
      input: [8],
      latent: 2,
      encoder: [dense(4)],
      reparameterize: ({ mean, logVariance }, noise) =>
        tf.add(mean, tf.mul(noise, tf.exp(half(logVariance)))),
    });
    await expect(model.fit(bars(20), { steps: 1, batchSize: 10, checkpoints: false })).rejects.toThrow(
      "A tensor is no number",
    );
  });
});

test("in a text a tensor is written as before", () => {
  // eslint-disable-next-line @typescript-eslint/restrict-template-expressions
  expect(`${tf.scalar(3)}`).toBe(tf.scalar(3).toString());
  expect(String(tf.scalar(3))).toContain("3");
});
