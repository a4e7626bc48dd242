import type * as tf from "@tensorflow/tfjs";

/**
 * What an engine is, whichever way it runs: it takes a model written as functions over tfjs operations and gives back
 * a trainer (one optimizer step per call) and evaluators (forward passes). There are two kinds: the compiled engine
 * traces the functions once and runs the graph natively; the eager engine calls them on a tfjs backend every time.
 */
export type Shape = readonly number[];

/** Named tensors as the model's functions see them. */
export type Tensors = Readonly<Record<string, tf.Tensor>>;

/** Named values outside of tfjs: row-major float32, shape known from the declaration. */
export type Values = Readonly<Record<string, Float32Array>>;

/** A weight of the model: where its values live is the engine's business. `trainable: false` are running statistics. */
export interface WeightSpec {
  readonly name: string;
  readonly shape: Shape;
  readonly trainable: boolean;
  readonly initial: Float32Array;
}

/** A pure function over tensors. `inputs` have the declared shapes, `weights` the shapes of their specs. */
export interface TensorFunction {
  /** For messages: "encode", "decode", "loss". */
  readonly name: string;
  readonly inputs: Readonly<Record<string, Shape>>;
  readonly apply: (inputs: Tensors, weights: Tensors) => Tensors;
}

/** A training step: the function must return a scalar `loss`; its other outputs are reported as they are. */
export interface StepFunction extends TensorFunction {
  /** Output names that hold the next value of a non-trainable weight, by weight name (batch norm's statistics). */
  readonly updates?: Readonly<Record<string, string>>;
}

/**
 * How weights follow gradients g, at learning rate r; every engine computes the same.
 *
 * - adam, adamw: m += (1 - beta1)(g - m); v += (1 - beta2)(g² - v); w = (1 - r weightDecay) w - r m̂ / (sqrt(v̂) + epsilon),
 *   where m̂ = m / (1 - beta1^t) and v̂ = v / (1 - beta2^t); weightDecay is 0 for adam.
 * - sgd: v = momentum v + g; w -= r v, or with nesterov w -= r (g + momentum v).
 * - rmsprop: s += (1 - decay)(g² - s); v = momentum v + r g / sqrt(s + epsilon); w -= v.
 *
 * With `clipNorm`, g is first scaled so that the norm over all weights together is at most that.
 */
export type OptimizerSpec =
  | { readonly kind: "adam"; readonly beta1: number; readonly beta2: number; readonly epsilon: number }
  | {
      readonly kind: "adamw";
      readonly beta1: number;
      readonly beta2: number;
      readonly epsilon: number;
      readonly weightDecay: number;
    }
  | { readonly kind: "sgd"; readonly momentum: number; readonly nesterov: boolean }
  | { readonly kind: "rmsprop"; readonly decay: number; readonly epsilon: number; readonly momentum: number };

/** The weights of one model inside an engine. Handed to every trainer and evaluator of that model; freed by `dispose`. */
export interface WeightStore {
  readonly specs: readonly WeightSpec[];
  /** A copy of the current values of one weight. */
  read(name: string): Float32Array;
  write(name: string, values: Float32Array): void;
  dispose(): void;
}

export interface Evaluator {
  /** Runs the function once. Input arrays are read before the promise settles, outputs are fresh arrays. */
  run(inputs: Values): Promise<Values>;
  dispose(): void;
}

export interface Trainer {
  /** One step: forward, backward, clip, update. Resolves to the function's outputs (scalars and reported tensors). */
  step(inputs: Values, options: { learningRate: number; clipNorm?: number }): Promise<Values>;
  /** The gradients of the loss by weight name, without an update: for `checkGradients` and tests. */
  gradients(inputs: Values): Promise<Values>;
  /** A copy of everything the optimizer remembers, by name, for checkpoints; includes its step count. */
  optimizerState(): Values;
  restoreOptimizerState(state: Values): void;
  dispose(): void;
}

export interface Engine {
  /** "compiled", "tfjs-node", "wasm" or "cpu". */
  readonly name: string;
  /** One sentence: what runs and why, for `session.engine`. */
  readonly why: string;
  weights(specs: readonly WeightSpec[]): WeightStore;
  evaluator(fn: TensorFunction, weights: WeightStore): Promise<Evaluator>;
  trainer(fn: StepFunction, weights: WeightStore, optimizer: OptimizerSpec): Promise<Trainer>;
}
