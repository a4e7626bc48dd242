import type * as tf from "@tensorflow/tfjs";

/**
 * One pass through a model's functions, as a layer sees it: its weights, and, while training, random numbers and the
 * place where it leaves the next value of a running statistic.
 */
export interface Pass {
  readonly training: boolean;
  weight(name: string): tf.Tensor;
  /** Uniform random numbers in [0, 1) that the step feeds, `[batch, ...shape]`; only while training. */
  random(name: string): tf.Tensor;
  /** The value that a weight that is not trained has after this step. */
  update(name: string, next: tf.Tensor): void;
}

/** The pass of a part inside its model: names are prefixed, so that a layer need not know where it stands. */
export const within = (pass: Pass, prefix: string): Pass => ({
  training: pass.training,
  weight: (name) => pass.weight(prefix + name),
  random: (name) => pass.random(prefix + name),
  update: (name, next) => pass.update(prefix + name, next),
});
