/**
 * The value below which a standard normal number lies with probability `p`, 0 < p < 1: Newton's method on the
 * distribution function, from a start that is exact to a few percent.
 */
export function normalQuantile(p: number): number {
  if (!(p > 0 && p < 1)) throw new RangeError(`A quantile needs a probability between 0 and 1, not ${p}.`);
  if (p > 0.5) return -normalQuantile(1 - p);
  // Winitzki's approximation of the inverse error function (2008).
  const a = 0.147;
  const log = Math.log(4 * p * (1 - p));
  const half = 2 / (Math.PI * a) + log / 2;
  let x = -Math.SQRT2 * Math.sqrt(Math.sqrt(half * half - log / a) - half);
  for (let i = 0; i < 4; i++) x -= (lowerTail(x) - p) / (Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI));
  return x;
}

/** Probability of a standard normal number below `x` <= 0: Laplace's continued fraction in the tail, a series near zero. */
function lowerTail(x: number): number {
  const density = Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
  const z = -x;
  if (z > 2.5) {
    let fraction = z;
    for (let k = 120; k >= 1; k--) fraction = z + k / fraction;
    return density / fraction;
  }
  let term = z;
  let sum = z;
  for (let k = 1; Math.abs(term) > 1e-17; k++) {
    term *= (z * z) / (2 * k + 1);
    sum += term;
  }
  return 0.5 - density * sum;
}
