import type { Dataset } from "../../../src/vae/data/dataset";
import { fromArray } from "../../../src/vae/data/fromArray";
import type { RunRecord } from "../../../src/vae/figures/training";
import { readAll } from "../../../src/vae/data/readExamples";
import type { Score } from "../../../src/vae/evaluation/score";
import type { display } from "../../../src/vae/host";
import type { ModelSummary, TrainedModel } from "../../../src/vae/models/model";
import type { GradientCheck } from "../../../src/vae/models/gradientCheck";
import { stream } from "../../../src/vae/random";

/**
 * A model whose every answer can be worked out by hand: an example carries its latent point in its first pixels (0 is -2,
 * 1 is 2), the posterior reads it there, and the decoder writes it back; all other pixels are decoded as `elsewhere`.
 */
export function transparentModel(latent: number, input: readonly number[], elsewhere = 0): TrainedModel {
  const size = input.reduce((product, n) => product * n, 1);
  return {
    name: `transparent ${size}-${latent}`,
    input,
    latent,
    likelihood: "bernoulli",
    posterior: (data) => {
      const values = readAll(data);
      const mean = Float32Array.from({ length: data.size * latent }, (_, i) =>
        toLatent(values[Math.floor(i / latent) * size + (i % latent)] ?? NaN),
      );
      return Promise.resolve({ mean, logVariance: new Float32Array(mean.length).fill(Math.log(0.25)) });
    },
    decodeAll: (points) => {
      const count = points.length / latent;
      const pixels = new Float32Array(count * size).fill(elsewhere);
      points.forEach((z, i) => (pixels[Math.floor(i / latent) * size + (i % latent)] = toPixel(z)));
      return Promise.resolve(pixels);
    },
  };
}

/** The same model after something went wrong: its encoder gives this for some examples. */
export function ailing(model: TrainedModel, examples: readonly number[], instead = NaN): TrainedModel {
  return {
    ...model,
    posterior: async (data) => {
      const { mean, logVariance } = await model.posterior(data);
      for (const example of examples) {
        const row = [example * model.latent, (example + 1) * model.latent] as const;
        mean.fill(instead, ...row);
        logVariance.fill(instead, ...row);
      }
      return { mean, logVariance };
    },
  };
}

export const toLatent = (pixel: number): number => pixel * 4 - 2;
export const toPixel = (z: number): number => (z + 2) / 4;

/** Random gray pictures with labels "zero", "one", ... in turn. */
export function pictures(size: number, shape: readonly number[], classes = 3): Dataset {
  const values = new Float32Array(size * shape.reduce((product, n) => product * n, 1));
  stream(7, "test pictures").fillUniform(values, 0);
  const names = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"].slice(
    0,
    classes,
  );
  const labels = Array.from({ length: size }, (_, i) => i % classes);
  return fromArray(values, { name: "pictures", shape, labels, names });
}

/** A run whose loss falls as 200 / step + 100, one point a step, validated at the end of each of its epochs. */
export function fallingRun(change: Partial<RunRecord> = {}): RunRecord {
  const history = Array.from({ length: 100 }, (_, i) => {
    const step = i + 1;
    const losses = { loss: 200 / step + 100, reconstruction: 200 / step + 90, kl: 10 };
    return {
      step,
      epoch: step / 50,
      train: losses,
      ...(step % 50 === 0 && { validation: { ...losses, loss: losses.loss + 5 } }),
      learningRate: 1e-3,
      beta: 1,
    };
  });
  return {
    model: "vae 784-400-2",
    data: "digits train",
    validationData: "digits test",
    status: "running",
    history,
    warnings: [],
    step: 100,
    totalSteps: 500,
    epoch: 2,
    totalEpochs: 10,
    batchSize: 128,
    engine: "compiled",
    seconds: 12,
    secondsLeft: 48,
    examplesPerSecond: 12_345,
    klPerDimension: [6, 4],
    ...change,
  };
}

export const score: Omit<Score, typeof display> = {
  model: "vae 784-400-2",
  data: "digits test",
  examples: 2000,
  elbo: -151.234,
  reconstruction: 145.104,
  kl: 6.13,
  klPerDimension: [3.5, 2.6, 0.03],
  posteriorMeanVariance: [1.02, 0.9, 0.0001],
  activeUnits: 2,
  importanceWeightedBound: -148.2,
  importanceSamples: 64,
  reconstructionMse: 0.0312,
};

export const gradientCheck: Omit<GradientCheck, typeof display> = {
  model: "vae 784-400-2",
  engine: "compiled",
  rows: [
    {
      weight: "hidden",
      shape: [784, 400],
      agreement: "differs",
      relativeError: 2e-3,
      within: 2.1e-3,
      gradient: 1.2345,
      finiteDifference: 1.237,
    },
    {
      weight: "outBias",
      shape: [784],
      agreement: "agrees",
      relativeError: 1e-6,
      within: 2e-5,
      gradient: -0.3,
      finiteDifference: -0.3,
    },
  ],
  worst: 2e-3,
  tolerance: 1e-3,
  ok: false,
};

export const modelSummary: ModelSummary = {
  name: "vae 784-400-2",
  input: [28, 28, 1],
  latent: 2,
  layers: [
    { part: "encoder", name: "flatten", shape: [784], weights: 0 },
    { part: "encoder", name: "dense 400, relu", shape: [400], weights: 314_000 },
    { part: "posterior", name: "mean", shape: [2], weights: 802 },
  ],
  weights: 314_802,
  loss: "reconstruction (binary cross-entropy, summed over the pixels) + KL, in nats per example",
  engine: "compiled",
  stepsTrained: 0,
};
