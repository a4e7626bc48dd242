import * as tf from "@tensorflow/tfjs";
import type { OptimizerSpec, StepFunction, Trainer, Values, WeightStore } from "../engine";
import { clipGlobalNorm, Optimizer } from "./optimizer";
import { inputTensors, onBackend, valuesOf, weightTensors } from "./tensors";

interface Differentiated {
  readonly outputs: Values;
  readonly gradients: Map<string, Float32Array>;
}

/** Trains with tfjs's own gradients, taken anew in every step, and the optimizers of `optimizer.ts`. */
export class EagerTrainer implements Trainer {
  private readonly optimizer: Optimizer;

  constructor(
    private readonly backend: string,
    private readonly fn: StepFunction,
    private readonly weights: WeightStore,
    optimizer: OptimizerSpec,
  ) {
    const trainable = weights.specs.filter((spec) => spec.trainable);
    this.optimizer = new Optimizer(
      optimizer,
      trainable.map(({ name, initial }) => ({ name, size: initial.length })),
    );
  }

  async step(inputs: Values, options: { learningRate: number; clipNorm?: number }): Promise<Values> {
    const { outputs, gradients } = this.differentiate(inputs);
    if (options.clipNorm !== undefined) clipGlobalNorm(gradients.values(), options.clipNorm);
    const current = new Map([...gradients.keys()].map((name) => [name, this.weights.read(name)]));
    this.optimizer.apply(current, gradients, options.learningRate);
    for (const [name, values] of current) this.weights.write(name, values);
    return Promise.resolve(this.keepUpdates(outputs));
  }

  gradients(inputs: Values): Promise<Values> {
    return Promise.resolve(Object.fromEntries(this.differentiate(inputs).gradients));
  }

  optimizerState(): Values {
    return this.optimizer.state();
  }

  restoreOptimizerState(state: Values): void {
    this.optimizer.restore(state);
  }

  dispose(): void {}

  /** Moves the outputs that are next values of non-trainable weights into those weights; reports the others. */
  private keepUpdates(outputs: Values): Values {
    const reported = { ...outputs };
    for (const [weight, output] of Object.entries(this.fn.updates ?? {})) {
      const values = outputs[output];
      if (!values)
        throw new Error(`${this.fn.name} does not return "${output}", the next value of "${weight}".`);
      this.weights.write(weight, values);
      delete reported[output];
    }
    return reported;
  }

  private differentiate(inputs: Values): Differentiated {
    return onBackend(this.backend, () => {
      const given = inputTensors(this.fn, inputs);
      const weights = weightTensors(this.weights);
      const names = this.weights.specs.filter((spec) => spec.trainable).map((spec) => spec.name);
      const sources = names.map((name) => weights[name]).filter((tensor) => tensor !== undefined);
      const outputs: Record<string, Float32Array> = {};
      const { grads } = tf.engine().gradients(
        () => {
          const returned = this.fn.apply(given, weights);
          for (const [name, tensor] of Object.entries(returned)) outputs[name] = valuesOf(tensor);
          return scalarLoss(this.fn.name, returned.loss);
        },
        sources,
        undefined,
        true,
      );
      // A weight that the loss does not depend on has no gradient in tfjs's eyes; it is zero.
      const gradients = names.map((name, index) => {
        const gradient: tf.Tensor | undefined = grads[index];
        const size = sources[index]?.size ?? 0;
        return [name, gradient ? valuesOf(gradient) : new Float32Array(size)] as const;
      });
      return { outputs, gradients: new Map(gradients) };
    });
  }
}

function scalarLoss(functionName: string, loss: tf.Tensor | undefined): tf.Tensor {
  if (loss?.size === 1) return tf.reshape(loss, []);
  const found = loss ? `a tensor of shape [${loss.shape.join(", ")}]` : "nothing";
  throw new Error(
    `${functionName} must return the loss as one number, averaged over the batch, but returned ${found} as "loss".`,
  );
}
