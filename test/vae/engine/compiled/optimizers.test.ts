import { describe, expect, test } from "vitest";
import { createCompiledEngine } from "../../../../src/vae/engine/compiled";
import type { OptimizerSpec, StepFunction, Trainer, WeightStore } from "../../../../src/vae/engine/engine";
import * as tf from "@tensorflow/tfjs";
import { Choices } from "./random";

/**
 * The optimizers against their formulas in double precision. The loss is the sum of weight times input, so that the
 * gradient is the input and each step can be given any gradient.
 */
const shapes = { a: [3, 5], b: [7], c: [] } as const;
const names = Object.keys(shapes) as (keyof typeof shapes)[];
const engine = createCompiledEngine({ threads: 1 });

const step: StepFunction = {
  name: "loss",
  inputs: Object.fromEntries(names.map((name) => [`g${name}`, shapes[name]])),
  apply: (inputs, weights) => {
    const products = names.map((name) => {
      const [gradient, weight] = [inputs[`g${name}`], weights[name]];
      if (!gradient || !weight) throw new Error(`no ${name}`);
      return tf.sum(tf.mul(gradient, weight));
    });
    return { loss: products.reduce((a, b) => tf.add(a, b)) };
  },
};

const size = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);
type Numbers = Record<string, number[]>;

function start(): { weights: WeightStore; initial: Numbers } {
  const r = new Choices(5);
  const specs = names.map((name) => ({
    name,
    shape: shapes[name],
    trainable: true,
    initial: r.values(size(shapes[name])),
  }));
  return {
    weights: engine.weights(specs),
    initial: Object.fromEntries(specs.map(({ name, initial }) => [name, Array.from(initial)])),
  };
}

const gradientsAt = (seed: number): Record<string, Float32Array> => {
  const r = new Choices(seed);
  return Object.fromEntries(names.map((name) => [`g${name}`, r.values(size(shapes[name]))]));
};

/** One weight's rule in plain numbers: what it remembers, and the change for a gradient. */
interface Reference {
  readonly memory: Record<string, number>;
  update(weight: number, g: number, rate: number, t: number): number;
}

function reference(spec: OptimizerSpec): Reference {
  const memory: Record<string, number> = {};
  const get = (name: string): number => memory[name] ?? 0;
  switch (spec.kind) {
    case "adam":
    case "adamw":
      return {
        memory,
        update(weight, g, rate, t) {
          memory.m = spec.beta1 * get("m") + (1 - spec.beta1) * g;
          memory.v = spec.beta2 * get("v") + (1 - spec.beta2) * g * g;
          const m = get("m") / (1 - spec.beta1 ** t);
          const v = get("v") / (1 - spec.beta2 ** t);
          const decayed = spec.kind === "adamw" ? weight * (1 - rate * spec.weightDecay) : weight;
          return decayed - (rate * m) / (Math.sqrt(v) + spec.epsilon);
        },
      };
    case "sgd":
      return {
        memory,
        update(weight, g, rate) {
          memory.v = spec.momentum * get("v") + g;
          return weight - rate * (spec.nesterov ? g + spec.momentum * get("v") : get("v"));
        },
      };
    case "rmsprop":
      return {
        memory,
        update(weight, g, rate) {
          memory.s = spec.decay * get("s") + (1 - spec.decay) * g * g;
          memory.v = spec.momentum * get("v") + (rate * g) / Math.sqrt(get("s") + spec.epsilon);
          return weight - get("v");
        },
      };
  }
}

