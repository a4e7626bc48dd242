import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, test } from "vitest";
import { channelBlock } from "../../../../src/vae/engine/compiled/channelBlock";
import type { Graph } from "../../../../src/vae/engine/compiled/graph";
import { nodesOf } from "../../../../src/vae/engine/compiled/graph";
import { weightName } from "../../../../src/vae/engine/compiled/names";
import { Program, type Arrays } from "../../../../src/vae/engine/compiled/program";
import { simplify } from "../../../../src/vae/engine/compiled/simplify/simplify";
import { traceStep } from "../../../../src/vae/engine/compiled/trace";
import type { StepFunction, Values } from "../../../../src/vae/engine/engine";
import { Choices } from "./random";

/** Convolutions in blocks of channels change how long a step takes and nothing else. */
const r = new Choices(5);
const specs = Object.entries({
  down: [3, 3, 16, 32],
  downBias: [32],
  up: [3, 3, 16, 32],
  upBias: [16],
}).map(([name, shape]) => {
  const initial = r.values(
    shape.reduce((a, b) => a * b, 1),
    -0.3,
    0.3,
  );
  return { name, shape, trainable: true, initial };
});
const shape = [16, 8, 8, 16] as const;
const data = { x: r.values(16 * 8 * 8 * 16, -1, 1) };

const step: StepFunction = {
  name: "loss",
  inputs: { x: shape },
  apply: ({ x }, { down, downBias, up, upBias }) => {
    if (!x || !down || !downBias || !up || !upBias) throw new Error("an input is missing");
    const hidden = tf.relu(tf.add(tf.conv2d(x as tf.Tensor4D, down as tf.Tensor4D, 2, "same"), downBias));
    const wide = tf.conv2dTranspose(hidden as tf.Tensor4D, up as tf.Tensor4D, [...shape], 2, "same");
    return { loss: tf.mean(tf.square(tf.relu(tf.add(wide, upBias)))) };
  },
};

let plain: Graph;
beforeAll(async () => {
  await tf.ready();
  plain = traceStep(step, specs);
});

describe("convolutions in blocks of channels", () => {
  test("give the loss and the gradients that ONNX's own convolutions give", async () => {
    const block = await channelBlock();
    if (block === undefined) return;
    const wanted = await run(simplify(plain));
    const found = await run(simplify(plain, block));
    expect(Object.keys(found)).toHaveLength(5);
    for (const [name, values] of Object.entries(wanted)) {
      const largest = Math.max(...values.map(Math.abs));
      values.forEach((value, i) => {
        expect(Math.abs(value - (found[name]?.[i] ?? NaN)), name).toBeLessThan(1e-5 * largest);
      });
    }
  });

  test.each([
    ["one block of examples", 16, 28, 64],
    ["three blocks of examples, one after the other,", 48, 28, 64],
    ["three blocks of examples at once", 48, 14, 32],
    ["eight blocks of small examples", 128, 8, 64],
    ["more than a cache holds, of small examples,", 256, 16, 64],
  ])("take the filter's gradient from %s", async (_, examples, size, outputs) => {
    const block = await channelBlock();
    if (block === undefined) return;
    const inputs = 16;
    const filter = r.values(9 * inputs * outputs, -0.1, 0.1);
    const one: StepFunction = {
      name: "loss",
      inputs: { x: [examples, size, size, inputs] },
      apply: ({ x }, { filter }) => {
        if (!x || !filter) throw new Error("an input is missing");
        return { loss: tf.mean(tf.square(tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, 2, "same"))) };
      },
    };
    const specs = [{ name: "filter", shape: [3, 3, inputs, outputs], trainable: true, initial: filter }];
    const graph = traceStep(one, specs);
    const x = r.values(examples * size * size * inputs, -1, 1);
    const weights = new Map([[weightName("filter"), filter]]);
    const [wanted, found] = [
      await run(simplify(graph), weights, { x }),
      await run(simplify(graph, block), weights, { x }),
    ];
    for (const [name, numbers] of Object.entries(wanted)) {
      const largest = Math.max(...numbers.map(Math.abs));
      numbers.forEach((value, i) => {
        expect(Math.abs(value - (found[name]?.[i] ?? NaN)), name).toBeLessThan(1e-5 * largest);
      });
    }
  });

  test("replace every one of them, and take in bias and relu", () => {
    const operations = nodesOf(simplify(plain, 8)).flatMap((node) =>
      node.kind === "operation" ? [node] : [],
    );
    const named = (op: string) => operations.filter((node) => node.op.startsWith(op));
    expect(named("Conv").filter(({ op }) => op === "Conv" || op === "ConvTranspose")).toEqual([]);
    expect(named("Relu")).toEqual([]);
    expect(named("Conv").filter(({ attributes }) => attributes.activation === "Relu")).toHaveLength(5);
  });

  test("leave their images in blocks for the gradients of their biases", () => {
    const sums = nodesOf(simplify(plain, 8)).filter(
      (node) => node.kind === "operation" && node.op === "ReduceSum" && node.shape.length > 0,
    );
    // One axis at a time: pixels, then pictures, for the 32 channels between and the 16 at the end.
    expect(sums.map(({ shape }) => shape)).toEqual([[16 * 4, 8], [32], [16 * 2, 8], [16]]);
  });

  test("are left out where nothing is known of the machine: what is exported is ONNX's own", () => {
    const domains = nodesOf(simplify(plain)).filter(
      (node) => node.kind === "operation" && node.op.includes("@"),
    );
    expect(domains).toEqual([]);
  });

  test("use a block size that this machine's vectors have", async () => {
    const block = await channelBlock();
    expect([undefined, 4, 8, 16, 32]).toContain(block);
    // Every x64 processor since 2011 has vectors of eight floats.
    if (process.arch === "x64") expect(block).toBeGreaterThanOrEqual(8);
  });
});

async function run(
  graph: Graph,
  weights: Arrays = new Map(specs.map(({ name, initial }) => [weightName(name), initial])),
  inputs: Values = data,
): Promise<Values> {
  const program = await Program.compile(graph, {
    threads: 2,
    executionProvider: "cpu",
    notice: () => undefined,
  });
  program.bind(weights);
  await program.run(inputs);
  const results = program.results((name) => name);
  await program.dispose();
  return results;
}
