import type { OptimizerSpec, Values } from "../engine";

/**
 * The optimizers, written for the reader: one loop per rule, over plain arrays. They are the second implementation
 * that the compiled engine's SIMD passes are tested against, and they compute in double precision.
 */
interface UpdateRule {
  /** What the rule remembers of each weight: arrays of the weight's size that start at zero. */
  readonly slots: readonly string[];
  /** Updates one weight and its slots in place; `step` counts from 1. */
  update(
    weight: Float32Array,
    gradient: Float32Array,
    slots: readonly Float32Array[],
    learningRate: number,
    step: number,
  ): void;
}

function updateRule(spec: OptimizerSpec): UpdateRule {
  switch (spec.kind) {
    case "adam":
      return adam(spec.beta1, spec.beta2, spec.epsilon, 0);
    case "adamw":
      return adam(spec.beta1, spec.beta2, spec.epsilon, spec.weightDecay);
    case "sgd":
      return sgd(spec.momentum, spec.nesterov);
    case "rmsprop":
      return rmsprop(spec.decay, spec.epsilon, spec.momentum);
  }
}

/** Kingma and Ba 2015, algorithm 1; the decay is decoupled from the gradient, Loshchilov and Hutter 2019, algorithm 2. */
const adam = (beta1: number, beta2: number, epsilon: number, weightDecay: number): UpdateRule => ({
  slots: ["mean", "variance"],
  update(weight, gradient, [first = empty, second = empty], learningRate, step) {
    const correction1 = 1 - beta1 ** step;
    const correction2 = 1 - beta2 ** step;
    for (let i = 0; i < weight.length; i++) {
      const g = at(gradient, i);
      const m = (first[i] = beta1 * at(first, i) + (1 - beta1) * g);
      const v = (second[i] = beta2 * at(second, i) + (1 - beta2) * g * g);
      const w = at(weight, i);
      const change = m / correction1 / (Math.sqrt(v / correction2) + epsilon) + weightDecay * w;
      weight[i] = w - learningRate * change;
    }
  },
});

/** Heavy-ball momentum, or Nesterov's in the form of Sutskever et al. 2013 as deep learning libraries apply it. */
const sgd = (momentum: number, nesterov: boolean): UpdateRule => ({
  slots: ["velocity"],
  update(weight, gradient, [velocity = empty], learningRate) {
    for (let i = 0; i < weight.length; i++) {
      const g = at(gradient, i);
      const v = (velocity[i] = momentum * at(velocity, i) + g);
      weight[i] = at(weight, i) - learningRate * (nesterov ? g + momentum * v : v);
    }
  },
});

/** Tieleman and Hinton 2012 (lecture 6.5) as TensorFlow has it: epsilon under the root, the rate within the velocity. */
const rmsprop = (decay: number, epsilon: number, momentum: number): UpdateRule => ({
  slots: ["square", "velocity"],
  update(weight, gradient, [square = empty, velocity = empty], learningRate) {
    for (let i = 0; i < weight.length; i++) {
      const g = at(gradient, i);
      const s = (square[i] = decay * at(square, i) + (1 - decay) * g * g);
      const v = (velocity[i] = momentum * at(velocity, i) + (learningRate * g) / Math.sqrt(s + epsilon));
      weight[i] = at(weight, i) - v;
    }
  },
});

const empty = new Float32Array(0);
const at = (values: Float32Array, index: number): number => values[index] ?? 0;

/** Scales all gradients together so that their common Euclidean norm is at most `clipNorm` (Pascanu et al. 2013). */
export function clipGlobalNorm(gradients: Iterable<Float32Array>, clipNorm: number): void {
  const all = [...gradients];
  let squares = 0;
  for (const gradient of all) for (const g of gradient) squares += g * g;
  const norm = Math.sqrt(squares);
  if (norm <= clipNorm) return;
  const scale = clipNorm / norm;
  for (const gradient of all) for (let i = 0; i < gradient.length; i++) gradient[i] = at(gradient, i) * scale;
}

/** An update rule with what it remembers of the weights that it has seen. */
export class Optimizer {
  private readonly rule: UpdateRule;
  private readonly memory = new Map<string, readonly Float32Array[]>();
  private steps = 0;

  constructor(spec: OptimizerSpec, weights: readonly { readonly name: string; readonly size: number }[]) {
    this.rule = updateRule(spec);
    for (const { name, size } of weights) {
      this.memory.set(
        name,
        this.rule.slots.map(() => new Float32Array(size)),
      );
    }
  }

  /** Updates `weights` in place. Call once per step with the gradient of every weight. */
  apply(
    weights: ReadonlyMap<string, Float32Array>,
    gradients: ReadonlyMap<string, Float32Array>,
    learningRate: number,
  ): void {
    this.steps++;
    for (const [name, slots] of this.memory) {
      const weight = weights.get(name);
      const gradient = gradients.get(name);
      if (weight && gradient) this.rule.update(weight, gradient, slots, learningRate, this.steps);
    }
  }

  /** Copies: `step`, and `<slot>/<weight>` for each weight: what the compiled engine calls them too. */
  state(): Values {
    const state: Record<string, Float32Array> = { step: Float32Array.of(this.steps) };
    this.eachSlot((name, slot) => (state[name] = slot.slice()));
    return state;
  }

  /** @throws Error if a slot is missing or has another size: the state is of another model or optimizer. */
  restore(state: Values): void {
    this.eachSlot((name, slot) => {
      const values = state[name];
      if (values?.length === slot.length) return;
      const found = values ? `${String(values.length)} values` : "nothing";
      throw new Error(
        `the optimizer state to restore has ${found} for "${name}", where ${String(slot.length)} values are needed: ` +
          `it was saved with another model or another optimizer.`,
      );
    });
    this.eachSlot((name, slot) => slot.set(state[name] ?? slot));
    this.steps = state.step?.[0] ?? 0;
  }

  private eachSlot(visit: (name: string, slot: Float32Array) => void): void {
    for (const [weight, slots] of this.memory) {
      slots.forEach((slot, index) => visit(`${this.rule.slots[index] ?? ""}/${weight}`, slot));
    }
  }
}
