import { spawnSync } from "node:child_process";
import * as tf from "@tensorflow/tfjs";
import { afterEach, describe, expect, test, vi } from "vitest";
import { display } from "../../../src/vae/host";
import { dense } from "../../../src/vae/models/layers/spec";
import { present } from "../../../src/vae/present";
import { Session, session, vae } from "../../../src/vae/session";
import { bars } from "../models/small";

const made = () => vae({ input: [8], latent: 2, encoder: [dense(6)] });

const refused = () =>
  vae.define({
    input: [8],
    latent: 2,
    weights: { w: vae.glorot([8, 2]), up: vae.glorot([2, 8]) },
    // Reading values while the function is traced is what only an eager engine can do.
    encode: (x, { w }) => {
      const largest = x.max().dataSync()[0] ?? 1;
      return { mean: tf.matMul(tf.div(x, largest), w), logVariance: tf.zeros([x.shape[0], 2]) };
    },
    decode: (z, { up }) => tf.matMul(z, up),
  });

afterEach(async () => {
  session.seed(0);
  await session.use("compiled");
});

describe("the seed", () => {
  test("gives the same model again, however often the cell runs", () => {
    session.seed(5);
    const first = made().weights();
    expect(made().weights()).toEqual(first);
    session.seed(6);
    expect(made().weights()).not.toEqual(first);
    expect(session.seed()).toBe(6);
  });
  test("of one model can be its own", () => {
    const weights = vae({ input: [8], latent: 2, encoder: [dense(6)], seed: 9 }).weights();
    session.seed(9);
    expect(made().weights()).toEqual(weights);
  });
  test("is a whole number", () => {
    expect(() => session.seed(-1)).toThrow("A seed is an integer between 0 and 2^53 - 1, not -1.");
  });
});

describe("the session", () => {
  test("shows seed, engine, datasets, models and runs", async () => {
    session.seed(3);
    const data = session.watching({ bars }).bars(40);
    const model = made();
    await model.fit(data, { steps: 3, batchSize: 10, checkpoints: false });
    const text = session[display]()["text/plain"];
    expect(text).toMatch(/seed +3/);
    expect(text).toMatch(/engine +compiled +Models are traced once/);
    expect(text).toMatch(/dataset +bars +40 examples, \[8\]/);
    expect(text).toMatch(/model +vae 8-6-2 +.*trained for 3 steps/);
    expect(text).toMatch(/run +vae 8-6-2 +finished, step 3 of 3 on bars, loss \d+\.\d\d nats per example/);
  });

  test("forgets a model that was disposed", () => {
    const model = made();
    expect(session.models).toContain(model);
    model.dispose();
    expect(session.models).not.toContain(model);
  });

  test("notes datasets that come later", async () => {
    const { later } = session.watching({ later: () => Promise.resolve(bars(7, 8, "later bars")) });
    const data = await later();
    await Promise.resolve();
    expect(session.datasets).toContain(data);
  });

  test("keeps checkpoints beside the notebook, or where it is told", () => {
    expect(new Session().folder).toBe(`${process.cwd()}/.vaenb`);
    vi.stubEnv("VAENB_SESSION", "/somewhere");
    expect(new Session().folder).toBe("/somewhere");
    vi.unstubAllEnvs();
  });
});

describe("another engine", () => {
  test("takes the model over with its weights, and trains it to the same ones", async () => {
    const data = bars(64);
    const fit = { steps: 20, batchSize: 16, learningRate: 0.01, checkpoints: false } as const;
    const compiled = made();
    await compiled.fit(data, fit);
    const eager = made();
    await session.use("cpu");
    const run = await eager.fit(data, fit);
    expect(run.engine).toBe("cpu");
    const expected = compiled.weights();
    for (const [name, values] of Object.entries(eager.weights()))
      values.forEach((value, i) => expect(Math.abs(value - (expected[name]?.[i] ?? NaN))).toBeLessThan(1e-5));
    const before = compiled.weights();
    const { mean } = await compiled.posterior(data);
    expect(mean).toHaveLength(64 * 2);
    expect(compiled.weights()).toEqual(before);
  });

  test("goes on with what the optimizer remembers", async () => {
    const data = bars(64);
    const fit = { steps: 10, batchSize: 16, learningRate: 0.01, checkpoints: false } as const;
    const [unmoved, moved] = [made(), made()];
    for (let part = 0; part < 2; part++) await unmoved.fit(data, fit);
    await moved.fit(data, fit);
    await session.use("cpu");
    await moved.fit(data, fit);
    const expected = unmoved.weights();
    for (const [name, values] of Object.entries(moved.weights()))
      values.forEach((value, i) => expect(Math.abs(value - (expected[name]?.[i] ?? NaN))).toBeLessThan(1e-4));
  });

  test("of a model that the compiled one refused is the same for all that was asked at once", async () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    const [model, data] = [refused(), bars(32)];
    const [first, means, second] = await Promise.all([
      model.evaluate(data),
      model.posterior(data),
      model.evaluate(data, { importanceSamples: 5 }),
    ]);
    expect(first.elbo).toBeCloseTo(second.elbo, 3);
    expect(means.mean).toHaveLength(64);
    expect(warn.mock.calls.flat().filter((text) => String(text).includes("cannot be compiled"))).toHaveLength(
      1,
    );
    warn.mockRestore();
  });

  test("runs what the compiled engine cannot, with a notice, in the same session", async () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    const run = await refused().fit(bars(32), { steps: 2, batchSize: 16, checkpoints: false });
    expect(run.status).toBe("finished");
    expect(["tfjs-node", "wasm", "cpu"]).toContain(run.engine);
    expect(warn.mock.calls.flat().join()).toContain("cannot be compiled");
    warn.mockRestore();
  });
});

test("a model's memory is freed when nothing refers to it any more", () => {
  const script = `
    const { vae, dense } = require("./dist/vae.cjs");
    const used = () => { gc(); return process.memoryUsage().arrayBuffers + process.memoryUsage().external; };
    const make = () => vae({ input: [784], latent: 2, encoder: [dense(800)] });
    const turn = () => new Promise((resolve) => setTimeout(resolve, 5));
    (async () => {
      make(); await turn();
      const before = used();
      for (let i = 0; i < 12; i++) { make(); await turn(); }
      await turn(); used(); await turn();
      console.log(Math.round((used() - before) / 1e6));
      process.exit(0);
    })();`;
  const { stdout, stderr } = spawnSync(process.execPath, ["--expose-gc", "-e", script], { encoding: "utf8" });
  expect(stderr).toBe("");
  // Twelve models of five megabytes each.
  expect(Number(stdout)).toBeLessThan(20);
});

test("a tensor is shown by its shape, type and values", () => {
  expect(present(tf.tensor2d([[1, 2], [3, 4]]))?.["text/plain"]).toContain("tensor float32 [2, 2]"); // prettier-ignore
  expect(present(tf.tensor1d(["a"]))?.["text/plain"]).toContain('"a"');
  expect(present({ shape: [1] })).toBeUndefined();
  const gone = tf.scalar(1);
  gone.dispose();
  expect(present(gone)).toBeUndefined();
});
