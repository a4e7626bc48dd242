/**
 * Philox 4x32-10, the counter-based generator of Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as
 * 1, 2, 3" (SC 2011): a keyed bijection of 128-bit counters. There is no state to advance; the numbers at a counter
 * are the same whatever was drawn before, which is what makes a resumed training run equal to an unbroken one.
 */

/** The two multipliers, and the Weyl increments of the key (golden ratio and sqrt(3) - 1), of the paper's section 4.2. */
const multiplier0 = 0xd2511f53;
const multiplier1 = 0xcd9e8d57;
const weyl0 = 0x9e3779b9;
const weyl1 = 0xbb67ae85;
const rounds = 10;

const twoToMinus32 = 2 ** -32;

/**
 * Encrypts the counter under the key into four unsigned 32-bit words.
 *
 * A 32 x 32 bit product does not fit a double, but its high half does not need it to: the low half is known exactly
 * from `Math.imul`, and what remains after subtracting it is a multiple of 2^32 up to a rounding error below 2^12.
 */
export function philox(
  counter0: number,
  counter1: number,
  counter2: number,
  counter3: number,
  key0: number,
  key1: number,
  into: Uint32Array,
): void {
  let c0 = counter0 >>> 0;
  let c1 = counter1 | 0;
  let c2 = counter2 >>> 0;
  let c3 = counter3 | 0;
  let k0 = key0 | 0;
  let k1 = key1 | 0;
  for (let round = 0; round < rounds; round++) {
    const low0 = Math.imul(multiplier0, c0);
    const low1 = Math.imul(multiplier1, c2);
    const high0 = (multiplier0 * c0 - (low0 >>> 0)) * twoToMinus32 + 0.5;
    const high1 = (multiplier1 * c2 - (low1 >>> 0)) * twoToMinus32 + 0.5;
    c0 = (high1 ^ c1 ^ k0) >>> 0;
    c1 = low1;
    c2 = (high0 ^ c3 ^ k1) >>> 0;
    c3 = low0;
    k0 = (k0 + weyl0) | 0;
    k1 = (k1 + weyl1) | 0;
  }
  into[0] = c0;
  into[1] = c1;
  into[2] = c2;
  into[3] = c3;
}
