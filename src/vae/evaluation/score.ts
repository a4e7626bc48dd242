import type { Displayable } from "../host";

/** What `model.evaluate` measured, averaged over the examples of one dataset. Every loss is in nats per example. */
export interface Score extends Displayable {
  /** For titles: the model's and the dataset's names. */
  readonly model: string;
  readonly data: string;
  readonly examples: number;
  /** Evidence lower bound, `-(reconstruction + kl)`: at most the log-likelihood, so usually negative. */
  readonly elbo: number;
  /** Negative log-likelihood given one posterior sample per example, summed over the pixels. */
  readonly reconstruction: number;
  /** KL divergence of the posterior from the prior, summed over the latent dimensions. */
  readonly kl: number;
  readonly klPerDimension: readonly number[];
  /** Variance over the data of each dimension's posterior mean: above 0.01 the dimension is active (Burda et al. 2016). */
  readonly posteriorMeanVariance: readonly number[];
  /** How many dimensions are active. */
  readonly activeUnits: number;
  /** Importance-weighted bound of Burda et al. 2016 with `importanceSamples` samples; with one sample it is the ELBO. */
  readonly importanceWeightedBound: number;
  readonly importanceSamples: number;
  /** Mean squared difference per pixel between the data and the reconstruction of the posterior mean. */
  readonly reconstructionMse: number;
}
