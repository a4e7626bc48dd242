import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, test } from "vitest";
import { createCompiledEngine } from "../../../../src/vae/engine/compiled";
import type { Arrangement } from "../../../../src/vae/engine/compiled/arrangement";
import { arrangementOf } from "../../../../src/vae/engine/compiled/arrangement";
import { channelBlock } from "../../../../src/vae/engine/compiled/channelBlock";
import type { Graph } from "../../../../src/vae/engine/compiled/graph";
import { nodesOf, sizeOf } from "../../../../src/vae/engine/compiled/graph";
import { gradientName, weightName } from "../../../../src/vae/engine/compiled/names";
import { simplify } from "../../../../src/vae/engine/compiled/simplify/simplify";
import { traceStep } from "../../../../src/vae/engine/compiled/trace";
import { CompiledWeights } from "../../../../src/vae/engine/compiled/weights";
import type { TensorFunction, Values } from "../../../../src/vae/engine/engine";
import type { TestModel } from "./models";
import { denseVae } from "./models";
import { operationsOf, resultsOf } from "./programs";
import { Choices } from "./random";

/** Large weights lie in blocks of columns, and their products take another kernel; nothing else is to be seen of it. */
const vae = (batch: number): TestModel => denseVae({ input: 288, hidden: [256, 272], latent: 6, batch });
const model = vae(16);
const large = ["down0", "down1", "up1", "up2"];
const plain = (of: TestModel): Graph => simplify(traceStep(of.step, of.specs));
const inBlocks = (of: TestModel, arrangement: Arrangement): Graph =>
  simplify(traceStep(of.step, of.specs), arrangement.block, arrangement);
const adam = { kind: "adam", beta1: 0.9, beta2: 0.999, epsilon: 1e-8 } as const;

beforeAll(() => tf.ready());

/** Where the numbers of a matrix by rows lie when its columns are in blocks. */
const placesInBlocks = (count: number, columns: number, block: number): readonly number[] =>
  Array.from({ length: count }, (_, at) => {
    const [row, column] = [Math.floor(at / columns), at % columns];
    return (column - (column % block)) * (count / columns) + row * block + (column % block);
  });

function columnsInBlocks(values: Float32Array, columns: number, block: number): Float32Array {
  const places = placesInBlocks(values.length, columns, block);
  const result = new Float32Array(values.length);
  values.forEach((value, at) => (result[places[at] ?? -1] = value));
  return result;
}

const columnsInRows = (values: Float32Array, columns: number, block: number): Float32Array =>
  Float32Array.from(placesInBlocks(values.length, columns, block), (place) => values[place] ?? NaN);

/** Every output of the step by its name, weights and gradients as rows. */
async function run(of: TestModel, graph: Graph, arrangement?: Arrangement): Promise<Values> {
  const place = (name: string, values: Float32Array, columns: number): Float32Array =>
    arrangement?.names.has(name) ? columnsInBlocks(values, columns, arrangement.block) : values;
  const weights = new Map(
    of.specs.map(({ name, shape, initial }) => [weightName(name), place(name, initial, shape.at(-1) ?? 1)]),
  );
  const results: Record<string, Float32Array> = {
    ...(await resultsOf(graph, weights, of.data(new Choices(7)))),
  };
  for (const { name, shape } of of.specs) {
    const gradient = results[gradientName(name)];
    if (gradient && arrangement?.names.has(name))
      results[gradientName(name)] = columnsInRows(gradient, shape.at(-1) ?? 1, arrangement.block);
  }
  return results;
}

function expectClose(found: Values, wanted: Values, tolerance = 1e-5): void {
  expect(Object.keys(found)).toEqual(Object.keys(wanted));
  for (const [name, values] of Object.entries(wanted)) {
    const largest = Math.max(...values.map(Math.abs));
    expect(
      farthest(found[name], (i) => values[i]),
      name,
    ).toBeLessThan(tolerance * largest);
  }
}

/** To the bit; vitest's own comparison takes seconds for so many numbers. */
const isSame = (a: Float32Array, b: Float32Array): boolean =>
  a.length === b.length && a.every((value, i) => Object.is(value, b[i]));

/** How far values are from what they should be, at most. */
const farthest = (values: Float32Array | undefined, wanted: (i: number) => number | undefined): number =>
  values?.reduce((most, value, i) => Math.max(most, Math.abs(value - (wanted(i) ?? NaN))), 0) ?? NaN;

