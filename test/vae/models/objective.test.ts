import * as tf from "@tensorflow/tfjs";
import { expect, test } from "vitest";
import { fromParts, type VaeOptions } from "../../../src/vae/models/parts";
import { trainingFunction } from "../../../src/vae/models/functions";
import { stream } from "../../../src/vae/random";
import { vae } from "../../../src/vae/session";
import { bars } from "./small";

const batch = 5;
const latent = 3;

/** What a training step reports for fixed weights, examples and noise. */
function outputsOf(options: Partial<VaeOptions>, beta = 1, samples = 1) {
  const model = fromParts({
    input: [8],
    latent,
    encoder: [],
    likelihood: "bernoulli",
    importanceSamples: samples,
    ...options,
  });
  const step = trainingFunction(model, batch);
  const x = new Float32Array(batch * 8);
  bars(batch).read([0, 1, 2, 3, 4], x);
  const first = stream(1, "noise").fillNormal(new Float32Array(batch * latent), 0);
  const noise = Float32Array.from({ length: samples * first.length }, (_, i) => first[i % first.length] ?? 0);
  const weights = Object.entries(model.weights).map(
    ([name, weight]) => [name, tf.tensor(weight.values(stream(0, name)), [...weight.shape])] as const,
  );
  const outputs = step.apply(
    {
      x: tf.tensor(x, [batch, 8]),
      noise: tf.tensor(noise, [samples * batch, latent]),
      beta: tf.scalar(beta),
    },
    Object.fromEntries(weights),
  );
  return Object.fromEntries(
    Object.entries(outputs).map(([name, tensor]) => [name, Array.from(tensor.dataSync())]),
  );
}
const scalar = (outputs: Record<string, number[]>, name: string) => outputs[name]?.[0] ?? NaN;

test("the loss is reconstruction + beta times KL, and the KL the sum over its dimensions", () => {
  const outputs = outputsOf({}, 0.25);
  const { klPerDimension = [] } = outputs;
  expect(scalar(outputs, "loss")).toBeCloseTo(
    scalar(outputs, "reconstruction") + 0.25 * scalar(outputs, "kl"),
    5,
  );
  expect(klPerDimension).toHaveLength(latent);
  expect(klPerDimension.reduce((sum, kl) => sum + kl, 0)).toBeCloseTo(scalar(outputs, "kl"), 5);
});

test("free bits: a dimension costs at least so many nats", () => {
  const plain = outputsOf({});
  const { klPerDimension = [] } = plain;
  const freeBits = [...klPerDimension].sort((a, b) => a - b)[1] ?? NaN;
  const expected = klPerDimension.reduce((sum, kl) => sum + Math.max(kl, freeBits), 0);
  const free = outputsOf({ freeBits });
  expect(scalar(free, "loss")).toBeCloseTo(scalar(plain, "reconstruction") + expected, 5);
  expect(scalar(free, "kl")).toBe(scalar(plain, "kl"));
});

test("importance samples that are all the same give the one-sample bound: log p(x | z) + log p(z) - log q(z | x)", () => {
  const one = outputsOf({}, 1, 2);
  const many = outputsOf({}, 1, 6);
  expect(scalar(many, "loss")).toBeCloseTo(scalar(one, "loss"), 4);
});

test("training on the importance-weighted bound trains", async () => {
  const model = vae({ input: [8], latent: 2, encoder: [], importanceSamples: 5 });
  const run = await model.fit(bars(200), {
    epochs: 20,
    batchSize: 20,
    learningRate: 0.02,
    checkpoints: false,
  });
  const losses = run.history.map(({ train }) => train.loss);
  expect(losses.at(-1)).toBeLessThan(0.8 * (losses[0] ?? 0));
  expect(model.summary.loss).toContain("importance-weighted bound with 5 samples");
});

test.each<[string, Partial<VaeOptions>]>([
  ["free bits", { freeBits: 2 }],
  ["importance samples", { importanceSamples: 5 }],
  ["importance samples and beta", { importanceSamples: 5, beta: 0.3 }],
])("with %s, the validation loss is the training loss of the same weights", async (_, options) => {
  const data = bars(400);
  const model = vae({ input: [8], latent: 2, encoder: [], ...options });
  const run = await model.fit(data, {
    epochs: 1,
    batchSize: 400,
    learningRate: 1e-9,
    validationData: data,
    checkpoints: false,
  });
  const { train, validation } = run.history[0] ?? {};
  // Other noise, 400 examples: the standard error is well below this.
  expect(validation?.loss).toBeCloseTo(train?.loss ?? NaN, 1);
  expect(validation?.reconstruction).toBeCloseTo(train?.reconstruction ?? NaN, 1);
  expect(validation?.kl).toBeCloseTo(train?.kl ?? NaN, 4);
  expect(validation?.loss).not.toBeCloseTo((validation?.reconstruction ?? NaN) + (validation?.kl ?? NaN), 1);
});

test("free bits and importance samples together are refused", () => {
  expect(() => vae({ input: [8], latent: 2, encoder: [], importanceSamples: 5, freeBits: 1 })).toThrow(
    "cannot be combined",
  );
});
