import type * as tf from "@tensorflow/tfjs";
import type { Dataset } from "../data/dataset";

/**
 * What figures and evaluation need of a trained model; the full `Model` of the library extends it.
 * Arrays are row-major float32 and hold one row per example.
 */
export interface TrainedModel {
  /** For titles: "vae 784-400-2". */
  readonly name: string;
  /** Shape of one input, without the batch. */
  readonly input: readonly number[];
  readonly latent: number;
  readonly likelihood: "bernoulli" | "gaussian" | "categorical";
  /** Posterior means and log variances of the examples: `[size, latent]` each. */
  posterior(data: Dataset): Promise<{ readonly mean: Float32Array; readonly logVariance: Float32Array }>;
  /** The likelihood's mean (pixels in the data's range, not logits) for latent points `[count, latent]`. */
  reconstruct(points: Float32Array): Promise<Float32Array>;
}

/** What a person's `encode` returns, and what their `reparameterize` receives: tensors `[batch, latent]`. */
export interface Posterior {
  readonly mean: tf.Tensor2D;
  readonly logVariance: tf.Tensor2D;
}
