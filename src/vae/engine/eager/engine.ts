import type { Engine, Evaluator, TensorFunction, Trainer, Values, WeightStore } from "../engine";
import { loadBackend, type EagerBackend } from "../tfjs";
import { inputTensors, mapRecord, onBackend, valuesOf, weightTensors } from "./tensors";
import { EagerTrainer } from "./trainer";
import { ArrayWeights } from "./weights";

export interface EagerOptions {
  /** One sentence for `session.engine`: why this engine runs. */
  readonly why?: string;
  /** Takes sentences for the person, such as that an operation runs on another backend. */
  readonly notice?: (text: string) => void;
}

/**
 * The engine that calls a model's functions in every step, on a tfjs backend. It takes any engine's weights: what it
 * needs of a store is to read and to write it.
 *
 * @throws Error if the backend cannot be loaded, with the reason and the way to install it.
 */
export async function createEagerEngine(backend: EagerBackend, options: EagerOptions = {}): Promise<Engine> {
  const { tfjsName, description } = await loadBackend(backend, options.notice);
  return {
    name: backend,
    why: options.why ?? description,
    weights: (specs) => new ArrayWeights(specs),
    evaluator: (fn, weights): Promise<Evaluator> =>
      Promise.resolve(new EagerEvaluator(tfjsName, fn, weights)),
    trainer: (fn, weights, optimizer): Promise<Trainer> =>
      Promise.resolve(new EagerTrainer(tfjsName, fn, weights, optimizer)),
  };
}

class EagerEvaluator implements Evaluator {
  constructor(
    private readonly backend: string,
    private readonly fn: TensorFunction,
    private readonly weights: WeightStore,
  ) {}

  async run(inputs: Values): Promise<Values> {
    const outputs = onBackend(this.backend, () =>
      mapRecord({ ...this.fn.apply(inputTensors(this.fn, inputs), weightTensors(this.weights)) }, valuesOf),
    );
    return Promise.resolve(outputs);
  }

  dispose(): void {}
}
