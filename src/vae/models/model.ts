import type * as tf from "@tensorflow/tfjs";
import type { Dataset } from "../data/dataset";
import type { Score } from "../evaluation/score";
import type { Displayable } from "../host";
import type { FitOptions } from "../training/options";
import type { Run } from "../training/run";
import type { GradientCheck } from "./gradientCheck";

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
  readonly likelihood: LikelihoodName;
  /** Posterior means and log variances of the examples: `[size, latent]` each. */
  posterior(data: Dataset): Promise<{ readonly mean: Float32Array; readonly logVariance: Float32Array }>;
  /**
   * The likelihood's mean (pixels in the data's range, not logits) for latent points `[count, latent]`, one after the
   * other in one array, by the model's engine: for many points.
   */
  decodeAll(points: Float32Array): Promise<Float32Array>;
}

/** How the decoder's output says how probable the data are. */
export type LikelihoodName = "bernoulli" | "gaussian" | "categorical";

/** What a person's `encode` returns, and what their `reparameterize` receives: tensors `[batch, latent]`. */
export interface Posterior {
  readonly mean: tf.Tensor2D;
  readonly logVariance: tf.Tensor2D;
}

/** Examples in any form that a person has at hand: a dataset, a tensor `[batch, ...input]`, or nested arrays. */
export type Examples = Dataset | tf.Tensor | tf.TensorLike;

/** One row of the model's view. */
export interface LayerSummary {
  /** "encoder", "posterior", "decoder" or "likelihood"; for a model of your own functions, "weights". */
  readonly part: string;
  readonly name: string;
  /** Output shape without the batch; for a model of your own functions, the weight's shape. */
  readonly shape: readonly number[];
  readonly weights: number;
}

/** What the model's view shows. Drawn by `modelFigure(model)` of `figures/model.ts`. */
export interface ModelSummary {
  readonly name: string;
  readonly input: readonly number[];
  readonly latent: number;
  readonly layers: readonly LayerSummary[];
  /** Number of trainable weights. */
  readonly weights: number;
  /** The loss in words, with its unit. */
  readonly loss: string;
  /** "compiled", "tfjs-node", "wasm" or "cpu". */
  readonly engine: string;
  /** Optimizer steps taken so far. */
  readonly stepsTrained: number;
}

/**
 * A variational autoencoder (Kingma and Welling 2014), whichever way it was made. Losses are in nats per example.
 */
export interface Model<Options = unknown> extends TrainedModel, Displayable {
  /** What the model was made from; spread it to make a variant: `vae({ ...model.options, latent: 5 })`. */
  readonly options: Options;
  readonly summary: ModelSummary;

  /**
   * The posterior of some examples, at once: tensors `[batch, latent]` of `tf`, which are yours to use and to dispose.
   * @throws if the examples do not have the model's input shape
   */
  encode(examples: Examples): Posterior;
  /**
   * The likelihood's mean for latent points `[batch, latent]`, at once: a tensor `[batch, ...input]`, for a Bernoulli
   * likelihood the probability of each pixel.
   * @throws if the points do not have `latent` columns
   */
  decode(points: tf.Tensor | tf.TensorLike): tf.Tensor;

  /**
   * What the model makes of some examples, at once: the likelihood's mean at the mean of their posterior, a tensor
   * `[batch, ...input]`. `plot.reconstructions(model, data)` draws it.
   * @throws if the examples do not have the model's input shape
   */
  reconstruct(examples: Examples): tf.Tensor;

  /**
   * Trains. Shows its run at once, lives through a Stop (which keeps the weights and returns the run so far), and
   * continues where the last `fit` ended when it is called again. The same seed gives the same weights, to the bit.
   * @throws if the data do not fit the model or its likelihood, or an option makes no sense
   */
  fit(data: Dataset, options: FitOptions): Promise<Run>;
  /**
   * Measures the model on a dataset; the result displays itself as a table.
   * @param options.importanceSamples samples per example of the importance-weighted bound (Burda et al. 2016); 1 is the ELBO
   */
  evaluate(
    data: Dataset,
    options?: { readonly importanceSamples?: number; readonly seed?: number },
  ): Promise<Score>;
  /**
   * Compares the gradients of the loss with finite differences, weight by weight, at the present weights, on up to 16
   * examples. Compared are slopes: how fast the loss (nats per example) changes along one direction of length 1 in the
   * space of a weight, four directions for each, with all its entries moving together. Corners, as relu has them, are
   * no error. Shows a table, worst weight first.
   * @param options.tolerance the largest relative error that agrees; 0.005 unless given
   * @throws if the loss is no number at the present weights
   */
  checkGradients(data: Dataset, options?: { readonly tolerance?: number }): Promise<GradientCheck>;

  /** The values of all weights, by name: copies. */
  weights(): Readonly<Record<string, Float32Array>>;
  /** Replaces the values of the named weights. */
  setWeights(values: Readonly<Record<string, Float32Array>>): void;

  /** Writes weights and architecture into one safetensors file, which `vae.load` and every safetensors reader open. */
  save(path: string): Promise<void>;
  /**
   * The encoder (`x` to `mean`, `logVariance`) and the decoder (`z` to the likelihood's mean) as ONNX models for
   * batches of `batchSize`; with `path`, also writes `<path>.encoder.onnx` and `<path>.decoder.onnx`.
   */
  export(
    format: "onnx",
    options?: { readonly path?: string; readonly batchSize?: number },
  ): Promise<{ readonly encoder: Uint8Array; readonly decoder: Uint8Array }>;

  readonly disposed: boolean;
  /** Frees the model's memory. Using it afterwards is an error. */
  dispose(): void;
}
