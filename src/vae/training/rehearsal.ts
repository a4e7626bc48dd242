import * as tf from "@tensorflow/tfjs";
import type { Shape, StepFunction, WeightSpec } from "../engine/engine";

/**
 * Runs a step's function once on tfjs, which checks every operation's shapes in a person's words, and answers with the
 * error it meets: a better message than that of an engine that could not prepare the same function.
 */
export function rehearsal(step: StepFunction, specs: readonly WeightSpec[]): unknown {
  const zeros = (shape: Shape) => tf.zeros([...shape]);
  try {
    tf.tidy(() => {
      const inputs = Object.entries(step.inputs).map(([name, shape]) => [name, zeros(shape)] as const);
      const weights = specs.map(({ name, shape }) => [name, zeros(shape)] as const);
      step.apply(Object.fromEntries(inputs), Object.fromEntries(weights));
    });
    return undefined;
  } catch (error) {
    return error;
  }
}
