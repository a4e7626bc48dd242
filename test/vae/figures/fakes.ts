import type { Dataset } from "../../../src/vae/data/dataset";
import { fromArray } from "../../../src/vae/data/fromArray";
import type { RunRecord } from "../../../src/vae/figures/training";
import { readAll } from "../../../src/vae/figures/examples";
import type { TrainedModel } from "../../../src/vae/models/model";
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
    reconstruct: (points) => {
      const count = points.length / latent;
      const pixels = new Float32Array(count * size).fill(elsewhere);
      points.forEach((z, i) => (pixels[Math.floor(i / latent) * size + (i % latent)] = toPixel(z)));
      return Promise.resolve(pixels);
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
