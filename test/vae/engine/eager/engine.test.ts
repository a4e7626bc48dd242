import * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import { createEagerEngine } from "../../../../src/vae/engine/eager/engine";
import { findTfjsNode } from "../../../../src/vae/engine/eager/tfjsNode";
import type { OptimizerSpec, StepFunction, WeightStore } from "../../../../src/vae/engine/engine";
import { eagerBackends, type EagerBackend } from "../../../../src/vae/engine/tfjs";
import { convolutional, mlp, type Activation, type TrialModel } from "./models";

const adam: OptimizerSpec = { kind: "adam", beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };
const trials: readonly [string, (activation?: Activation) => TrialModel][] = [
  ["an MLP VAE", mlp],
  ["a convolutional VAE", convolutional],
];

/** The weights after some steps, by name. */
async function trained(
  backend: EagerBackend,
  model: TrialModel,
  steps: number,
): Promise<Map<string, Float32Array>> {
  const engine = await createEagerEngine(backend);
  const weights = engine.weights(model.weights);
  const trainer = await engine.trainer(model.step, weights, adam);
  for (let step = 0; step < steps; step++) await trainer.step(model.inputs(step), { learningRate: 1e-2 });
  return snapshot(weights);
}

const snapshot = (weights: WeightStore) =>
  new Map(weights.specs.map(({ name }) => [name, weights.read(name)]));

function largestDifference(a: Map<string, Float32Array>, b: Map<string, Float32Array>): number {
  let largest = 0;
  for (const [name, values] of a) {
    values.forEach((value, index) => {
      largest = Math.max(largest, Math.abs(value - (b.get(name)?.[index] ?? NaN)));
    });
  }
  return largest;
}

for (const backend of eagerBackends) {
  const skipped = backend === "tfjs-node" && findTfjsNode() === undefined;
  const title = skipped ? `${backend} (skipped: not installed)` : backend;

  describe.skipIf(skipped)(`the eager engine on ${title}`, () => {
    test.each(trials)("gradients of %s agree with finite differences", async (_, build) => {
      // Smooth: a difference across relu's kink is not its slope.
      const model = build(tf.tanh);
      const engine = await createEagerEngine(backend);
      const weights = engine.weights(model.weights);
      const trainer = await engine.trainer(model.step, weights, adam);
      const evaluator = await engine.evaluator(model.step, weights);
      const inputs = model.inputs(0);
      const gradients = await trainer.gradients(inputs);
      const loss = async () => (await evaluator.run(inputs)).loss?.[0] ?? NaN;
      for (const { name } of model.weights) {
        const gradient = gradients[name] ?? new Float32Array();
        const values = weights.read(name);
        // The direction of the gradient itself: its slope is the gradient's norm, far above float32's noise.
        const norm = Math.hypot(...gradient);
        const move = (by: number) =>
          weights.write(
            name,
            values.map((v, i) => v + (by * (gradient[i] ?? 0)) / norm),
          );
        const h = 5e-3;
        move(h);
        const above = await loss();
        move(-h);
        const below = await loss();
        weights.write(name, values);
        const slope = (above - below) / (2 * h);
        expect(Math.abs(slope - norm), `${name}: ${String(slope)} against ${String(norm)}`).toBeLessThan(
          0.02 * norm,
        );
      }
    });

    test.each(trials)(
      "100 steps of %s end in the weights that the cpu backend ends in, within 1e-4",
      async (_, build) => {
        const difference = largestDifference(
          await trained(backend, build(), 100),
          await trained("cpu", build(), 100),
        );
        expect(difference).toBeLessThan(1e-4);
      },
    );

    test("the loss falls, and reported outputs add up to it", async () => {
      const model = mlp();
      const engine = await createEagerEngine(backend);
      const trainer = await engine.trainer(model.step, engine.weights(model.weights), adam);
      const losses: number[] = [];
      for (let step = 0; step < 30; step++) {
        const { loss, reconstruction, kl } = await trainer.step(model.inputs(0), { learningRate: 1e-2 });
        losses.push(loss?.[0] ?? NaN);
        expect(loss?.[0]).toBeCloseTo((reconstruction?.[0] ?? NaN) + (kl?.[0] ?? NaN), 3);
      }
      expect(losses.at(-1)).toBeLessThan((losses[0] ?? 0) * 0.8);
    });

    test("tensors alive and the current backend are the same before and after steps, evaluations and errors", async () => {
      const model = convolutional();
      const engine = await createEagerEngine(backend);
      await tf.setBackend("cpu");
      const weights = engine.weights(model.weights);
      const trainer = await engine.trainer(model.step, weights, adam);
      const evaluator = await engine.evaluator(model.step, weights);
      const breaks: StepFunction = {
        ...model.step,
        apply: (inputs, w) => {
          model.step.apply(inputs, w);
          throw new Error("stop here");
        },
      };
      const broken = await engine.trainer(breaks, weights, adam);
      const before = tf.memory().numTensors;
      for (let round = 0; round < 3; round++) {
        await trainer.step(model.inputs(round), { learningRate: 1e-3, clipNorm: 1 });
        await evaluator.run(model.inputs(round));
        await expect(broken.step(model.inputs(round), { learningRate: 1e-3 })).rejects.toThrow("stop here");
      }
      expect(tf.memory().numTensors).toBe(before);
      expect(tf.getBackend()).toBe("cpu");
    });
  });
}

