import { describe, expect, test } from "vitest";
import { Engines } from "../../../../src/vae/engine/choose";
import { findTfjsNode } from "../../../../src/vae/engine/eager/tfjsNode";
import type { OptimizerSpec } from "../../../../src/vae/engine/engine";
import { convolutional, mlp, type TrialModel } from "./models";

const engines = ["compiled", "wasm", "tfjs-node"] as const;
const optimizers: Readonly<Record<string, OptimizerSpec>> = {
  Adam: { kind: "adam", beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
  AdamW: { kind: "adamw", beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.01 },
  "SGD with Nesterov's momentum": { kind: "sgd", momentum: 0.9, nesterov: true },
  RMSProp: { kind: "rmsprop", decay: 0.9, epsilon: 1e-7, momentum: 0.5 },
};
const trials: readonly [string, string, () => TrialModel][] = [
  ...Object.keys(optimizers).map((name): [string, string, () => TrialModel] => ["an MLP VAE", name, mlp]),
  ["a convolutional VAE", "Adam", convolutional],
];

interface Trained {
  readonly weights: Readonly<Record<string, Float32Array>>;
  readonly optimizer: Readonly<Record<string, Float32Array>>;
  readonly losses: readonly number[];
}

/** 100 steps with gradient clipping. */
async function train(name: string, model: TrialModel, spec: OptimizerSpec): Promise<Trained> {
  const source = new Engines({ notice: () => {} });
  await source.use(name);
  const engine = await source.current();
  expect(engine.name).toBe(name);
  const store = engine.weights(model.weights);
  const trainer = await engine.trainer(model.step, store, spec);
  const losses: number[] = [];
  const learningRate = spec.kind === "sgd" ? 1e-3 : 2e-3;
  for (let step = 0; step < 100; step++) {
    const { loss } = await trainer.step(model.inputs(step), { learningRate, clipNorm: 20 });
    losses.push(loss?.[0] ?? NaN);
  }
  const weights = Object.fromEntries(model.weights.map((w) => [w.name, store.read(w.name)]));
  const trained = { weights, optimizer: trainer.optimizerState(), losses };
  trainer.dispose();
  store.dispose();
  return trained;
}

function largestDifference(
  a: Readonly<Record<string, Float32Array>>,
  b: Readonly<Record<string, Float32Array>>,
): number {
  expect(Object.keys(a).sort()).toEqual(Object.keys(b).sort());
  return Math.max(
    ...Object.entries(a).flatMap(([name, values]) =>
      Array.from(values, (value, index) => Math.abs(value - (b[name]?.[index] ?? NaN))),
    ),
  );
}

const slotSizes = ({ optimizer }: Trained) =>
  new Map(Object.entries(optimizer).map(([slot, values]) => [slot, values.length]));

for (const name of engines) {
  const skipped = name === "tfjs-node" && findTfjsNode() === undefined;
  const title = skipped ? `${name} (skipped: not installed)` : name;
  describe.skipIf(skipped)(`100 identical steps on ${title} and on cpu`, () => {
    test.each(trials)("end in the same weights within 1e-4: %s, %s", async (_, optimizer, build) => {
      const spec = optimizers[optimizer] ?? optimizers.Adam;
      if (!spec) throw new Error("no optimizer");
      const reference = await train("cpu", build(), spec);
      const other = await train(name, build(), spec);
      expect(largestDifference(other.weights, reference.weights)).toBeLessThan(1e-4);
      const initial = Object.fromEntries(build().weights.map((weight) => [weight.name, weight.initial]));
      expect(largestDifference(reference.weights, initial), "training moved the weights").toBeGreaterThan(
        1e-2,
      );
      expect(other.losses.at(-1)).toBeCloseTo(reference.losses.at(-1) ?? NaN, 2);
      expect(slotSizes(other), "a checkpoint moves between engines").toEqual(slotSizes(reference));
    });
  });
}
