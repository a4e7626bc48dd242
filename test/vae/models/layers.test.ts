import * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import { buildLayer } from "../../../src/vae/models/layers/build";
import {
  averagePool,
  batchNorm,
  conv,
  convTranspose,
  dense,
  dropout,
  flatten,
  layerNorm,
  maxPool,
  reshape,
  upsample,
  type Layer,
} from "../../../src/vae/models/layers/spec";
import type { Pass } from "../../../src/vae/models/pass";
import { stream } from "../../../src/vae/random";
import { vae } from "../../../src/vae/session";

interface Run {
  readonly training?: boolean;
  readonly weights?: Readonly<Record<string, number[]>>;
  readonly random?: number[];
}

/** Applies a layer to one tensor; weights are its first values unless given. */
function apply(layer: Layer, x: tf.Tensor, { training = false, weights = {}, random = [] }: Run = {}) {
  const built = buildLayer(layer, x.shape.slice(1));
  const updates: Record<string, tf.Tensor> = {};
  const pass: Pass = {
    training,
    weight: (name) => {
      const initializer = built.weights[name];
      if (!initializer) throw new Error(name);
      return tf.tensor(weights[name] ?? initializer.values(stream(0, name)), [...initializer.shape]);
    },
    random: () => tf.tensor(random, x.shape),
    update: (name, next) => (updates[name] = next),
  };
  return { y: built.apply(x, pass), built, updates };
}

describe("a layer says the shape that it gives", () => {
  test.each<[string, Layer, number[], number[]]>([
    ["dense flattens images", dense(5), [4, 4, 2], [5]],
    ["conv halves by default", conv(6), [7, 8, 3], [4, 4, 6]],
    ["conv without padding", conv(6, { kernel: 3, stride: 1, padding: "valid" }), [7, 8, 3], [5, 6, 6]],
    ["convTranspose doubles by default", convTranspose(6), [7, 8, 3], [14, 16, 6]],
    [
      "convTranspose without padding",
      convTranspose(2, { stride: 2, padding: "valid" }),
      [3, 4, 3],
      [7, 9, 2],
    ],
    ["maxPool", maxPool(2), [5, 4, 3], [3, 2, 3]],
    ["averagePool", averagePool(2), [4, 4, 3], [2, 2, 3]],
    ["upsample", upsample(3), [2, 4, 3], [6, 12, 3]],
    ["flatten", flatten(), [2, 4, 3], [24]],
    ["reshape", reshape([4, 6]), [2, 4, 3], [4, 6]],
    ["batchNorm", batchNorm(), [2, 4, 3], [2, 4, 3]],
    ["layerNorm", layerNorm(), [7], [7]],
    ["dropout", dropout(0.5), [2, 4], [2, 4]],
  ])("%s", (_name, layer, input, output) => {
    const { y, built } = apply(layer, tf.randomUniform([3, ...input]));
    expect(built.output).toEqual(output);
    expect(y.shape).toEqual([3, ...output]);
  });
});

describe("the first weights of a layer fill a range that its fans and its activation give", () => {
  test.each<[string, Layer, number[], number, number]>([
    ["dense: 1 / sqrt(fan in)", dense(40), [100], 1 / 10, 1 / 10],
    ["dense, linear: Glorot", dense(50, { activation: "linear" }), [100], Math.sqrt(6 / 150), 1 / 10],
    ["conv: He", conv(64), [8, 8, 4], Math.sqrt(6 / 36), 1 / 6],
    ["conv, linear: 1 / sqrt(fan in)", conv(64, { activation: "linear" }), [8, 8, 4], 1 / 6, 1 / 6],
    [
      "convTranspose: its fan in counts output channels",
      convTranspose(64),
      [8, 8, 4],
      Math.sqrt(6 / 576),
      1 / 24,
    ],
  ])("%s", (_name, layer, input, kernel, bias) => {
    const { weights } = buildLayer(layer, input);
    const largest = (name: string): number =>
      Math.max(...(weights[name]?.values(stream(1, name)) ?? []).map(Math.abs));
    // Hundreds of uniform numbers come close to the end of their range, and never pass it.
    for (const [name, limit] of [
      ["kernel", kernel],
      ["bias", bias],
    ] as const) {
      expect(largest(name)).toBeLessThanOrEqual(limit * 1.000001);
      expect(largest(name)).toBeGreaterThan(limit * 0.9);
    }
  });
});

