import type * as tf from "@tensorflow/tfjs";
import { didYouMean } from "../options";

/**
 * The weights, noting what is asked for by a name that they do not have: tfjs says of a misspelt weight only that an
 * argument is null. To ask is no mistake by itself (`weights.bias ?? 0`), so that nothing is said unless a function fails.
 */
export function notingMissed(weights: Readonly<Record<string, tf.Tensor>>): {
  readonly noted: Readonly<Record<string, tf.Tensor>>;
  /** A sentence about the first name that was asked for in vain; undefined where there was none. */
  readonly missed: () => string | undefined;
} {
  let first: string | undefined;
  const noted = new Proxy(weights, {
    get(target, name, receiver): unknown {
      if (typeof name === "string" && !(name in target)) first ??= name;
      return Reflect.get(target, name, receiver);
    },
  });
  const names = Object.keys(weights);
  const missed = (): string | undefined =>
    first === undefined
      ? undefined
      : `There is no weight "${first}".${didYouMean(first, names)} There are ${names.join(", ")}.`;
  return { noted, missed };
}
