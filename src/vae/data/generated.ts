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
  const bytes = (train + test) * size * size;
  if (bytes > mostBytes)
    throw new RangeError(
      `${name}: ${(train + test).toLocaleString("en")} examples of ${size} x ${size} would take ${Math.round(bytes / 1e9)} GB of memory. Ask for fewer, up to ${Math.floor(mostBytes / (size * size)).toLocaleString("en")}.`,
    );
  return { train, test, size, seed };
}

/** What is drawn lies in memory, a byte for each pixel. */
const mostBytes = 2 ** 32;
