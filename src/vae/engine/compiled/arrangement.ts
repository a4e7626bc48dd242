import type { WeightSpec } from "../engine";
import { sizeOf } from "./graph";

/**
 * Which weights lie in memory in blocks of columns, as the kernels of blocked convolutions read them: `[in, out]` as
 * `[out / block, in, block]`. Everything outside of the compiled engine sees rows.
 */
export interface Arrangement {
  readonly block: number;
  readonly names: ReadonlySet<string>;
}

/**
 * Large matrices that are trained, where the machine has such kernels. It depends on nothing but the weights, so that a
 * run that is resumed adds numbers up in the same order.
 */
export function arrangementOf(specs: readonly WeightSpec[], block: number | undefined): Arrangement {
  const large = ({ trainable, shape }: WeightSpec): boolean =>
    trainable && shape.length === 2 && sizeOf(shape) >= smallest;
  const fits = ({ shape }: WeightSpec): boolean =>
    block !== undefined && shape.every((dimension) => dimension % block === 0);
  const found = specs.filter((spec) => large(spec) && fits(spec));
  return { block: block ?? 1, names: new Set(found.map(({ name }) => name)) };
}

/** Below this, a product's time goes into other things than multiplying. */
const smallest = 2 ** 16;

/** Whether any weight is large enough for the machine to be asked about its blocks. */
export const mayBeArranged = (specs: readonly WeightSpec[]): boolean =>
  arrangementOf(specs, 1).names.size > 0;
