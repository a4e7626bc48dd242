/**
 * The session's seed: what everything random starts from unless it is given a seed of its own. `session.seed(7)` sets
 * it; a module of its own, because the datasets and models that read it do not know the session.
 */
let current = 0;

/** The seed in force. */
export const sessionSeed = (): number => current;

/**
 * Sets the seed for everything that is made from now on.
 * @throws RangeError if `seed` is not an integer between 0 and 2^53 - 1.
 */
export function setSessionSeed(seed: number): void {
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new RangeError(
      `A seed is an integer between 0 and 2^53 - 1, not ${seed}. Use session.seed(7), for example.`,
    );
  }
  current = seed;
}
