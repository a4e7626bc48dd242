import { execFileSync } from "node:child_process";
import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, test } from "vitest";
import {
  createCompiledEngine,
  RandomOperationError,
  UntraceableError,
} from "../../../../src/vae/engine/compiled";
import { CompiledWeights } from "../../../../src/vae/engine/compiled/weights";
import type {
  OptimizerSpec,
  StepFunction,
  TensorFunction,
  Tensors,
  WeightSpec,
} from "../../../../src/vae/engine/engine";
import { convolutionalVae, denseVae } from "./models";
import { Choices } from "./random";

const engine = createCompiledEngine({ threads: 1 });
const sgd: OptimizerSpec = { kind: "sgd", momentum: 0, nesterov: false };

beforeAll(async () => {
  await tf.setBackend("cpu");
});

const named = (tensors: Readonly<Record<string, tf.Tensor>>, name: string): tf.Tensor => {
  const tensor = tensors[name];
  if (!tensor) throw new Error(`no tensor "${name}"`);
  return tensor;
};

const weight = (name: string, shape: readonly number[], values: readonly number[]): WeightSpec => ({
  name,
  shape,
  trainable: true,
  initial: Float32Array.from(values),
});

const doubling: TensorFunction = {
  name: "encode",
  inputs: { x: [2, 2] },
  apply: (inputs, weights) => ({ y: tf.mul(named(inputs, "x"), named(weights, "w")) }),
};

describe("an evaluator", () => {
  test("computes what the function says, with the weights as they are now", async () => {
    const weights = engine.weights([weight("w", [], [2])]);
    const evaluator = await engine.evaluator(doubling, weights);
    const x = Float32Array.of(1, 2, 3, 4);
    expect((await evaluator.run({ x })).y).toEqual(Float32Array.of(2, 4, 6, 8));
    weights.write("w", Float32Array.of(-1));
    expect((await evaluator.run({ x })).y).toEqual(Float32Array.of(-1, -2, -3, -4));
  });

  test("answers also when its memory grows between the question and the answer", async () => {
    const weights = engine.weights([weight("w", [], [2])]);
    if (!(weights instanceof CompiledWeights)) throw new Error("the compiled engine has weights of its own");
    const evaluator = await engine.evaluator(doubling, weights);
    const asked = evaluator.run({ x: Float32Array.of(1, 2, 3, 4) });
    // Behind the call of ONNX Runtime, and before it looks at its inputs: a training begins then.
    for (let turn = 0; turn < 10; turn++) await Promise.resolve();
    weights.arena.allocate(1_000_000);
    expect((await asked).y).toEqual(Float32Array.of(2, 4, 6, 8));
  });

  test("answers several questions asked at once, each with its own", async () => {
    const evaluator = await engine.evaluator(doubling, engine.weights([weight("w", [], [10])]));
    const answers = await Promise.all(
      [1, 2, 3].map((v) => evaluator.run({ x: new Float32Array(4).fill(v) })),
    );
    expect(answers.map(({ y }) => y?.[0])).toEqual([10, 20, 30]);
  });

  test("says what is wrong with its inputs", async () => {
    const evaluator = await engine.evaluator(doubling, engine.weights([weight("w", [], [1])]));
    await expect(evaluator.run({ x: new Float32Array(3) })).rejects.toThrow(
      'encode: input "x" of shape [2, 2] needs 4 values, got 3',
    );
    await expect(evaluator.run({})).rejects.toThrow('encode needs an input "x" of shape [2, 2]');
  });

  test("leaves tensors from outside as they were, on their own backend's values", async () => {
    const outside = tf.tensor2d([
      [1, 2],
      [3, 4],
    ]);
    const view = outside.reshape([4]);
    const fn: TensorFunction = {
      ...doubling,
      apply: (inputs) => ({ y: tf.add(named(inputs, "x"), outside), z: tf.mul(view, 2) }),
    };
    const evaluator = await engine.evaluator(fn, engine.weights([]));
    const { y, z } = await evaluator.run({ x: Float32Array.of(1, 1, 1, 1) });
    expect(y).toEqual(Float32Array.of(2, 3, 4, 5));
    expect(z).toEqual(Float32Array.of(2, 4, 6, 8));
    expect(Array.from(outside.dataSync())).toEqual([1, 2, 3, 4]);
    expect(tf.getBackend()).toBe("cpu");
    expect(Array.from(tf.add(view, 1).dataSync())).toEqual([2, 3, 4, 5]);
  });
});

