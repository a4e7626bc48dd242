import { expect, test } from "vitest";
import { csv } from "../../src/vae/data/csv";
import { digits } from "../../src/vae/data/digits/digits";
import { images } from "../../src/vae/data/images";
import { latentSpace } from "../../src/vae/figures/latentSpace";
import { interpolation } from "../../src/vae/figures/interpolation";
import { dense, reshape } from "../../src/vae/models/layers/spec";
import { vae } from "../../src/vae/session";
import { warmUp } from "../../src/vae/training/schedules";

const pair = digits({ train: 12, test: 4, size: 8 });
const model = vae({ input: pair.shape, latent: 2, encoder: [dense(4)] });

/** A call as a person writes it whose editor does not check types. */
type Call = (...values: unknown[]) => unknown;
const loosely = (method: unknown): Call => method as Call;

test.each<[string, () => unknown, string]>([
  [
    "a shape as two numbers",
    () => loosely(vae.glorot)(100, 16),
    "such as [784, 400] in vae.glorot([784, 400])",
  ],
  ["a layer's shape as numbers", () => loosely(reshape)(7, 7, 64), "such as reshape([7, 7, 64]), but got 7"],
  [
    "a dataset's shape as numbers",
    () => loosely(pair.train.reshape.bind(pair.train))(8, 8),
    "such as [28, 28, 1], not 8",
  ],
  [
    "one column by its name",
    () => loosely(csv)("values.csv", { columns: "a" }),
    'a list of names or places, such as ["x", "y"]',
  ],
  [
    "a size as text",
    () => loosely(images)(".", { size: "8" }),
    "whole numbers, at least 1, such as 28 or [28, 28]",
  ],
  [
    "four channels",
    () => loosely(images)(".", { channels: 4 }),
    "channels is 1 for shades of gray or 3 for red, green and blue",
  ],
  ["one end of two", () => loosely(interpolation)(model, pair.test), "but to is missing"],
  [
    "test data as options",
    () => loosely(model.fit.bind(model))(pair.train, pair.test),
    "{ epochs: 10, validationData: test }",
  ],
  [
    "a learned variance where there is none",
    () =>
      loosely(vae.define)({
        input: [4],
        latent: 2,
        variance: "learned",
        weights: { a: vae.zeros([2]) },
        encode: () => {},
        decode: () => {},
      }),
    'variance of vae.define must be a number, but is "learned"',
  ],
  ["no name of a file", () => loosely(model.save.bind(model))(), 'model.save("mine.vae"), but got none'],
  ["a number for a file", () => loosely(vae.load)(3), 'vae.load("mine.vae"), but got 3'],
  [
    "one axis for two",
    () => loosely(latentSpace)(model, pair.test, { axes: "z" }),
    'a list of two, such as [0, 1] or ["PC 1", "PC 2"]',
  ],
  [
    "an optimizer of TensorFlow.js",
    () =>
      loosely(model.fit.bind(model))(pair.train, { steps: 1, batchSize: 4, optimizer: { learningRate: 1 } }),
    'a name, such as "adam", or { kind: "adam", beta1: 0.5 }',
  ],
  [
    "a schedule's maker that was not called",
    () => loosely(vae)({ input: [4], latent: 2, encoder: [], beta: warmUp }),
    "beta is the function warmUp itself. Call it: warmUp(...).",
  ],
  [
    "a variance without a Gaussian",
    () => loosely(vae)({ input: [4], latent: 2, encoder: [], variance: 0.1 }),
    'variance belongs to likelihood: "gaussian", but the likelihood is "bernoulli"',
  ],
  [
    "a sigmoid at the end of a decoder",
    () =>
      vae({
        input: pair.shape,
        latent: 2,
        encoder: [],
        decoder: [dense(9), dense(64, { activation: "sigmoid" })],
      }),
    "Leave that layer out: one that gives the input's shape is added for you",
  ],
  [
    "channels in front",
    () =>
      vae({ input: [1, 8, 8], latent: 2, encoder: [dense(4)] }).fit(pair.train, { steps: 1, batchSize: 4 }),
    "Make the model with input: [8, 8, 1]",
  ],
])("%s is answered with what to write", async (_, call, message) => {
  await expect((async () => await call())()).rejects.toThrow(message);
});
