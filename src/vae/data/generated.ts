import { sessionSeed } from "../random/seed";
import { requireOptions } from "../options";
import { requireCount } from "./source";

/** What a dataset that is drawn here can be asked for. */
export interface GeneratedOptions {
  /** How many examples to train on; 20,000 unless given. */
  readonly train?: number;
  /** How many examples to test on: drawn in the same way, none of them is in `train`. 2,000 unless given. */
  readonly test?: number;
  /** Rows and columns of an image. */
  readonly size?: number;
  /** By default the session's seed. The first images do not depend on how many there are. */
  readonly seed?: number;
}

/**
 * The options with what was left out filled in.
 * @param what the set's name, what it draws, and the size of its images: usual and smallest
 * @throws TypeError for an unknown option, RangeError for counts and sizes that make no sense
 */
export function generatedOptions(
  options: GeneratedOptions,
  what: { readonly name: string; readonly drawn: string; readonly size: number; readonly smallest: number },
): Required<GeneratedOptions> {
  const { name, drawn, smallest } = what;
  requireOptions(`data.${name}`, options, { train: true, test: true, size: true, seed: true });
  const { train = 20_000, test = 2_000, size = what.size, seed = sessionSeed() } = options;
  if (!Number.isInteger(size) || size < smallest)
    throw new RangeError(
      `${name}({ size: ${size} }): ${drawn} needs a whole number of pixels, at least ${smallest}.`,
    );
  requireCount(`${name} train`, train);
  requireCount(`${name} test`, test);
  return { train, test, size, seed };
}