const specs: readonly OptimizerSpec[] = [
  { kind: "adam", beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
  { kind: "adam", beta1: 0.5, beta2: 0.9, epsilon: 1e-3 },
  { kind: "adamw", beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.1 },
  { kind: "sgd", momentum: 0, nesterov: false },
  { kind: "sgd", momentum: 0.9, nesterov: false },
  { kind: "sgd", momentum: 0.9, nesterov: true },
  { kind: "rmsprop", decay: 0.9, epsilon: 1e-7, momentum: 0 },
  { kind: "rmsprop", decay: 0.9, epsilon: 1e-7, momentum: 0.5 },
];

describe.each(specs)("$kind %j", (spec) => {
  test.each([undefined, 0.5, 1000])(
    "takes the steps of its formula, clipped to norm %s",
    async (clipNorm) => {
      const { weights, initial } = start();
      const trainer = await engine.trainer(step, weights, spec);
      const rules = new Map<string, Reference>();
      for (let t = 1; t <= 50; t++) {
        const gradients = gradientsAt(t);
        const learningRate = 0.01 / t;
        await trainer.step(gradients, clipNorm === undefined ? { learningRate } : { learningRate, clipNorm });
        const squares = Object.values(gradients).reduce(
          (sum, values) => values.reduce((s, g) => s + g * g, sum),
          0,
        );
        const scale = clipNorm === undefined ? 1 : Math.min(1, clipNorm / Math.sqrt(squares));
        for (const name of names)
          initial[name] = (initial[name] ?? []).map((weight, i) => {
            const key = `${name}${i}`;
            const rule = rules.get(key) ?? reference(spec);
            rules.set(key, rule);
            return rule.update(weight, scale * (gradients[`g${name}`]?.[i] ?? 0), learningRate, t);
          });
      }
      for (const name of names) {
        const actual = weights.read(name);
        initial[name]?.forEach((value, i) => expect(actual[i]).toBeCloseTo(value, 4));
      }
      trainer.dispose();
    },
  );
});

/** Numbers below this are denormal: a processor takes a hundred times as long for them. */
const smallestNormal = 2 ** -126;

describe.each(specs)("$kind %j", (spec) => {
  test("forgets a weight that gets no gradient any more, before its memory becomes slow to compute", async () => {
    // The slow decays are left out: they would need a hundred times as many steps.
    const quick = { ...spec, ...("beta2" in spec && { beta2: 0.9 }) };
    const { weights } = start();
    const trainer = await engine.trainer(step, weights, quick);
    await trainer.step(gradientsAt(1), { learningRate: 0.01 });
    const none = Object.fromEntries(names.map((name) => [`g${name}`, new Float32Array(size(shapes[name]))]));
    for (let t = 0; t < 1200; t++) {
      await trainer.step(none, { learningRate: 0.01 });
      for (const [name, values] of Object.entries(trainer.optimizerState()))
        if (name !== "step" && values.some((value) => value !== 0 && Math.abs(value) < smallestNormal))
          expect.fail(`${name} is denormal at step ${t}: ${values.join(", ")}`);
    }
    trainer.dispose();
  });

  test.each([NaN, Infinity])("hides no gradient of %s", async (broken) => {
    const { weights } = start();
    const trainer = await engine.trainer(step, weights, spec);
    const gradients = gradientsAt(1);
    gradients.gb?.fill(broken, 2, 3);
    // The loss itself is not what is looked at here: the weight is.
    await trainer.step(gradients, { learningRate: 0.01 });
    await trainer.step(gradientsAt(2), { learningRate: 0.01 });
    expect(Number.isFinite(weights.read("b")[2] ?? 0)).toBe(false);
    expect(weights.read("a").every(Number.isFinite)).toBe(true);
    trainer.dispose();
  });
});

describe("an optimizer's state", () => {
  const adam: OptimizerSpec = { kind: "adam", beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };
  const steps = async (trainer: Trainer, from: number, to: number): Promise<void> => {
    for (let t = from; t <= to; t++) await trainer.step(gradientsAt(t), { learningRate: 0.01, clipNorm: 1 });
  };

  test("saved and restored continues to the same weights, to the bit", async () => {
    const unbroken = start();
    const whole = await engine.trainer(step, unbroken.weights, adam);
    await steps(whole, 1, 20);

    const first = start();
    const before = await engine.trainer(step, first.weights, adam);
    await steps(before, 1, 10);
    const second = start();
    for (const name of names) second.weights.write(name, first.weights.read(name));
    const after = await engine.trainer(step, second.weights, adam);
    after.restoreOptimizerState(before.optimizerState());
    await steps(after, 11, 20);
    for (const name of names) expect(second.weights.read(name)).toEqual(unbroken.weights.read(name));
  });

  test("of another optimizer is refused", async () => {
    const trainer = await engine.trainer(step, start().weights, adam);
    const other = await engine.trainer(step, start().weights, { kind: "sgd", momentum: 0, nesterov: false });
    expect(() => trainer.restoreOptimizerState(other.optimizerState())).toThrow(
      /"mean\/a" should hold 15 values, got none/,
    );
  });
});
