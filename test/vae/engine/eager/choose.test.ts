import * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import { Engines } from "../../../../src/vae/engine/choose";
import { createEagerEngine } from "../../../../src/vae/engine/eager/engine";
import { findTfjsNode } from "../../../../src/vae/engine/eager/tfjsNode";
import type { Engine } from "../../../../src/vae/engine/engine";

const listenersAtStart = process.rawListeners("unhandledRejection").length;
const compiled: Engine = { ...(await createEagerEngine("cpu")), name: "compiled", why: "It compiles." };
const native = findTfjsNode() !== undefined;

function withNotices(make: () => Promise<Engine> = () => Promise.resolve(compiled)) {
  const notices: string[] = [];
  return { notices, engines: new Engines({ notice: (text) => notices.push(text), compiled: make }) };
}

describe("which engine runs", () => {
  test("is the compiled one unless someone chose another", async () => {
    const { engines } = withNotices();
    expect(engines.name).toBe("compiled");
    expect(await engines.current()).toBe(compiled);
    expect(engines.report).toEqual({ name: "compiled", why: "It compiles." });
  });

  test("is the one that `use` names, and stays in force until the next", async () => {
    const { engines } = withNotices();
    expect((await engines.use("wasm")).name).toBe("wasm");
    expect((await engines.current()).name).toBe("wasm");
    expect(engines.report.why).toMatch(/WebAssembly/);
    await engines.use("compiled");
    expect((await engines.current()).name).toBe("compiled");
  });

  test("is the one that a person chose while another one started", async () => {
    let started: (engine: Engine) => void = () => {};
    const engines = new Engines({ compiled: () => new Promise<Engine>((resolve) => (started = resolve)) });
    const first = engines.current();
    await engines.use("cpu");
    started({ name: "compiled" } as Engine);
    expect([(await first).name, (await engines.current()).name, engines.name]).toEqual(["cpu", "cpu", "cpu"]);
  });

  test("stays as it is after a name that nobody knows; the message lists the names", async () => {
    const { engines } = withNotices();
    await expect(engines.use("gpu")).rejects.toThrow(
      'There is no engine "gpu". Use one of: compiled, tfjs-node, wasm, cpu.',
    );
    expect((await engines.current()).name).toBe("compiled");
  });

  test.skipIf(native)(
    "stays as it is when tfjs-node is not installed; the message says how to install it",
    async () => {
      const { engines } = withNotices();
      await expect(engines.use("tfjs-node")).rejects.toThrow(/not installed.*vaenb engine install tfjs-node/);
      expect((await engines.current()).name).toBe("compiled");
    },
  );

  test("is an eager one where the native library does not load, and says why", async () => {
    const { engines, notices } = withNotices(() => Promise.reject(new Error("libonnxruntime.so: not found")));
    const engine = await engines.current();
    expect(engine.name).toBe(native ? "tfjs-node" : "wasm");
    expect(notices.join()).toContain(
      "The compiled engine does not start here: libonnxruntime.so: not found.",
    );
    expect(engines.report.name).toBe(engine.name);
    expect(engines.report.why).toContain("libonnxruntime.so");
  });

  test("for a model that cannot be compiled is an eager one, with the refusal as a notice", async () => {
    const { engines, notices } = withNotices();
    await engines.current();
    const engine = await engines.fallback(
      new Error("decode cannot be compiled: there is no rule for Einsum"),
    );
    expect(engine.name).toBe(native ? "tfjs-node" : "wasm");
    expect(notices).toEqual([
      `decode cannot be compiled: there is no rule for Einsum. It runs on the eager engine (${engine.name}) instead, more slowly.`,
    ]);
    expect(engines.name, "the session's engine stays").toBe("compiled");
  });
});

describe("tf in cells", () => {
  test("runs on the fastest backend there is, and computes", async () => {
    const { engines } = withNotices();
    await engines.prepareCells();
    expect(tf.getBackend()).toBe(native ? "tensorflow" : "wasm");
    expect(engines.report.cells?.backend).toBe(native ? "tfjs-node" : "wasm");
    if (!native) expect(engines.report.cells?.why).toContain("tfjs-node is not installed.");
    expect(Array.from(tf.tidy(() => tf.add([1, 2], 1).dataSync()))).toEqual([2, 3]);
  });

  test("goes with the session when it is told to use an eager engine", async () => {
    const { engines } = withNotices();
    await engines.use("cpu");
    expect(tf.getBackend()).toBe("cpu");
  });

  test("prints no banner", async () => {
    const said: unknown[] = [];
    const { warn } = console;
    console.warn = (...words: unknown[]) => said.push(...words);
    try {
      await withNotices().engines.use("cpu");
      tf.tidy(() => tf.square(tf.tensor1d([1, 2])).dataSync());
    } finally {
      console.warn = warn;
    }
    expect(said).toEqual([]);
  });
});

test("starting wasm leaves no listener behind that would throw a cell's unhandled rejection", async () => {
  await withNotices().engines.use("wasm");
  expect(process.rawListeners("unhandledRejection").length).toBe(listenersAtStart);
});
