import { afterAll, expect, test } from "vitest";
import { digits } from "../../../src/vae/data/digits/digits";
import { batchNorm, conv, dense, layerNorm, maxPool, type Layer } from "../../../src/vae/models/layers/spec";
import type { VaeOptions } from "../../../src/vae/models/parts";
import { session, vae } from "../../../src/vae/session";

/** Corners are where false alarms came from: relu alone is tried most often. */
const seedsOf = (name: string): number => (name === "relu" ? 50 : 10);
const { train } = digits({ train: 64, test: 1, size: 14 });

afterAll(() => session.seed(0));

const models: Readonly<Record<string, Partial<VaeOptions> & { encoder: Layer[] }>> = {
  relu: { encoder: [dense(32)] },
  "relu, deep": { encoder: [dense(48), dense(24)] },
  leakyRelu: { encoder: [dense(32, { activation: "leakyRelu" })] },
  elu: { encoder: [dense(32, { activation: "elu" })] },
  gelu: { encoder: [dense(32, { activation: "gelu" })] },
  tanh: { encoder: [dense(32, { activation: "tanh" })] },
  sigmoid: { encoder: [dense(32, { activation: "sigmoid" })] },
  "Gaussian of a learned variance": { encoder: [dense(32)], likelihood: "gaussian" },
  norms: { encoder: [dense(32), layerNorm(), dense(16), batchNorm()] },
  "convolutions and pooling": { encoder: [conv(4), maxPool(), dense(12)] },
};

test.each(Object.entries(models))(
  "gradients of many seeds are not called wrong: %s",
  async (name, options) => {
    const seeds = seedsOf(name);
    let compared = 0;
    let all = 0;
    const alarms: string[] = [];
    for (let seed = 0; seed < seeds; seed++) {
      session.seed(seed);
      const model = vae({ input: train.shape, latent: 2, likelihood: "bernoulli", ...options });
      const check = await model.checkGradients(train.shuffle(seed));
      for (const { agreement, weight, gradient, finiteDifference } of check.rows) {
        all += 1;
        if (agreement.startsWith("agrees")) compared += 1;
        if (agreement === "differs") alarms.push(`seed ${seed}, ${weight}: ${gradient}, ${finiteDifference}`);
      }
      model.dispose();
    }
    expect(alarms).toEqual([]);
    expect(compared / all).toBeGreaterThan(0.9);
  },
);
