import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, test } from "vitest";
import { lower } from "../../../../src/vae/engine/compiled/lower";
import { layOut } from "../../../../src/vae/engine/compiled/memory";
import {
  allGradients,
  allWeights,
  gradientName,
  weightName,
} from "../../../../src/vae/engine/compiled/names";
import { packed } from "../../../../src/vae/engine/compiled/packing";
import { simplify } from "../../../../src/vae/engine/compiled/simplify/simplify";
import { traceStep } from "../../../../src/vae/engine/compiled/trace";
import { withUnreadResults, worthLeavingUnread } from "../../../../src/vae/engine/compiled/unreadResults";
import type { WeightSpec } from "../../../../src/vae/engine/engine";
import { denseVae } from "./models";
import { operationsOf, resultsOf } from "./programs";
import { Choices } from "./random";

/** A small model takes its weights as one array and gives its gradients as one: arrays cost it more than arithmetic. */
const model = denseVae({ input: 30, hidden: [13, 5], latent: 3, batch: 8 });
const unused: WeightSpec = { name: "unused", shape: [3], trainable: true, initial: new Float32Array(3) };
const statistic: WeightSpec = {
  name: "statistic",
  shape: [2],
  trainable: false,
  initial: new Float32Array(2),
};
const specs = [...model.specs, unused, statistic];
const layout = layOut(specs);

beforeAll(() => tf.ready());

const plainStep = () => simplify(traceStep(model.step, specs));

describe("a small model's step", () => {
  test("has one input for all weights and one output for all gradients", () => {
    const { inputs, outputs } = packed(plainStep(), layout);
    const names = inputs.map(({ name }) => name);
    expect(names.filter((name) => name === allWeights || name.startsWith("input/"))).toEqual([
      allWeights,
      "input/x",
      "input/noise",
    ]);
    // What is left beside them is what no operation reads.
    expect(names.slice(3)).toEqual(["weight/unused", "weight/statistic"]);
    expect([...outputs.keys()]).toEqual(["output/loss", "output/reconstruction", "output/kl", allGradients]);
  });

  test("has the loss and the gradients that it has with an array for each weight", async () => {
    const data = model.data(new Choices(2));
    const weights = new Float32Array(layout.length);
    const gradients = new Float32Array(layout.trainableLength).fill(NaN);
    const each = new Map<string, Float32Array>();
    for (const { name, initial } of specs) {
      const { offset } = layout.within({ offset: 0, length: 0 }, name);
      weights.set(initial, offset / 4);
      each.set(weightName(name), initial);
    }
    const wanted = await resultsOf(plainStep(), each, data);
    const arrays = new Map([
      [allWeights, weights],
      [allGradients, gradients],
    ]);
    const found = await resultsOf(packed(plainStep(), layout), arrays, data);
    expect(found["output/loss"]).toEqual(wanted["output/loss"]);
    const places = new Set(gradients.keys());
    for (const { name, initial } of specs.filter(({ trainable }) => trainable)) {
      const start = layout.within({ offset: 0, length: 0 }, name).offset / 4;
      expect(gradients.slice(start, start + initial.length), name).toEqual(wanted[gradientName(name)]);
      initial.forEach((_, i) => places.delete(start + i));
    }
    // Between weights there are gaps, which an optimizer runs over: they stay zero.
    expect([...places].map((place) => gradients[place]).every((value) => value === 0)).toBe(true);
  });

  test("takes its weights apart in one operation", () => {
    const { nodes } = lower(packed(plainStep(), layout));
    expect(nodes.filter(({ op }) => op === "Split")).toHaveLength(1);
    expect(nodes.filter(({ op }) => op === "Slice")).toHaveLength(0);
  });

  test("is as it was where copying its weights takes longer than passing them", () => {
    const large = denseVae({ input: 784, hidden: [200], latent: 10, batch: 8 });
    const step = simplify(traceStep(large.step, large.specs));
    expect(packed(step, layOut(large.specs))).toBe(step);
  });

  test("works without any weight that is trained", () => {
    const only = { name: "w", shape: [2], trainable: false, initial: new Float32Array(2) };
    const step = { ...model.step, inputs: { x: [2] } };
    const loss = simplify(
      traceStep({ ...step, apply: ({ x }, { w }) => ({ loss: tf.sum(tf.mul(x ?? 0, w ?? 0)) }) }, [only]),
    );
    expect(operationsOf(packed(loss, layOut([only])))).toEqual(operationsOf(loss));
  });
});

test("results are left unread where reading them takes longer than the error that ends it", () => {
  const outputsOf = (...shapes: (readonly number[])[]) => ({
    nodes: [],
    constants: [],
    inputs: [],
    outputs: shapes.map((shape, i) => ({ name: `y${i}`, type: "float32" as const, shape })),
    opset: 18,
  });
  expect(worthLeavingUnread(outputsOf([], [], [20], [7_000]))).toBe(false);
  expect(worthLeavingUnread(outputsOf([784, 400]))).toBe(true);
  expect(worthLeavingUnread(outputsOf(...Array.from({ length: 40 }, () => [1])))).toBe(true);
  expect(withUnreadResults(outputsOf([2])).outputs).toHaveLength(2);
});
