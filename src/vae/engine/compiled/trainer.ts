import type { OptimizerSpec, StepFunction, Trainer, Values, WeightSpec } from "../engine";
import type { Optimizer } from "../optimizers/optimizer";
import { clippingScale, forgetWhatFaded, optimizerOf } from "../optimizers/optimizer";
import { checkInputs } from "./inputs";
import type { Block } from "./memory";
import { allGradients, allWeights, bareName, gradientName, outputName, weightName } from "./names";
import type { Program } from "./program";
import { runInPlace } from "./runInPlace";
import type { CompiledWeights } from "./weights";

/** Training steps of one model at one batch size: gradients by the program, then one pass of the optimizer. */
export class CompiledTrainer implements Trainer {
  private readonly optimizer: Optimizer;
  private readonly gradient: Block;
  private readonly slots: readonly Block[];
  private steps = 0;
  private generation = -1;
  private queue: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly fn: StepFunction,
    private readonly weights: CompiledWeights,
    private readonly program: Program,
    spec: OptimizerSpec,
  ) {
    const { arena, layout, kernels } = weights;
    this.optimizer = optimizerOf(spec, kernels);
    this.gradient = arena.allocate(layout.trainableLength);
    this.slots = this.optimizer.slots.map(() => arena.allocate(layout.trainableLength));
  }

  step(inputs: Values, options: { learningRate: number; clipNorm?: number }): Promise<Values> {
    return this.inTurn(async () => {
      await this.runProgram(inputs);
      this.update(options.learningRate, options.clipNorm);
      const { updates = {} } = this.fn;
      for (const [weight, output] of Object.entries(updates)) {
        const next = this.program.output(outputName(output));
        if (!next)
          throw new Error(
            `${this.fn.name} returns no "${output}", which should update the weight "${weight}"`,
          );
        this.weights.view(weight).set(next);
      }
      const internal = new Set(Object.values(updates));
      return this.program.results((name) => {
        const bare = bareName("output", name);
        return bare === undefined || internal.has(bare) ? undefined : bare;
      });
    });
  }

  gradients(inputs: Values): Promise<Values> {
    return this.inTurn(async () => {
      await this.runProgram(inputs);
      return this.named(this.gradient);
    });
  }

  optimizerState(): Values {
    const state: Record<string, Float32Array> = { step: Float32Array.of(this.steps) };
    this.slots.forEach((block, i) => {
      for (const [name, values] of Object.entries(this.named(block)))
        state[`${this.optimizer.slots[i]}/${name}`] = values;
    });
    return state;
  }

  restoreOptimizerState(state: Values): void {
    const values = (name: string, length: number): Float32Array => {
      const found = state[name];
      if (found?.length !== length)
        throw new Error(
          `the optimizer's state "${name}" should hold ${length} values, got ${found ? found.length : "none"}: ` +
            `it was saved by another optimizer or for another model`,
        );
      return found;
    };
    const [steps = 0] = values("step", 1);
    this.slots.forEach((block, i) => {
      for (const { name, initial } of this.trainable())
        this.weights.writeTo(block, name, values(`${this.optimizer.slots[i]}/${name}`, initial.length));
    });
    this.steps = steps;
  }

  dispose(): void {
    void this.queue.then(() => this.program.dispose());
    this.weights.arena.release(this.gradient);
    for (const block of this.slots) this.weights.arena.release(block);
  }

  /** One at a time: two steps of one trainer share its gradients. */
  private inTurn<T>(task: () => Promise<T>): Promise<T> {
    const result = this.queue.then(task);
    this.queue = result.catch(() => undefined);
    return result;
  }

  private async runProgram(inputs: Values): Promise<void> {
    checkInputs(this.fn.name, this.fn.inputs, inputs);
    await runInPlace(
      this.weights.arena,
      () => this.bind(),
      () => this.program.run(inputs),
    );
  }

  private bind(): void {
    const { arena, layout, specs } = this.weights;
    if (this.generation === arena.generation) return;
    const arrays = new Map(specs.map(({ name }) => [weightName(name), this.weights.view(name)]));
    arrays.set(allWeights, arena.view(this.weights.block));
    arrays.set(allGradients, arena.view(this.gradient));
    for (const { name } of this.trainable())
      arrays.set(gradientName(name), arena.view(layout.within(this.gradient, name)));
    this.program.bind(arrays);
    this.generation = arena.generation;
  }

  private update(learningRate: number, clipNorm: number | undefined): void {
    const { kernels, block, layout } = this.weights;
    const count = layout.trainableLength;
    const { offset: gradient } = this.gradient;
    const squares = clipNorm === undefined ? 0 : kernels.sumOfSquares(gradient, count);
    this.steps++;
    const update = {
      weight: block.offset,
      gradient,
      slots: this.slots.map(({ offset }) => offset),
      count,
      learningRate,
      scale: clippingScale(squares, clipNorm),
      step: this.steps,
    };
    this.optimizer.update(update);
    forgetWhatFaded(kernels, update);
  }

  private trainable(): readonly WeightSpec[] {
    return this.weights.specs.filter((spec) => spec.trainable);
  }

  private named(block: Block): Values {
    return Object.fromEntries(this.trainable().map(({ name }) => [name, this.weights.readFrom(block, name)]));
  }
}
