import { expect, test } from "vitest";
import type { Engine, Trainer, Values, WeightSpec, WeightStore } from "../../../src/vae/engine/engine";
import { type EngineSource, Machine } from "../../../src/vae/models/machine";

const specs: readonly WeightSpec[] = [
  { name: "w", shape: [1], trainable: true, initial: Float32Array.of(3) },
];
const turn = () => new Promise((resolve) => setTimeout(resolve, 1));

/** An engine that takes its time for everything, and whose functions say where they ran. */
function slowEngine(name: string, number: number): Engine {
  const storeOf = (given: readonly WeightSpec[]): WeightStore & { gone: boolean } => ({
    gone: false,
    specs: given,
    read: () => given[0]?.initial ?? new Float32Array(1),
    write: () => {},
    dispose() {
      this.gone = true;
    },
  });
  const answer = async (store: WeightStore): Promise<Values> => {
    for (let i = 0; i < 5; i++) await turn();
    if ("gone" in store && store.gone) throw new Error("the model's weights were disposed");
    return { engine: Float32Array.of(number) };
  };
  return {
    name,
    why: "a test",
    weights: storeOf,
    evaluator: async (_, store) => {
      await turn();
      return { run: () => answer(store), dispose: () => {} };
    },
    trainer: async (_, store) => {
      await turn();
      const trainer: Partial<Trainer> = { step: () => answer(store), dispose: () => {} };
      return trainer as Trainer;
    },
  };
}

function switchable() {
  const [first, second] = [slowEngine("first", 1), slowEngine("second", 2)];
  let current = first;
  const source: EngineSource = {
    name: "first",
    current: () => Promise.resolve(current),
    fallback: () => Promise.resolve(undefined),
  };
  return { machine: new Machine(specs, source), switch: () => void (current = second) };
}

const nothing = () => ({ name: "f", inputs: {}, apply: () => ({}) });
const sgd = { kind: "sgd", momentum: 0, nesterov: false } as const;
const engineOf = (values: Values) => values.engine?.[0];

test("a function whose model moves while it runs answers from where the model is", async () => {
  const { machine, ...engines } = switchable();
  const running = machine.run("a", nothing, {});
  await turn();
  await turn();
  engines.switch();
  const other = machine.run("b", nothing, {});
  expect([engineOf(await running), engineOf(await other)]).toEqual([2, 2]);
  expect(machine.engineName).toBe("second");
});

test("a model stays where its trainer is made, from the moment that it is asked for", async () => {
  const { machine, ...engines } = switchable();
  const making = machine.trainer(nothing(), sgd);
  for (let i = 0; i < 3; i++) await Promise.resolve();
  engines.switch();
  const beside = machine.run("a", nothing, {});
  const trainer = await making;
  expect(engineOf(await beside)).toBe(1);
  expect(engineOf(await trainer.step({}, { learningRate: 1 }))).toBe(1);
  machine.release(trainer);
  expect(engineOf(await machine.run("a", nothing, {}))).toBe(2);
});

test("weights are written all or not at all", () => {
  const { machine } = switchable();
  expect(() => machine.writeAll({ w: new Float32Array(2) })).toThrow(
    "The weight w holds 1 value, but got 2: they are another model's, or of an earlier version of it.",
  );
  expect(machine.read("w")).toEqual(Float32Array.of(3));
});

test("a function that will not run again is made anew when it does", async () => {
  const { machine } = switchable();
  let made = 0;
  const counted = () => {
    made += 1;
    return nothing();
  };
  for (let i = 0; i < 2; i++) await machine.run("trial", counted, {});
  expect(made).toBe(1);
  machine.forget("trial");
  await machine.run("trial", counted, {});
  expect(made).toBe(2);
});
