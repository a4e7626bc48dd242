import type { Evaluator, TensorFunction, Values } from "../engine";
import { checkInputs } from "./inputs";
import { allWeights, bareName, weightName } from "./names";
import type { Program } from "./program";
import { runInPlace } from "./runInPlace";
import type { CompiledWeights } from "./weights";

/** Forward passes of one function: `encode`, `decode`, an ELBO. */
export class CompiledEvaluator implements Evaluator {
  private generation = -1;
  private queue: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly fn: TensorFunction,
    private readonly weights: CompiledWeights,
    private readonly program: Program,
  ) {}

  run(inputs: Values): Promise<Values> {
    // One at a time: the output arrays are shared between runs.
    const result = this.queue.then(() => this.runNow(inputs));
    this.queue = result.catch(() => undefined);
    return result;
  }

  private async runNow(inputs: Values): Promise<Values> {
    checkInputs(this.fn.name, this.fn.inputs, inputs);
    await runInPlace(
      this.weights.arena,
      () => this.bind(),
      () => this.program.run(inputs),
    );
    return this.program.results((name) => bareName("output", name));
  }

  private bind(): void {
    const { arena, block, specs } = this.weights;
    if (this.generation === arena.generation) return;
    const each = specs.map(({ name }) => [weightName(name), this.weights.view(name)] as const);
    this.program.bind(new Map([...each, [allWeights, arena.view(block)]]));
    this.generation = arena.generation;
  }

  dispose(): void {
    void this.queue.then(() => this.program.dispose());
  }
}
