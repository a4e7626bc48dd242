/** Posterior means and log variances of some examples, `[size, latent]` each. */
export interface Posteriors {
  readonly mean: Float32Array;
  readonly logVariance: Float32Array;
}

/** The examples whose every number is finite: one that is not would make every average NaN. */
export function finiteExamples({ mean, logVariance }: Posteriors, latent: number): Posteriors {
  const size = mean.length / latent;
  const isFinite = (i: number): boolean => {
    for (let k = i * latent; k < (i + 1) * latent; k++)
      if (!Number.isFinite(mean[k]) || !Number.isFinite(logVariance[k])) return false;
    return true;
  };
  const kept = Array.from({ length: size }, (_, i) => i).filter(isFinite);
  if (kept.length === size) return { mean, logVariance };
  const rows = (values: Float32Array): Float32Array => {
    const picked = new Float32Array(kept.length * latent);
    kept.forEach((i, row) => picked.set(values.subarray(i * latent, (i + 1) * latent), row * latent));
    return picked;
  };
  return { mean: rows(mean), logVariance: rows(logVariance) };
}

/** What is known of one latent dimension over a dataset. */
export interface DimensionStatistics {
  /** KL divergence from the standard normal prior, in nats, averaged over the examples. */
  readonly kl: number;
  /** Variance over the examples of the posterior mean. */
  readonly variance: number;
  /** Average over the examples of the posterior mean. */
  readonly mean: number;
}

/** Above this variance of the posterior mean a dimension is active (Burda, Grosse and Salakhutdinov 2016). */
export const activeThreshold = 0.01;

/**
 * KL divergence and spread of each dimension. For a normal posterior and the standard normal prior the divergence is
 * (mean^2 + variance - log variance - 1) / 2 in each dimension (Kingma and Welling 2014, appendix B).
 */
export function dimensionStatistics(
  { mean, logVariance }: Posteriors,
  latent: number,
): readonly DimensionStatistics[] {
  const size = mean.length / latent;
  return Array.from({ length: latent }, (_, dimension) => {
    let kl = 0;
    let sum = 0;
    for (let i = dimension; i < mean.length; i += latent) {
      const m = mean[i] ?? 0;
      const v = logVariance[i] ?? 0;
      kl += (m * m + Math.exp(v) - v - 1) / 2;
      sum += m;
    }
    const average = sum / size;
    let squares = 0;
    for (let i = dimension; i < mean.length; i += latent) squares += ((mean[i] ?? 0) - average) ** 2;
    return { kl: kl / size, variance: squares / size, mean: average };
  });
}

/** Dimensions by falling KL divergence: the ones that carry the most first. */
export const mostInformative = (statistics: readonly DimensionStatistics[]): readonly number[] =>
  statistics
    .map((_, dimension) => dimension)
    .sort((a, b) => (statistics[b]?.kl ?? 0) - (statistics[a]?.kl ?? 0) || a - b);
