import type {
  Engine,
  Evaluator,
  OptimizerSpec,
  StepFunction,
  TensorFunction,
  Trainer,
  Values,
  WeightSpec,
  WeightStore,
} from "../engine/engine";
import { counted } from "../figures/format";

/** Where models get their engine: the session, or a test. */
export interface EngineSource {
  /** The engine in force; models move to another one when it changes. */
  current(): Promise<Engine>;
  /** The name of the engine in force, or of the one that will be tried first. */
  readonly name: string;
  /** An engine that runs what the one in force refused, or nothing if there is no other. Tells the person why. */
  fallback(refusal: Error): Promise<Engine | undefined>;
}

/**
 * One model's place in an engine: where its weights live, and the functions that are ready to run. A model is born
 * without one, with its first values in memory; the engine is loaded when something has to run.
 */
export class Machine {
  private values: Map<string, Float32Array> | undefined;
  private moving: Promise<void> | undefined;
  private bound:
    { readonly engine: Engine; readonly source: Engine; readonly store: WeightStore } | undefined;
  private readonly evaluators = new Map<string, Promise<Evaluator>>();
  /** Trainers at work: the model stays on its engine until they are done. */
  private trainers = 0;

  constructor(
    readonly specs: readonly WeightSpec[],
    private readonly source: EngineSource,
  ) {
    this.values = new Map(specs.map(({ name, initial }) => [name, initial]));
  }

  get engineName(): string {
    return this.bound?.engine.name ?? this.source.name;
  }

  /** A copy of one weight's values. */
  read(name: string): Float32Array {
    if (this.bound) return this.bound.store.read(name);
    const values = this.values?.get(name);
    if (!values) throw new Error(`There is no weight "${name}".`);
    return values.slice();
  }

  readAll(): Values {
    return Object.fromEntries(this.specs.map(({ name }) => [name, this.read(name)]));
  }

  write(name: string, values: Float32Array): void {
    if (this.bound) this.bound.store.write(name, values);
    else this.values?.set(name, values.slice());
  }

  writeAll(values: Values): void {
    // All of them or none.
    for (const { name, initial } of this.specs) {
      const given = values[name];
      if (given && given.length !== initial.length)
        throw new Error(
          `The weight ${name} holds ${counted(initial.length, "value")}, but got ${given.length}: they are another model's, or of an earlier version of it.`,
        );
    }
    for (const [name, value] of Object.entries(values)) this.write(name, value);
  }

  /**
   * Runs a function once. `key` says which function this is: what it is made of and its batch size. Where the model has
   * moved to another engine meanwhile, for another run of it, the function runs again there.
   */
  async run(key: string, make: () => TensorFunction, inputs: Values): Promise<Values> {
    for (;;) {
      await this.bind();
      const { store } = this.requireBound();
      const result = await this.runHere(key, make, inputs).then(
        (values) => ({ values }),
        (error: unknown) => ({ error }),
      );
      if (this.requireBound().store !== store) continue;
      if ("values" in result) return result.values;
      throw result.error;
    }
  }

  private async runHere(key: string, make: () => TensorFunction, inputs: Values): Promise<Values> {
    let evaluator = this.evaluators.get(key);
    if (!evaluator) {
      evaluator = this.prepared((engine, store) => engine.evaluator(make(), store));
      this.evaluators.set(key, evaluator);
      evaluator.catch(() => this.evaluators.delete(key));
    }
    return (await evaluator).run(inputs);
  }

  /** Gives back a function that will not run again. */
  forget(key: string): void {
    const evaluator = this.evaluators.get(key);
    this.evaluators.delete(key);
    void evaluator?.then((ready) => ready.dispose()).catch(() => {});
  }

  async trainer(step: StepFunction, optimizer: OptimizerSpec): Promise<Trainer> {
    await this.bind();
    // From now on, not from when it is ready: the weights that it is made for must not move away meanwhile.
    this.trainers += 1;
    try {
      return await this.prepared((engine, store) => engine.trainer(step, store, optimizer));
    } catch (error) {
      this.trainers -= 1;
      throw error;
    }
  }

  /** Ends a trainer's work. */
  release(trainer: Trainer): void {
    trainer.dispose();
    this.trainers -= 1;
  }

  dispose(): void {
    this.unbind();
    this.values = undefined;
  }

  /** Prepares a function on the engine; where the engine refuses it, moves the model to the next engine. */
  private async prepared<T>(prepare: (engine: Engine, store: WeightStore) => Promise<T>): Promise<T> {
    const { engine, store, source } = this.requireBound();
    try {
      return await prepare(engine, store);
    } catch (refusal) {
      if (!(refusal instanceof Error) || refusal.name !== "UntraceableError") throw refusal;
      // Other functions of the model may have been refused at the same time: it moves once.
      if (this.requireBound().engine === engine)
        await (this.moving ??= this.moveOn(refusal, engine, source).finally(() => (this.moving = undefined)));
      const moved = this.requireBound();
      return prepare(moved.engine, moved.store);
    }
  }

  private async moveOn(refusal: Error, from: Engine, source: Engine): Promise<void> {
    const next = await this.source.fallback(refusal);
    if (!next || next === from) throw refusal;
    this.moveTo(next, source);
  }

  private async bind(): Promise<void> {
    if (this.trainers > 0) return;
    const current = await this.source.current();
    // A training may have begun meanwhile.
    if (this.trainers > 0) return;
    if (this.bound?.source !== current) this.moveTo(current, current);
  }

  private moveTo(engine: Engine, source: Engine): void {
    const initial = this.readAll();
    this.unbind();
    const specs = this.specs.map((spec) => ({ ...spec, initial: initial[spec.name] ?? spec.initial }));
    this.bound = { engine, source, store: engine.weights(specs) };
    this.values = undefined;
  }

  private unbind(): void {
    for (const key of [...this.evaluators.keys()]) this.forget(key);
    this.bound?.store.dispose();
    this.bound = undefined;
  }

  private requireBound() {
    if (!this.bound) throw new Error("The model has been disposed. Make it again, or load it from a file.");
    return this.bound;
  }
}
