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
import { digits } from "../../../src/vae/data/digits/digits";
import { fromArray } from "../../../src/vae/data/fromArray";
import { stream } from "../../../src/vae/random";

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
      "sizes to which doubling does not lead back",
      { encoder: [conv(3, { padding: "valid", activation: "tanh" }), conv(4, { activation: "tanh" })] },
    ],
    ["pooling by a size that does not divide the image's", { encoder: [averagePool(3), dense(5)] }],
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
    expect(check.rows.map(({ agreement }) => agreement)).not.toContain("differs");
    expect(check.worst).toBeLessThan(0.005);
    expect(check.ok).toBe(true);
  });
});

/** The identity, whose gradient is another one. */
const withGradient = (change: (dy: tf.Tensor) => tf.Tensor) =>
  tf.customGrad((x) => ({ value: tf.clone(x as tf.Tensor), gradFunc: (dy: tf.Tensor) => change(dy) }));

const half = tf.tensor1d([0, 0, 0, 1, 1, 1]);
const wrongGradients: Readonly<Record<string, (dy: tf.Tensor) => tf.Tensor>> = {
  "of the wrong sign": (dy) => tf.neg(dy),
  "that is 1% too large": (dy) => tf.mul(dy, 1.01),
  "without a factor of 2": (dy) => tf.mul(dy, 0.5),
  "that is 0 for some entries": (dy) => tf.mul(dy, half),
  "that does not arrive": (dy) => tf.zerosLike(dy),
  "that is no number": (dy) => tf.fill(dy.shape, NaN),
};

/** A model with corners everywhere, and one function in its decoder whose gradient may be wrong. */
const withFunction = (change: (x: tf.Tensor) => tf.Tensor) =>
  vae.define({
    input: [8, 8, 1],
    latent: 2,
    weights: {
      into: vae.glorot([64, 12]),
      mean: vae.glorot([12, 2]),
      logVariance: vae.glorot([12, 2]),
      up: vae.glorot([2, 6]),
      out: vae.glorot([6, 64]),
    },
    encode: (x, { into, mean, logVariance }) => {
      const hidden = tf.relu(tf.matMul(tf.reshape(x, [-1, 64]), into));
      return { mean: tf.matMul(hidden, mean), logVariance: tf.matMul(hidden, logVariance) };
    },
    decode: (z, { up, out }) => tf.reshape(tf.matMul(tf.relu(change(tf.matMul(z, up))), out), [-1, 8, 8, 1]),
  });

describe("a wrong gradient is found:", () => {
  test.each(Object.entries(wrongGradients))("one %s", async (_name, change) => {
    const model = withFunction(withGradient(change));
    const before = model.weights();
    const check = await model.checkGradients(images);
    expect(check.ok).toBe(false);
    expect(model.weights()).toEqual(before);
    const verdicts = Object.fromEntries(check.rows.map(({ weight, agreement }) => [weight, agreement]));
    // What comes after the function, on the way to the loss, is not touched by its gradient.
    expect(verdicts).toMatchObject({ up: "differs", out: "agrees" });
    expect(check[display]()["text/plain"]).toMatch(/Look first at "(up|mean|into|logVariance)"\./);
  });
  test("one that is 5% too large, in the weights of any seed", async () => {
    for (let seed = 1; seed <= 10; seed++) {
      session.seed(seed);
      const check = await withFunction(withGradient((dy) => tf.mul(dy, 1.05))).checkGradients(images);
      expect(check.ok, `seed ${seed}`).toBe(false);
    }
    session.seed(0);
  });
  test("and the right one is not", async () => {
    const check = await withFunction(withGradient((dy) => dy)).checkGradients(images);
    expect(check.rows.map(({ agreement }) => agreement)).not.toContain("differs");
    expect(check.ok).toBe(true);
  });
});

test("a fresh model of relus on pictures, with its corners, is not called wrong", async () => {
  session.seed(7);
  const { train } = digits({ train: 16, test: 1 });
  const model = vae({ input: train.shape, latent: 2, encoder: [dense(32)], likelihood: "bernoulli" });
  const check = await model.checkGradients(train);
  session.seed(0);
  expect(check.rows.map(({ agreement }) => agreement)).toEqual(Array(10).fill("agrees"));
  // Each printed error is that of the two printed slopes.
  for (const { relativeError, gradient, finiteDifference } of check.rows) {
    const larger = Math.max(Math.abs(gradient), Math.abs(finiteDifference));
    expect(relativeError).toBeCloseTo(Math.abs(gradient - finiteDifference) / larger, 12);
  }
  expect(check.worst).toBeGreaterThan(0);
});

test("a loss that is no number has no gradient to check", async () => {
  const model = withFunction((x) => tf.log(tf.sub(tf.abs(x), 1e9)));
  await expect(model.checkGradients(images)).rejects.toThrow(/The loss of .* is NaN at its present weights/);
});
