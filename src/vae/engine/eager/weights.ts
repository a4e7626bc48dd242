import type { WeightSpec, WeightStore } from "../engine";

/** Weights as plain arrays: what the eager engine needs, since it hands tfjs fresh tensors in every step. */
export class ArrayWeights implements WeightStore {
  private readonly values: Map<string, Float32Array>;

  constructor(readonly specs: readonly WeightSpec[]) {
    this.values = new Map(specs.map(({ name, initial }) => [name, initial.slice()]));
  }

  read(name: string): Float32Array {
    return this.find(name).slice();
  }

  /** @throws RangeError if the number of values is not that of the weight. */
  write(name: string, values: Float32Array): void {
    const own = this.find(name);
    if (values.length !== own.length) {
      throw new RangeError(
        `weight "${name}" has ${String(own.length)} values, but ${String(values.length)} were written to it.`,
      );
    }
    own.set(values);
  }

  dispose(): void {
    this.values.clear();
  }

  private find(name: string): Float32Array {
    const values = this.values.get(name);
    if (values) return values;
    const known = this.specs.map((spec) => spec.name).join(", ");
    throw new Error(
      `there is no weight "${name}" here, or the model was disposed; its weights are ${known}.`,
    );
  }
}
