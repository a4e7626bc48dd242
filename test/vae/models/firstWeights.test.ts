import { describe, expect, test } from "vitest";
import { conv, convTranspose, dense, reshape } from "../../../src/vae/models/layers/spec";
import { vae } from "../../../src/vae/session";

const image = {
  input: [28, 28, 1],
  latent: 2,
  encoder: [conv(32), conv(64), dense(16)],
  decoder: [dense(7 * 7 * 64), reshape([7, 7, 64]), convTranspose(64), convTranspose(32)],
};

/** He's bound for ReLU, PyTorch's default, and Glorot's, from the values that a unit sees and those that see it. */
const he = (fanIn: number): number => Math.sqrt(6 / fanIn);
const small = (fanIn: number): number => Math.sqrt(1 / fanIn);
const glorot = (fanIn: number, fanOut: number): number => Math.sqrt(6 / (fanIn + fanOut));

describe("first weights are uniform within a bound of their layer's kind", () => {
  test.each<[string, string, number]>([
    ["a convolution with ReLU has He's", "encoder.0.kernel", he(3 * 3 * 1)],
    ["a second one too, over its input's channels", "encoder.1.kernel", he(3 * 3 * 32)],
    ["a dense layer with ReLU has PyTorch's", "encoder.2.kernel", small(7 * 7 * 64)],
    ["the posterior's mean has Glorot's", "mean.kernel", glorot(16, 2)],
    ["the posterior's log variance has Glorot's", "logVariance.kernel", glorot(16, 2)],
    ["a dense layer over the latent point has PyTorch's", "decoder.0.kernel", small(2)],
    ["a transposed convolution has He's, over its own filters", "decoder.2.kernel", he(3 * 3 * 64)],
    ["a second one too", "decoder.3.kernel", he(3 * 3 * 32)],
    ["the output's transposed convolution has PyTorch's, 1/3 for one channel", "decoder.4.kernel", 1 / 3],
    ["biases have PyTorch's, over what a unit sees: a convolution's", "encoder.1.bias", small(3 * 3 * 32)],
    ["a dense layer's", "decoder.0.bias", small(2)],
    ["a transposed convolution's", "decoder.2.bias", small(3 * 3 * 64)],
  ])("%s: %s", (_, name, bound) => {
    // Several seeds: the smallest of these weights has 32 values, whose deviation alone says little.
    const values = [1, 2, 3, 4, 5, 6, 7, 8].flatMap((seed) =>
      Array.from(vae({ ...image, seed }).weights()[name] ?? []),
    );
    expect(values.length).toBeGreaterThanOrEqual(8 * 32);
    const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    expect(largest).toBeLessThanOrEqual(bound * (1 + 1e-6));
    expect(largest).toBeGreaterThan(bound * 0.95);
    const meanSquare = values.reduce((sum, value) => sum + value ** 2, 0) / values.length;
    expect(meanSquare / (bound ** 2 / 3)).toBeGreaterThan(0.75);
    expect(meanSquare / (bound ** 2 / 3)).toBeLessThan(1.25);
  });

  test("a dense output has Glorot's", () => {
    const weights = vae({ input: [784], latent: 20, encoder: [dense(400)], seed: 1 }).weights();
    const largest = Array.from(weights["decoder.1.kernel"] ?? []).reduce(
      (most, value) => Math.max(most, Math.abs(value)),
      0,
    );
    expect(largest).toBeLessThanOrEqual(glorot(400, 784) * (1 + 1e-6));
    expect(largest).toBeGreaterThan(glorot(400, 784) * 0.99);
  });

  test("depend on the seed and on the weight's name alone", () => {
    const once = vae({ ...image, seed: 1 }).weights();
    const again = vae({ ...image, seed: 1 }).weights();
    const other = vae({ ...image, seed: 2 }).weights();
    expect(again).toEqual(once);
    expect(other["encoder.0.kernel"]).not.toEqual(once["encoder.0.kernel"]);
    expect(once["mean.kernel"]).not.toEqual(once["logVariance.kernel"]);
  });
});
