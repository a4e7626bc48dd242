import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { createCompiledEngine } from "../../../../src/vae/engine/compiled";
import { rules } from "../../../../src/vae/engine/compiled/rules/table";
import type { RuleTable } from "../../../../src/vae/engine/compiled/rules/rule";
import { correctGradients } from "../../../../src/vae/engine/gradients";
import type { StepFunction, Tensors } from "../../../../src/vae/engine/engine";
import type { OperationCase } from "./cases";
import { cases } from "./cases";
import { Choices } from "./random";

/**
 * Every operation that can be compiled, against tfjs's own cpu backend: the same inputs, the same result, and the same
 * gradient of a random projection of the result.
 */
const draws = Number(process.env.VAENB_DRAWS ?? 4);
const engine = createCompiledEngine({ threads: 1 });

/** The rules that were used: none may be left out. */
const used = vi.hoisted(() => new Set<string>());
vi.mock(import("../../../../src/vae/engine/compiled/rules/table"), async (original) => {
  const { rules } = await original();
  const spied: RuleTable = Object.fromEntries(
    Object.entries(rules).map(([name, rule]) => [name, (...call) => (used.add(name), rule(...call))]),
  );
  return { rules: spied };
});

beforeAll(async () => {
  // Those that tfjs lacks are compared with finite differences elsewhere (../eager/operations.test.ts).
  correctGradients();
  await tf.setBackend("cpu");
});

describe.each(Object.entries(cases))("%s", (_name, draw) => {
  test("gives what tfjs gives, forwards and backwards", async () => {
    for (let seed = 1; seed <= draws; seed++) {
      const r = new Choices(seed * 7919);
      await agree(draw(r), r, seed);
    }
  });
});

describe("the table of rules", () => {
  test("holds no rule that the cases above leave out", () => {
    expect(Object.keys(rules).filter((name) => !used.has(name))).toEqual([]);
  });
});

async function agree(operation: OperationCase, r: Choices, seed: number): Promise<void> {
  const specs = Object.entries(operation.inputs).map(([name, { shape, low, high }]) => ({
    name,
    shape,
    trainable: true,
    initial: r.values(size(shape), low, high),
  }));
  const projections = new Map<number, Float32Array>();
  const step: StepFunction = {
    name: "case",
    inputs: {},
    apply: (_inputs, weights) => {
      const result = operation.apply(weights);
      const outputs = (Array.isArray(result) ? result : [result]).map((y) => tf.cast(y, "float32"));
      const losses = outputs.map((y, i) => {
        const projection = projections.get(i) ?? r.values(y.size);
        projections.set(i, projection);
        return tf.sum(tf.mul(y, tf.tensor(projection, y.shape)));
      });
      const loss = losses.reduce((a, b) => tf.add(a, b));
      return Object.fromEntries([["loss", loss], ...outputs.map((y, i) => [`y${i}`, y] as const)]);
    },
  };
  const expected = eager(step, specs, operation.forwardOnly === true, operation.differences === true);
  const weights = engine.weights(specs);
  const described = `seed ${seed}, ${JSON.stringify(operation.inputs)}`;
  const tolerance = operation.tolerance ?? (operation.differences ? 1e-3 : 1e-5);
  if (operation.forwardOnly) {
    const evaluator = await engine.evaluator(step, weights);
    const actual = await evaluator.run({});
    for (const name of Object.keys(expected.outputs))
      close(actual[name], expected.outputs[name], tolerance, `${name}, ${described}`);
    evaluator.dispose();
    return;
  }
  const trainer = await engine.trainer(step, weights, { kind: "sgd", momentum: 0, nesterov: false });
  const gradients = await trainer.gradients({});
  const outputs = await trainer.step({}, { learningRate: 0 });
  for (const name of Object.keys(expected.outputs))
    close(outputs[name], expected.outputs[name], tolerance, `${name}, ${described}`);
  for (const { name } of specs)
    close(gradients[name], expected.gradients[name], tolerance, `gradient of ${name}, ${described}`);
  trainer.dispose();
}

interface Spec {
  readonly name: string;
  readonly shape: readonly number[];
  readonly initial: Float32Array;
}

interface Results {
  readonly outputs: Readonly<Record<string, Float32Array>>;
  readonly gradients: Readonly<Record<string, Float32Array>>;
}

function eager(
  step: StepFunction,
  specs: readonly Spec[],
  forwardOnly: boolean,
  byDifferences: boolean,
): Results {
  const outputs: Record<string, Float32Array> = {};
  const gradients: Record<string, Float32Array> = {};
  tf.tidy(() => {
    const tensors = specs.map(({ shape, initial }) => tf.tensor(initial, [...shape]));
    const named: Tensors = Object.fromEntries(specs.map(({ name }, i) => [name, tensors[i] ?? tf.scalar(0)]));
    const forward = (): tf.Scalar => {
      const results = step.apply({}, named);
      for (const [name, y] of Object.entries(results)) outputs[name] = Float32Array.from(y.dataSync());
      return tf.reshape(results.loss ?? tf.scalar(0), []);
    };
    if (forwardOnly) return void forward();
    if (byDifferences) {
      forward();
      return void specs.forEach((spec) => (gradients[spec.name] = differences(step, specs, spec.name)));
    }
    const { grads } = tf.engine().gradients(forward, tensors, undefined, true);
    specs.forEach(({ name, initial }, i) => {
      const gradient: tf.Tensor | undefined = grads[i];
      gradients[name] = gradient ? Float32Array.from(gradient.dataSync()) : new Float32Array(initial.length);
    });
  });
  return { outputs, gradients };
}

/** Central differences of the loss; exact up to rounding for operations that are linear in each input. */
function differences(step: StepFunction, specs: readonly Spec[], name: string): Float32Array {
  const at = (moved: Float32Array): number =>
    tf.tidy(() => {
      const named = specs.map(
        (spec) => [spec.name, tf.tensor(spec.name === name ? moved : spec.initial, [...spec.shape])] as const,
      );
      return step.apply({}, Object.fromEntries(named)).loss?.dataSync()[0] ?? NaN;
    });
  const initial = specs.find((spec) => spec.name === name)?.initial ?? new Float32Array();
  const distance = 0.5;
  return initial.map(
    (value, i) =>
      (at(initial.with(i, value + distance)) - at(initial.with(i, value - distance))) / (2 * distance),
  );
}

const size = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

/** Equal up to rounding, relative to the largest value of the tensor. */
function close(
  actual: Float32Array | undefined,
  expected: Float32Array | undefined,
  tolerance: number,
  what: string,
): void {
  expect(actual?.length, what).toBe(expected?.length);
  const scale = (expected ?? new Float32Array()).reduce(
    (most, value) => (Number.isFinite(value) ? Math.max(most, Math.abs(value)) : most),
    1,
  );
  expected?.forEach((value, i) => {
    const got = actual?.[i] ?? NaN;
    const same = Object.is(got, value) || got === value || Math.abs(got - value) <= tolerance * scale;
    if (!same) expect.fail(`${what}: element ${i} is ${got}, tfjs has ${value}`);
  });
}