describe("products with weights in blocks", () => {
  test.each([
    ["a batch of whole blocks", vae(16), large],
    ["a batch of no whole blocks", vae(11), large],
    [
      "gradients that two layers add to",
      denseVae({ input: 24, hidden: [256], latent: 272, batch: 16 }),
      ["logVariance", "mean", "up0"],
    ],
  ])("give the loss and the gradients that Gemm gives: %s", async (_, of, names) => {
    const block = await channelBlock();
    if (block === undefined) return;
    const arrangement = arrangementOf(of.specs, block);
    expect([...arrangement.names].sort()).toEqual(names);
    expectClose(await run(of, inBlocks(of, arrangement), arrangement), await run(of, plain(of)));
  });

  test("are used for all of them, with their bias and relu, and never put weights into another order", () => {
    const arrangement = arrangementOf(model.specs, 8);
    const graph = inBlocks(model, arrangement);
    const nodes = nodesOf(graph).flatMap((node) => (node.kind === "operation" ? [node] : []));
    const products = nodes.filter(({ op }) => op.startsWith("Conv@"));
    // Four layers forwards and for their weights, and all but the first for what came before it.
    expect(products).toHaveLength(4 + 4 + 3);
    expect(products.filter(({ inputs }) => inputs.length === 3)).toHaveLength(4);
    expect(products.filter(({ attributes }) => attributes.activation === "Relu")).toHaveLength(3);
    const moved = nodes.filter(({ op }) => op.startsWith("Reorder")).map(({ shape }) => sizeOf(shape));
    expect(Math.max(...moved)).toBe(16 * 288);
  });

  test("are left out of what is exported", () => {
    expect(operationsOf(plain(model)).filter((op) => op.includes("@"))).toEqual([]);
  });
});

describe("weights in blocks", () => {
  test("are the large matrices that are trained and are made of whole blocks", () => {
    const spec = (name: string, shape: readonly number[], trainable = true) => ({
      name,
      shape,
      trainable,
      initial: new Float32Array(sizeOf(shape)),
    });
    const specs = [
      spec("large", [512, 256]),
      spec("small", [16, 16]),
      spec("odd", [784, 401]),
      spec("fixed", [512, 256], false),
      spec("filter", [3, 3, 128, 128]),
    ];
    expect([...arrangementOf(specs, 8).names]).toEqual(["large"]);
    expect([...arrangementOf(specs, undefined).names]).toEqual([]);
  });

  test.each([8, 16])("have the columns of one block side by side, block of %i", (block) => {
    const weights = new CompiledWeights(model.specs);
    const initial = weights.read("down0");
    weights.arrange(block);
    expect(isSame(weights.view("down0"), columnsInBlocks(initial, 256, block))).toBe(true);
    expect(isSame(weights.read("down0"), initial)).toBe(true);
  });

  test("are read and written as rows, before and after they were put into blocks", () => {
    const weights = new CompiledWeights(model.specs);
    const initial = weights.read("down0");
    weights.arrange(8);
    expect(isSame(weights.view("down0"), initial)).toBe(false);
    expect(isSame(weights.read("down0"), initial)).toBe(true);
    const reversed = initial.toReversed();
    weights.write("down0", reversed);
    expect(isSame(weights.read("down0"), reversed)).toBe(true);
    // Where they lie is decided once: programs rely on it.
    expect(weights.arrange(undefined).names.has("down0")).toBe(true);
    expect(isSame(weights.read("down0"), reversed)).toBe(true);
  });

  test("follow their gradients, and so does what the optimizer remembers, by rows", async () => {
    const engine = createCompiledEngine({ threads: 1 });
    const weights = engine.weights(model.specs);
    const trainer = await engine.trainer(model.step, weights, adam);
    const data = model.data(new Choices(3));
    const gradients = await trainer.gradients(data);
    await trainer.step(data, { learningRate: 1e-3 });
    const state = trainer.optimizerState();
    for (const { name, initial } of model.specs) {
      const g = gradients[name] ?? new Float32Array();
      const [mean, moved] = [state[`mean/${name}`], weights.read(name)];
      expect(
        farthest(mean, (i) => 0.1 * (g[i] ?? NaN)),
        name,
      ).toBeLessThan(1e-6);
      // Adam's first step is the learning rate, against the gradient's sign.
      const first = (i: number): number =>
        (initial[i] ?? NaN) - (1e-3 * (g[i] ?? NaN)) / (Math.abs(g[i] ?? NaN) + 1e-8);
      expect(farthest(moved, first), name).toBeLessThan(1e-6);
    }
    const another = await engine.trainer(model.step, weights, adam);
    another.restoreOptimizerState(state);
    const restored = another.optimizerState();
    expect(Object.keys(restored)).toEqual(Object.keys(state));
    for (const [name, values] of Object.entries(state))
      expect(isSame(restored[name] ?? new Float32Array(), values), name).toBe(true);
  });

  test("mean the same to functions that use them in other ways", async () => {
    const engine = createCompiledEngine({ threads: 1 });
    const weights = engine.weights(model.specs);
    const fn: TensorFunction = {
      name: "encode",
      inputs: {},
      apply: (_, { down0 }) => ({
        sums: tf.sum(tf.square(down0 ?? 0), 0),
        turned: tf.transpose(down0 ?? tf.scalar(0)),
      }),
    };
    const { sums, turned } = await (await engine.evaluator(fn, weights)).run({});
    const w = tf.tensor2d(weights.read("down0"), [288, 256]);
    expectClose(
      { sums: sums ?? new Float32Array(), turned: turned ?? new Float32Array() },
      {
        sums: tf.sum(tf.square(w), 0).dataSync() as Float32Array,
        turned: tf.transpose(w).dataSync() as Float32Array,
      },
    );
  });
});
