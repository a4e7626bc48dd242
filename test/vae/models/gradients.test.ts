import * as tf from "@tensorflow/tfjs";
import { afterEach, describe, expect, test } from "vitest";
import { display } from "../../../src/vae/host";
import {
  averagePool,
  batchNorm,
  conv,
  dense,
  dropout,
  layerNorm,
  maxPool,
  upsample,
  type Layer,
} from "../../../src/vae/models/layers/spec";
import type { VaeOptions } from "../../../src/vae/models/parts";
import { session, vae } from "../../../src/vae/session";
import { fromArray } from "../../../src/vae/data/fromArray";
import { stream } from "../../../src/vae/random";
import { bars } from "./small";

const images = fromArray(stream(2, "images").fillUniform(new Float32Array(4 * 64), 0), { shape: [8, 8, 1] });

afterEach(() => session.use("compiled"));

describe.each(["compiled", "cpu"])("gradients agree with finite differences on the %s engine:", (engine) => {
  test.each<[string, Partial<VaeOptions> & { encoder: Layer[] }]>([
    ["dense, Bernoulli", { encoder: [dense(12), dense(6, { activation: "tanh" })] }],
    [
      "smooth activations",
      {
        encoder: [
          dense(9, { activation: "gelu" }),
          dense(9, { activation: "silu" }),
          dense(9, { activation: "softplus" }),
        ],
      },
    ],
    [
      "Gaussian with a learned variance",
      { encoder: [dense(12, { activation: "elu" })], likelihood: "gaussian" },
    ],
    ["layer norm", { encoder: [dense(12, { activation: "linear" }), layerNorm()] }],
    [
      "batch norm and dropout, as in evaluation",
      { encoder: [dense(12, { activation: "tanh" }), batchNorm(), dropout(0.3)] },
    ],
    [
      "convolutions and their mirror image",
      { encoder: [conv(3, { activation: "tanh" }), conv(4, { activation: "tanh" })] },
    ],
    [
      "pooling and upsampling",
      {
        encoder: [conv(3, { stride: 1, activation: "tanh" }), averagePool(), maxPool(), upsample(), dense(5)],
      },
    ],
  ])("%s", async (_name, options) => {
    await session.use(engine);
    const model = vae({ input: [8, 8, 1], latent: 2, ...options });
    const check = await model.checkGradients(images);
    expect(check.engine).toBe(engine);
    expect(check.rows.map(({ weight }) => weight).sort()).toEqual(
      Object.keys(model.weights())
        .filter((name) => !name.includes("running"))
        .sort(),
    );
    expect(check.rows[0]?.relativeError).toBe(check.worst);
    expect(check.worst).toBeLessThan(0.01);
    expect(check.ok).toBe(true);
  });
});

/** x squared, with a gradient that forgets the 2. */
const wrongSquare = tf.customGrad((x, save) => {
  const input = x as tf.Tensor;
  (save as tf.GradSaveFunc)([input]);
  return {
    value: tf.square(input),
    gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => tf.mul(dy, saved[0] ?? dy),
  };
});

test("a gradient that is wrong is found, and its weight is the first in the table", async () => {
  const model = vae.define({
    input: [8],
    latent: 2,
    weights: { right: vae.glorot([8, 2]), wrong: vae.glorot([8, 2]), up: vae.glorot([2, 8]) },
    encode: (x, { right, wrong }) => ({
      mean: tf.matMul(x, right),
      logVariance: wrongSquare(tf.matMul(x, wrong)),
    }),
    decode: (z, { up }) => tf.matMul(z, up),
  });
  const before = model.weights();
  const check = await model.checkGradients(bars(4));
  expect(check.ok).toBe(false);
  expect(check.rows[0]).toMatchObject({ weight: "wrong" });
  expect(check.rows[0]?.relativeError).toBeCloseTo(0.5, 1);
  expect(check.rows.filter(({ relativeError }) => relativeError > 0.01)).toHaveLength(1);
  expect(check[display]()["text/plain"]).toContain('Look first at "wrong".');
  expect(model.weights()).toEqual(before);
});