test("dense is x W + b, then the activation", () => {
  const x = tf.tensor2d([[1, 2]]);
  const weights = { kernel: [1, -1, 0.5, -1], bias: [0.5, 0.25] };
  expect(apply(dense(2), x, { weights }).y.arraySync()).toEqual([[2.5, 0]]);
  expect(apply(dense(2, { activation: "linear" }), x, { weights }).y.arraySync()).toEqual([[2.5, -2.75]]);
});

test("batchNorm normalises by the batch while training, and moves its running statistics towards it", () => {
  const x = tf.tensor2d([[1], [3]]);
  const { y, updates } = apply(batchNorm({ momentum: 0.9, epsilon: 0 }), x, { training: true });
  expect(y.arraySync()).toEqual([[-1], [1]]);
  expect(updates.runningMean?.dataSync()[0]).toBeCloseTo(0.9 * 0 + 0.1 * 2, 6);
  expect(updates.runningVariance?.dataSync()[0]).toBeCloseTo(0.9 * 1 + 0.1 * 1, 6);
});

test("batchNorm uses its running statistics outside of training", () => {
  const weights = { runningMean: [1], runningVariance: [4], scale: [3], shift: [0.5] };
  const { y } = apply(batchNorm({ epsilon: 0 }), tf.tensor2d([[5]]), { weights });
  expect(y.dataSync()[0]).toBeCloseTo((3 * (5 - 1)) / 2 + 0.5, 5);
});

test("layerNorm gives each example mean 0 and variance 1", () => {
  const values = Array.from(apply(layerNorm({ epsilon: 0 }), tf.tensor2d([[1, 2, 3, 10]])).y.dataSync());
  const mean = values.reduce((sum, value) => sum + value, 0) / 4;
  expect(mean).toBeCloseTo(0, 5);
  expect(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 4).toBeCloseTo(1, 4);
});

test("dropout drops where its random number is below the rate, keeps the expectation, and does nothing in evaluation", () => {
  const x = tf.tensor2d([[1, 2, 3, 4]]);
  const { y } = apply(dropout(0.5), x, { training: true, random: [0.1, 0.5, 0.9, 0.49] });
  expect(y.arraySync()).toEqual([[0, 4, 6, 0]]);
  expect(apply(dropout(0.5), x).y.arraySync()).toEqual([[1, 2, 3, 4]]);
});

describe("what cannot work is refused, with the layer's place and the shapes", () => {
  const model = (encoder: Layer[], input = [28, 28, 1]) => vae({ input, latent: 2, encoder });
  test("a convolution of a vector", () => {
    expect(() => model([dense(10), conv(4)])).toThrow(
      "Layer 2 of the encoder: conv takes images [height, width, channels], but its input has the shape [10]. Put reshape([height, width, channels]) before it.",
    );
  });
  test("a reshape to another number of values", () => {
    expect(() => model([reshape([27, 28])])).toThrow("[28, 28, 1] holds 784 values, [27, 28] would hold 756");
  });
  test("an image grown to a size that its convolution would not shrink", () => {
    const decoder = [reshape([4, 4, 1]), convTranspose(2, { size: [9, 9] })];
    expect(() => vae({ input: [9, 9, 1], latent: 16, encoder: [], decoder })).toThrow(
      'Layer 2 of the decoder: convTranspose: 4 x 4 pixels do not become 9 x 9 with stride 2, kernel 3 and "same" padding. Without size they become 8 x 8.',
    );
    const upsampled = [reshape([4, 4, 1]), upsample(2, { size: [9, 8] })];
    expect(() => vae({ input: [9, 8, 1], latent: 16, encoder: [], decoder: upsampled })).toThrow(
      "upsample 2: 4 x 4 pixels become 8 x 8 or up to 1 less each way, not 9 x 8.",
    );
    expect(() => convTranspose(2, { size: 7 as never })).toThrow(
      "convTranspose: size is a list of rows and columns, such as [7, 7], but is 7.",
    );
  });
  test("a decoder of one's own that ends with another size of image", () => {
    const decoder = [dense(64), reshape([4, 4, 4]), convTranspose(2)];
    expect(() => vae({ input: [7, 7, 1], latent: 2, encoder: [dense(4)], decoder })).toThrow(
      "The decoder ends with images of 8 x 8 pixels, but the input has 7 x 7. Grow them as convolutions of stride 2 would shrink the input, 7 x 7, 4 x 4, 2 x 2, 1 x 1 the other way round: a convTranspose gives an odd size with { size: [7, 7] }. Or end with flatten(), for a dense layer from there to the pixels.",
    );
  });
  test("latent 0", () => {
    expect(() => vae({ input: [4], latent: 0, encoder: [] })).toThrow(
      "latent must be a whole number from 1 on (the number of latent dimensions), but is 0.",
    );
  });
  test("no units", () => {
    expect(() => dense(0)).toThrow("dense: units must be a whole number from 1 on, but is 0.");
    expect(() => dense("10" as never)).toThrow('from 1 on, but is "10".');
  });
});

