import type { OptimizerSpec } from "../engine";
import type { OptimizerKernels } from "./kernels";

/** One optimizer over all trainable weights at once: they lie one after the other, and so does what it remembers. */
export interface Optimizer {
  /** What it remembers per weight, in the order in which `update` takes the pointers. */
  readonly slots: readonly string[];
  update(step: Update): void;
}

export interface Update {
  /** Byte offsets of the weights, the gradients and the slots. */
  readonly weight: number;
  readonly gradient: number;
  readonly slots: readonly number[];
  /** Elements, a multiple of eight. */
  readonly count: number;
  readonly learningRate: number;
  /** Factor on the gradient, from clipping. */
  readonly scale: number;
  /** 1 for the first update. */
  readonly step: number;
}

export function optimizerOf(spec: OptimizerSpec, kernels: OptimizerKernels): Optimizer {
  switch (spec.kind) {
    case "adam":
    case "adamw": {
      const { beta1, beta2, epsilon } = spec;
      const decay = spec.kind === "adamw" ? spec.weightDecay : 0;
      return {
        slots: ["mean", "variance"],
        update({ weight, gradient, slots: [mean = 0, variance = 0], count, learningRate, scale, step }) {
          const root = Math.sqrt(1 - beta2 ** step);
          const rate = (learningRate * root) / (1 - beta1 ** step);
          const keep = 1 - learningRate * decay;
          kernels.adam([weight, gradient, mean, variance], count, [
            scale,
            beta1,
            beta2,
            rate,
            epsilon * root,
            keep,
          ]);
        },
      };
    }
    case "sgd":
      return {
        slots: ["velocity"],
        update({ weight, gradient, slots: [velocity = 0], count, learningRate, scale }) {
          const nesterov = spec.nesterov ? 1 : 0;
          kernels.sgd([weight, gradient, velocity], count, [scale, learningRate, spec.momentum, nesterov]);
        },
      };
    case "rmsprop":
      return {
        slots: ["square", "velocity"],
        update({ weight, gradient, slots: [square = 0, velocity = 0], count, learningRate, scale }) {
          const { decay, epsilon, momentum } = spec;
          kernels.rmsprop([weight, gradient, square, velocity], count, [
            scale,
            learningRate,
            decay,
            epsilon,
            momentum,
          ]);
        },
      };
  }
}

/**
 * What an optimizer remembers of a weight is forgotten when it has become this small: it changes no weight any more. Looked
 * for every few steps, it costs nothing, and is soon enough: 16 steps take a value that halves in each from here to 2e-37,
 * where the slow numbers begin.
 */
export function forgetWhatFaded(kernels: OptimizerKernels, { slots, count, step }: Update): void {
  const [smallest, every] = [1e-32, 16];
  if (step % every !== 0) return;
  for (const slot of slots) kernels.forget(slot, count, smallest);
}

/** The factor that brings the gradient's norm, over all weights together, down to `clipNorm`; 1 if it is below. */
export function clippingScale(squares: number, clipNorm: number | undefined): number {
  if (clipNorm === undefined) return 1;
  const norm = Math.sqrt(squares);
  return norm > clipNorm ? clipNorm / norm : 1;
}