describe("a function that cannot be compiled", () => {
  const compiled = (apply: TensorFunction["apply"]): Promise<unknown> =>
    engine.evaluator({ name: "encode", inputs: { x: [2, 3] }, apply }, engine.weights([]));

  test("is named, with the operation that has no rule", async () => {
    const failure = compiled((inputs) => ({ y: tf.unique(named(inputs, "x")).values }));
    await expect(failure).rejects.toThrow(UntraceableError);
    await expect(failure).rejects.toMatchObject({ functionName: "encode", operation: "Unique" });
    await expect(failure).rejects.toThrow(/encode.*Unique/);
  });

  test("because it looks at values is told what to do", async () => {
    const failure = compiled((inputs) => ({ y: tf.scalar(named(inputs, "x").dataSync()[0] ?? 0) }));
    await expect(failure).rejects.toThrow(
      /encode cannot be compiled: it reads the values of a tensor.*tf\.where/,
    );
  });

  test("because it draws random numbers is pointed to the noise argument", async () => {
    for (const draw of [
      () => tf.randomNormal([2, 3]),
      () => tf.dropout(tf.ones([2, 3]), 0.5),
      () => tf.scalar(Math.random()),
    ]) {
      const failure = compiled((inputs) => ({ y: tf.add(named(inputs, "x"), draw()) }));
      await expect(failure).rejects.toThrow(RandomOperationError);
      await expect(failure).rejects.toThrow(/encode draws random numbers.*noise/);
    }
  });

  test("because its shapes do not fit says so, with its name", async () => {
    const square = (x: tf.Tensor): tf.Tensor => tf.matMul(x, x);
    await expect(compiled((inputs) => ({ y: square(named(inputs, "x")) }))).rejects.toThrow(
      "encode: BatchMatMul: the inner sizes of a matrix product must be equal, but of [2, 3] and [2, 3] they are 3 and 2",
    );
    await expect(compiled((inputs) => ({ y: tf.add(named(inputs, "x"), tf.ones([2])) }))).rejects.toThrow(
      "encode: Add: shapes [2, 3] and [2] do not broadcast",
    );
    await expect(compiled((inputs) => ({ y: tf.reshape(named(inputs, "x"), [4]) }))).rejects.toThrow(
      "encode: Reshape: a tensor of shape [2, 3] cannot be reshaped to [4]",
    );
    await expect(
      compiled((inputs) => ({ y: tf.concat([named(inputs, "x"), tf.ones([3, 2])], 0) })),
    ).rejects.toThrow(/encode: Concat: shapes \[2, 3\] and \[3, 2\] cannot be joined/);
  });

  test("leaves tfjs as it was", async () => {
    const random = Math.random;
    const failure = compiled(() => {
      throw new Error("a mistake of its own");
    });
    await expect(failure).rejects.toThrow("a mistake of its own");
    expect(tf.getBackend()).toBe("cpu");
    expect(Math.random).toBe(random);
  });

  test("may use seeded random numbers: they are the same in every step", async () => {
    const evaluator = await engine.evaluator(
      { name: "encode", inputs: {}, apply: () => ({ y: tf.randomNormal([5], 0, 1, "float32", 3) }) },
      engine.weights([]),
    );
    expect((await evaluator.run({})).y).toEqual(tf.randomNormal([5], 0, 1, "float32", 3).dataSync());
  });
});