describe("the eager engine", () => {
  test("clips by the global norm before it updates", async () => {
    const model = mlp();
    const engine = await createEagerEngine("cpu");
    const weights = engine.weights(model.weights);
    const trainer = await engine.trainer(model.step, weights, { kind: "sgd", momentum: 0, nesterov: false });
    const before = snapshot(weights);
    await trainer.step(model.inputs(0), { learningRate: 1, clipNorm: 0.5 });
    const moved = [...snapshot(weights)].flatMap(([name, values]) =>
      [...values].map((value, index) => value - (before.get(name)?.[index] ?? NaN)),
    );
    expect(Math.hypot(...moved)).toBeCloseTo(0.5, 4);
  });

  test("moves updates into non-trainable weights, and reports the other outputs", async () => {
    const engine = await createEagerEngine("cpu");
    const weights = engine.weights([
      { name: "w", shape: [1], trainable: true, initial: Float32Array.of(2) },
      { name: "running", shape: [1], trainable: false, initial: Float32Array.of(1) },
    ]);
    const step: StepFunction = {
      name: "loss",
      inputs: { x: [1] },
      updates: { running: "nextRunning" },
      apply: ({ x }, { w, running }) => {
        if (!x || !w || !running) throw new Error("missing");
        return { loss: tf.sum(tf.mul(w, x)), nextRunning: tf.add(tf.mul(running, 0.9), tf.mul(x, 0.1)) };
      },
    };
    const trainer = await engine.trainer(step, weights, { kind: "sgd", momentum: 0, nesterov: false });
    const reported = await trainer.step({ x: Float32Array.of(3) }, { learningRate: 0.5 });
    expect(reported).toEqual({ loss: Float32Array.of(6) });
    expect(weights.read("w")[0]).toBeCloseTo(0.5);
    expect(weights.read("running")[0]).toBeCloseTo(1.2);
  });

  test("a weight that the loss does not use has a zero gradient and stays as it is", async () => {
    const engine = await createEagerEngine("cpu");
    const weights = engine.weights([
      { name: "used", shape: [1], trainable: true, initial: Float32Array.of(2) },
      { name: "unused", shape: [2], trainable: true, initial: Float32Array.of(1, 4) },
    ]);
    const square: StepFunction = {
      name: "loss",
      inputs: {},
      apply: (_, { used }) => ({ loss: tf.sum(tf.square(used ?? 0)) }),
    };
    const trainer = await engine.trainer(square, weights, adam);
    expect(await trainer.gradients({})).toEqual({ used: Float32Array.of(4), unused: Float32Array.of(0, 0) });
    await trainer.step({}, { learningRate: 0.1 });
    expect([...weights.read("unused")]).toEqual([1, 4]);
  });

  test("works on the weights of another engine, which only knows how to read and to write them", async () => {
    const model = mlp();
    const engine = await createEagerEngine("cpu");
    const own = engine.weights(model.weights);
    const foreign: WeightStore = {
      specs: own.specs,
      read: (name) => own.read(name),
      write: (name, values) => own.write(name, values),
      dispose: () => own.dispose(),
    };
    const trainer = await engine.trainer(model.step, foreign, adam);
    for (let step = 0; step < 3; step++) await trainer.step(model.inputs(step), { learningRate: 1e-2 });
    expect(largestDifference(snapshot(own), await trained("cpu", model, 3))).toBe(0);
  });

  test.each([
    [
      "an input of the wrong size",
      { x: new Float32Array(3) },
      'loss takes an input "x" of shape [16, 36], 576 values, but was given 3 values',
    ],
    ["a missing input", {}, 'loss takes an input "x" of shape [16, 36], 576 values, but was given nothing'],
  ])("%s is refused with both sizes", async (_, inputs, message) => {
    const model = mlp();
    const engine = await createEagerEngine("cpu");
    const evaluator = await engine.evaluator(model.step, engine.weights(model.weights));
    await expect(evaluator.run(inputs)).rejects.toThrow(message);
  });

  test("a loss that is not one number is refused with its shape", async () => {
    const model = mlp();
    const engine = await createEagerEngine("cpu");
    const perExample: StepFunction = { ...model.step, apply: ({ x }) => ({ loss: tf.sum(x ?? 0, 1) }) };
    const trainer = await engine.trainer(perExample, engine.weights(model.weights), adam);
    await expect(trainer.step(model.inputs(0), { learningRate: 1e-3 })).rejects.toThrow(
      'loss must return the loss as one number, averaged over the batch, but returned a tensor of shape [16] as "loss"',
    );
  });
});
