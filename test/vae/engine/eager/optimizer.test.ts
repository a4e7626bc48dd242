import * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import { clipGlobalNorm, Optimizer } from "../../../../src/vae/engine/eager/optimizer";
import type { OptimizerSpec } from "../../../../src/vae/engine/engine";

const gradients = [
  [0.5, -2, 1e-3],
  [1, 0, -1e-3],
  [-0.25, 4, 2e-3],
  [3, -0.5, 0],
  [0.1, 0.1, 0.1],
];
const start = [1, -0.5, 0.25];

function train(spec: OptimizerSpec, steps = gradients): number[] {
  const optimizer = new Optimizer(spec, [{ name: "w", size: 3 }]);
  const w = Float32Array.from(start);
  for (const gradient of steps)
    optimizer.apply(new Map([["w", w]]), new Map([["w", Float32Array.from(gradient)]]), 0.1);
  return [...w];
}

const close = (actual: readonly number[], expected: readonly number[]) => {
  expect(actual.length).toBe(expected.length);
  actual.forEach((value, index) => expect(value).toBeCloseTo(expected[index] ?? NaN, 5));
};

const adam = { kind: "adam", beta1: 0.9, beta2: 0.999, epsilon: 1e-8 } as const;

/** Computed with torch.optim of PyTorch 2.13 in float64: these gradients, this start, learning rate 0.1. */
const pytorch: readonly [string, OptimizerSpec, number[]][] = [
  ["Adam", adam, [0.6110525479180298, -0.4073611550048123, 0.009251341449545328]],
  [
    "Adam with other betas and a large epsilon",
    { kind: "adam", beta1: 0.5, beta2: 0.9, epsilon: 0.1 },
    [0.6469755937126201, -0.4783199970481347, 0.21320165213340106],
  ],
  [
    "AdamW",
    { ...adam, kind: "adamw", weightDecay: 0.3 },
    [0.495309036949178, -0.3514041188458627, -0.010885189825625176],
  ],
  ["SGD", { kind: "sgd", momentum: 0, nesterov: false }, [0.565, -0.66, 0.2398]],
  ["SGD with momentum", { kind: "sgd", momentum: 0.9, nesterov: false }, [-0.060905, -0.67998, 0.23939239]],
  [
    "SGD with Nesterov's momentum",
    { kind: "sgd", momentum: 0.9, nesterov: true },
    [-0.3898145, -0.821982, 0.230253151],
  ],
];

test.each(pytorch)("%s takes five steps to where PyTorch's goes", (_, spec, expected) => {
  close(train(spec), expected);
});

test.each([0, 0.8])(
  "RMSProp with momentum %d takes five steps to where tfjs's own optimizer goes",
  (momentum) => {
    const w = tf.variable(tf.tensor1d(start));
    const theirs = tf.train.rmsprop(0.1, 0.9, momentum, 1e-6);
    for (const gradient of gradients)
      theirs.applyGradients([{ name: w.name, tensor: tf.tensor1d(gradient) }]);
    close(train({ kind: "rmsprop", decay: 0.9, epsilon: 1e-6, momentum }), Array.from(w.dataSync()));
  },
);

test("Adam's first step moves every weight by the learning rate, however large its gradient", () => {
  close(train(adam, [[1e-3, -50, 4]]), [0.9, -0.4, 0.15]);
});

test("AdamW's decay does not pass through the gradient: with none, weights shrink by (1 - rate * decay) per step", () => {
  const still = Array.from({ length: 4 }, () => [0, 0, 0]);
  const shrink = (1 - 0.1 * 0.3) ** 4;
  close(
    train({ ...adam, kind: "adamw", weightDecay: 0.3 }, still),
    start.map((w) => w * shrink),
  );
});

describe("optimizer state", () => {
  test.each(pytorch)(
    "of %s, restored into a fresh optimizer, continues as if it had not stopped",
    (_, spec, expected) => {
      const w = Float32Array.from(start);
      let optimizer = new Optimizer(spec, [{ name: "w", size: 3 }]);
      for (const gradient of gradients) {
        const state = optimizer.state();
        optimizer = new Optimizer(spec, [{ name: "w", size: 3 }]);
        optimizer.restore(state);
        optimizer.apply(new Map([["w", w]]), new Map([["w", Float32Array.from(gradient)]]), 0.1);
      }
      close([...w], expected);
    },
  );

  test("of another model is refused, and nothing is restored", () => {
    const optimizer = new Optimizer(adam, [{ name: "w", size: 3 }]);
    const other = new Optimizer(adam, [{ name: "w", size: 2 }]);
    expect(() => optimizer.restore(other.state())).toThrow(
      'has 2 values for "mean/w", where 3 values are needed',
    );
    expect(() => optimizer.restore({ step: Float32Array.of(9) })).toThrow('has nothing for "mean/w"');
    expect(optimizer.state().step).toEqual(Float32Array.of(0));
  });
});

describe("clipping by the global norm", () => {
  test("scales all gradients together to that norm, and keeps their direction", () => {
    const a = Float32Array.of(3, 0);
    const b = Float32Array.of(0, 4, 0);
    clipGlobalNorm([a, b], 1);
    close([...a, ...b], [0.6, 0, 0, 0.8, 0]);
  });

  test("leaves smaller gradients alone", () => {
    const a = Float32Array.of(3, 4);
    clipGlobalNorm([a], 5.1);
    expect([...a]).toEqual([3, 4]);
  });
});