describe("a training step", () => {
  test("without a scalar loss says what it got", async () => {
    const fn: StepFunction = { ...doubling, name: "loss" };
    const weights = engine.weights([weight("w", [], [1])]);
    await expect(engine.trainer(fn, weights, sgd)).rejects.toThrow(
      'loss must return a tensor named "loss", got y',
    );
    const vector: StepFunction = { ...fn, apply: (inputs) => ({ loss: named(inputs, "x") }) };
    await expect(engine.trainer(vector, weights, sgd)).rejects.toThrow(
      "loss's loss must be a scalar, got shape [2, 2]",
    );
  });

  test("moves running statistics and gives unused weights a zero gradient", async () => {
    const specs: WeightSpec[] = [
      weight("w", [2], [1, 2]),
      weight("unused", [2], [5, 6]),
      { ...weight("mean", [2], [0, 0]), trainable: false },
    ];
    const fn: StepFunction = {
      name: "loss",
      inputs: { x: [2] },
      updates: { mean: "nextMean" },
      apply: (inputs, weights) => {
        const product = tf.mul(named(inputs, "x"), named(weights, "w"));
        return {
          loss: tf.sum(product),
          nextMean: tf.add(named(weights, "mean"), named(inputs, "x")),
          product,
        };
      },
    };
    const weights = engine.weights(specs);
    const trainer = await engine.trainer(fn, weights, sgd);
    const x = Float32Array.of(3, 4);
    const outputs = await trainer.step({ x }, { learningRate: 0.1 });
    expect(outputs).toEqual({ loss: Float32Array.of(11), product: Float32Array.of(3, 8) });
    await trainer.step({ x }, { learningRate: 0.1 });
    expect(weights.read("mean")).toEqual(Float32Array.of(6, 8));
    expect(weights.read("unused")).toEqual(Float32Array.of(5, 6));
    expect(weights.read("w")[0]).toBeCloseTo(1 - 0.6, 6);
    expect(await trainer.gradients({ x })).toEqual({ w: x, unused: new Float32Array(2) });
  });

  test("goes on after its weights' memory has grown", async () => {
    const model = denseVae({ input: 20, hidden: [8], latent: 2, batch: 4 });
    const weights = engine.weights(model.specs);
    const data = model.data(new Choices(1));
    const first = await engine.trainer(model.step, weights, sgd);
    const before = await first.gradients(data);
    const others = await Promise.all(
      Array.from({ length: 6 }, () =>
        engine.trainer(model.step, weights, { kind: "adam", beta1: 0.9, beta2: 0.999, epsilon: 1e-8 }),
      ),
    );
    expect(await first.gradients(data)).toEqual(before);
    for (const trainer of others) trainer.dispose();
  });

  test("makes no copies of its gradients", async () => {
    const specs = [weight("w", [1000, 1000], new Array<number>(1_000_000).fill(1))];
    const fn: StepFunction = {
      name: "loss",
      inputs: {},
      apply: (_, weights) => ({ loss: tf.sum(tf.square(named(weights, "w"))) }),
    };
    const trainer = await engine.trainer(fn, engine.weights(specs), sgd);
    const before = process.memoryUsage().arrayBuffers;
    for (let step = 0; step < 5; step++) await trainer.step({}, { learningRate: 0.25 });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(4_000_000);
  });

  test("leaves no tensors behind", async () => {
    const before = tf.memory();
    const model = denseVae({ input: 20, hidden: [8], latent: 2, batch: 4 });
    const weights = engine.weights(model.specs);
    const trainer = await engine.trainer(model.step, weights, sgd);
    for (let i = 0; i < 10; i++) await trainer.step(model.data(new Choices(i)), { learningRate: 0.01 });
    trainer.dispose();
    weights.dispose();
    expect({ tensors: tf.memory().numTensors, buffers: tf.memory().numDataBuffers }).toEqual({
      tensors: before.numTensors,
      buffers: before.numDataBuffers,
    });
  });
});