describe("the decoder is the encoder's mirror image when none is given", () => {
  const decoderOf = (encoder: Layer[], input: number[]) =>
    vae({ input, latent: 2, encoder })
      .summary.layers.filter(({ part }) => part === "decoder")
      .map(({ name, shape }) => `${name} -> ${shape.join(" x ")}`);

  test("of dense layers", () => {
    expect(decoderOf([dense(40), dense(16)], [100])).toEqual([
      "dense 16 relu -> 16",
      "dense 40 relu -> 40",
      "dense 100 -> 100",
    ]);
  });
  test("of convolutions", () => {
    expect(decoderOf([conv(32), conv(64), dense(16)], [28, 28, 1])).toEqual([
      "dense 16 relu -> 16",
      "dense 3136 relu -> 3136",
      "reshape [7, 7, 64] -> 7 x 7 x 64",
      "convTranspose 64, 3 x 3, stride 2, relu -> 14 x 14 x 64",
      "convTranspose 32, 3 x 3, stride 2, relu -> 28 x 28 x 32",
      "convTranspose 1, 3 x 3, stride 1 -> 28 x 28 x 1",
    ]);
  });
  test("of odd sizes, where doubling does not lead back", () => {
    expect(decoderOf([conv(8), conv(16), conv(32)], [28, 28, 1])).toEqual([
      "dense 512 relu -> 512",
      "reshape [4, 4, 32] -> 4 x 4 x 32",
      "convTranspose 32, 3 x 3, stride 2, relu -> 7 x 7 x 32",
      "convTranspose 16, 3 x 3, stride 2, relu -> 14 x 14 x 16",
      "convTranspose 8, 3 x 3, stride 2, relu -> 28 x 28 x 8",
      "convTranspose 1, 3 x 3, stride 1 -> 28 x 28 x 1",
    ]);
    expect(decoderOf([conv(8, { padding: "valid" })], [28, 28, 1]).slice(2)).toEqual([
      "convTranspose 8, 3 x 3, stride 2, relu -> 28 x 28 x 8",
      "convTranspose 1, 3 x 3, stride 1 -> 28 x 28 x 1",
    ]);
    expect(decoderOf([maxPool(2)], [7, 5, 2]).slice(2)).toEqual([
      "upsample 2 -> 7 x 5 x 2",
      "convTranspose 2, 3 x 3, stride 1 -> 7 x 5 x 2",
    ]);
    expect(decoderOf([convTranspose(4, { size: [13, 13] })], [7, 7, 2]).slice(2)).toEqual([
      "conv 4, 3 x 3, stride 2, relu -> 7 x 7 x 4",
      "convTranspose 2, 3 x 3, stride 1 -> 7 x 7 x 2",
    ]);
  });
});
