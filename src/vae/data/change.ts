import type { ValueRange } from "./dataset";
import { written } from "../options";
import { exampleRandoms, type Random } from "./exampleRandom";

/** Something that happens to an example each time it is read. */
export interface Change {
  /** Changes the values in place. `position` is the example's place in its source, whatever the view. */
  apply(values: Float32Array, position: number, draw: number): void;
  /** Whether a value alone says what becomes of it, wherever it stands and however often it is read. */
  readonly pointwise?: true;
  /** The range after the change where it follows from the range before; otherwise every example has to be looked at. */
  range?(before: ValueRange): ValueRange;
}

export const scaling = (factor: number): Change => ({
  pointwise: true,
  apply(values) {
    for (let index = 0; index < values.length; index++) values[index] = (values[index] ?? 0) * factor;
  },
  range: ({ min, max, nan }) => {
    // Adding 0 makes a plain zero of a negative one.
    const ends = [Math.fround(min * factor) + 0, Math.fround(max * factor) + 0];
    return { min: Math.min(...ends), max: Math.max(...ends), nan };
  },
});

export const thresholding = (threshold: number): Change => ({
  pointwise: true,
  apply(values) {
    for (let index = 0; index < values.length; index++)
      values[index] = (values[index] ?? 0) > threshold ? 1 : 0;
  },
});

/** Bernoulli draws with the values as probabilities: one for all passes, or a new one for each. */
export function bernoulli(seed: number, purpose: string, anew: boolean): Change {
  const randoms = exampleRandoms(seed, purpose);
  return {
    apply(values, position, draw) {
      const random = randoms(position, anew ? draw : 0);
      for (let index = 0; index < values.length; index++)
        values[index] = random() < (values[index] ?? 0) ? 1 : 0;
    },
  };
}

export function augmenting(
  seed: number,
  purpose: string,
  change: (example: Float32Array, random: Random) => void,
): Change {
  const randoms = exampleRandoms(seed, purpose);
  return {
    apply(values, position, draw) {
      const changed: unknown = change(values, randoms(position, draw));
      // An arrow function's value that nobody means, such as that of `(x) => (x[0] = 1)`, is none.
      if (typeof changed !== "object" || changed === null || changed === values) return;
      if (!(changed instanceof Float32Array) || changed.length !== values.length)
        throw new TypeError(
          `augment's function changes the example that it is given, or returns one of as many values in a Float32Array; it returned ${written(changed)}.`,
        );
      values.set(changed);
    },
  };
}