describe.each([
  ["the dense VAE", denseVae({ input: 30, hidden: [16, 12], latent: 3, batch: 8 })],
  ["the convolutional VAE", convolutionalVae({ size: 8, channels: [8, 16], dense: 6, latent: 2, batch: 3 })],
  [
    "a convolutional VAE of an odd size",
    convolutionalVae({ size: 7, channels: [3, 5], dense: 6, latent: 2, batch: 2 }),
  ],
])("%s", (_name, model) => {
  test("has the gradients that tfjs's cpu backend computes", async () => {
    const data = model.data(new Choices(3));
    const trainer = await engine.trainer(model.step, engine.weights(model.specs), sgd);
    const actual = await trainer.gradients(data);
    tf.tidy(() => {
      const tensors = model.specs.map(({ shape, initial }) => tf.tensor(initial, [...shape]));
      const weights: Tensors = Object.fromEntries(
        model.specs.map(({ name }, i) => [name, tensors[i] ?? tf.scalar(0)]),
      );
      const inputs = Object.fromEntries(
        Object.entries(model.step.inputs).map(([name, shape]) => [
          name,
          tf.tensor(data[name] ?? [], [...shape]),
        ]),
      );
      const { grads } = tf
        .engine()
        .gradients(() => named(model.step.apply(inputs, weights), "loss"), tensors);
      model.specs.forEach(({ name }, i) => {
        const expected = Float32Array.from(grads[i]?.dataSync() ?? []);
        const scale = expected.reduce((most, g) => Math.max(most, Math.abs(g)), 1e-3);
        expected.forEach((g, j) =>
          expect(Math.abs((actual[name]?.[j] ?? NaN) - g), `${name}[${j}]`).toBeLessThan(1e-4 * scale),
        );
      });
    });
  });

  test("has the gradients that finite differences show", async () => {
    const data = model.data(new Choices(4));
    const weights = engine.weights(model.specs);
    const trainer = await engine.trainer(model.step, weights, sgd);
    const gradients = await trainer.gradients(data);
    const evaluator = await engine.evaluator(model.step, weights);
    const lossAt = async (): Promise<number> => (await evaluator.run(data)).loss?.[0] ?? NaN;
    const r = new Choices(5);
    for (const { name } of model.specs) {
      // Along a random direction, the slope is the gradient's projection.
      const start = weights.read(name);
      const direction = r.values(start.length, -1, 1);
      const distance = 2e-3;
      weights.write(
        name,
        start.map((w, i) => w + distance * (direction[i] ?? 0)),
      );
      const above = await lossAt();
      weights.write(
        name,
        start.map((w, i) => w - distance * (direction[i] ?? 0)),
      );
      const below = await lossAt();
      weights.write(name, start);
      const slope = (above - below) / (2 * distance);
      const projection = direction.reduce((sum, d, i) => sum + d * (gradients[name]?.[i] ?? NaN), 0);
      expect(Math.abs(slope - projection), `${name}: ${slope} against ${projection}`).toBeLessThan(
        0.02 * Math.max(1, Math.abs(slope)),
      );
    }
  });
});

describe("the engine", () => {
  test("says what runs and why", () => {
    expect(engine.name).toBe("compiled");
    expect(engine.why).toMatch(/ONNX Runtime \(cpu, 1 thread\)/);
  });

  test("falls back to the cpu with a notice where an execution provider is missing", async () => {
    const notices: string[] = [];
    const other = createCompiledEngine({
      threads: 1,
      executionProvider: "cuda",
      notice: (message) => notices.push(message),
    });
    const evaluator = await other.evaluator(doubling, other.weights([weight("w", [], [2])]));
    expect((await evaluator.run({ x: Float32Array.of(1, 2, 3, 4) })).y?.[3]).toBe(8);
    expect(notices.join()).toMatch(/cannot use "cuda" here.*The CPU is used instead/);
  });

  test("refuses weights that belong to another engine", async () => {
    const stranger = {
      specs: [],
      read: () => new Float32Array(),
      write: () => undefined,
      dispose: () => undefined,
    };
    await expect(engine.evaluator(doubling, stranger)).rejects.toThrow(/belong to another engine/);
  });

  test("is not loaded by those who only import it", () => {
    const program =
      'import("./src/vae/wasm/plugin.mjs").then(async ({ esbuildAssembly }) => {' +
      'const { build } = await import("esbuild");' +
      'const { outputFiles: [file] } = await build({ entryPoints: ["src/vae/engine/compiled/index.ts"], bundle: true, write: false, platform: "node", target: "node20", format: "cjs", external: ["onnxruntime-node", "@tensorflow/tfjs"], plugins: [esbuildAssembly] });' +
      'const module = { exports: {} }; new Function("module", "exports", "require", file.text)(module, module.exports, require);' +
      "module.exports.createCompiledEngine();" +
      'console.log(Object.keys(require.cache).some((path) => path.includes("onnxruntime")), require("@tensorflow/tfjs").engine().backendNames().includes("vaenb-trace"));' +
      "});";
    expect(
      execFileSync(process.execPath, ["-e", program], { encoding: "utf8" }).trim().split("\n").at(-1),
    ).toBe("false false");
  });
});
