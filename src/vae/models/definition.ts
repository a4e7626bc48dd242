import type * as tf from "@tensorflow/tfjs";
import type { Shape } from "../engine/engine";
import { wholeNumber, written } from "../options";
import { requireSchedule, type Schedule } from "../training/schedules";
import type { Initializer } from "./initializers";
import type { LayerSummary, LikelihoodName, Posterior } from "./model";
import type { Pass } from "./pass";

/** What is minimised, beyond reconstruction + KL. */
export interface Objective {
  /** Weight of the KL (Higgins et al. 2017); 1 is the ELBO. */
  readonly beta: Schedule;
  /** Nats of KL per dimension, averaged over the batch, that cost no more than this (Kingma et al. 2016). */
  readonly freeBits: number;
  /** Samples per example of the importance-weighted bound that is trained on (Burda et al. 2016); 1 is the ELBO. */
  readonly importanceSamples: number;
}

/** Random numbers that a part of the model needs while training, per row that passes through it. */
export interface RandomInput {
  readonly shape: Shape;
  readonly part: "encoder" | "decoder";
}

/**
 * A model as pure functions over tensors: what both ways of writing one end in, and all that objectives, evaluation
 * and export know of it. Shapes: `x` is `[batch, ...input]`, `z` and the posterior `[batch, latent]`.
 */
export interface Definition {
  readonly name: string;
  readonly input: Shape;
  readonly latent: number;
  readonly likelihood: LikelihoodName;
  /** Of a Gaussian likelihood that is in use: its variance before the first step. */
  readonly firstVariance?: number;
  readonly objective: Objective;
  readonly weights: Readonly<Record<string, Initializer>>;
  readonly randoms: Readonly<Record<string, RandomInput>>;
  /** Which of its functions a person wrote: "encode", "decode", "loss", "reparameterize". */
  readonly own: readonly string[];
  readonly layers: readonly LayerSummary[];
  /** The reconstruction term in words. */
  readonly reconstructionWords: string;
  encode(x: tf.Tensor, pass: Pass): Posterior;
  reparameterize(posterior: Posterior, noise: tf.Tensor2D): tf.Tensor2D;
  /** The likelihood's parameters, `[batch, ...input]`: logits, or a mean. */
  decode(z: tf.Tensor2D, pass: Pass): tf.Tensor;
  /** Both `[batch]`, in nats. */
  losses(at: LossInputs, pass: Pass): LossTerms;
  /** The likelihood's mean from what `decode` gave. */
  mean(decoded: tf.Tensor): tf.Tensor;
}

/** What a loss sees: one batch on its way through the model. */
export interface LossInputs {
  readonly x: tf.Tensor;
  readonly posterior: Posterior;
  readonly z: tf.Tensor2D;
  readonly decoded: tf.Tensor;
}

/** One value per example, `[batch]`, in nats. */
export interface LossTerms {
  /** Negative log-likelihood of the example given `z`, summed over its values. */
  readonly reconstruction: tf.Tensor;
  /** KL divergence of the posterior from the prior. */
  readonly kl: tf.Tensor;
}

/** Options that both ways of making a model take. */
export interface SharedOptions {
  /** For titles; made from the layer sizes unless given. */
  readonly name?: string;
  /** Number of latent dimensions. */
  readonly latent: number;
  /** Weight of the KL: a number, `warmUp(...)`, `cyclic(...)` or a function: `({ step }) => ...`. 1 unless given. */
  readonly beta?: Schedule;
  /** KL below this many nats per dimension is not minimised (Kingma et al. 2016). 0 unless given. */
  readonly freeBits?: number;
  /** Trains on the importance-weighted bound with this many samples (Burda et al. 2016). 1, the ELBO, unless given. */
  readonly importanceSamples?: number;
  /** Seed of the first weights; the session's unless given. */
  readonly seed?: number;
}

/** The names of `SharedOptions`, for whoever checks the names of its own options. */
export const sharedOptionNames = {
  name: true,
  latent: true,
  beta: true,
  freeBits: true,
  importanceSamples: true,
  seed: true,
} as const;

/** Checks what both ways of making a model share. */
export function sharedObjective({
  name,
  latent,
  beta = 1,
  freeBits = 0,
  importanceSamples = 1,
}: SharedOptions): Objective {
  if (name !== undefined && typeof name !== "string")
    throw new TypeError(`name must be text, but is ${written(name)}.`);
  wholeNumber("latent", latent, "the number of latent dimensions");
  requireSchedule("beta", beta);
  if (!(freeBits >= 0)) throw new RangeError(`freeBits must be 0 or more nats, but is ${written(freeBits)}.`);
  wholeNumber("importanceSamples", importanceSamples);
  if (freeBits > 0 && importanceSamples > 1)
    throw new Error(
      "freeBits and importanceSamples cannot be combined: the importance-weighted bound has no KL term. Leave one of them out.",
    );
  return { beta, freeBits, importanceSamples };
}

/** @throws if `input` is no shape of an example */
export function requireInputShape(input: unknown): asserts input is Shape {
  const lengths: readonly unknown[] | undefined = Array.isArray(input) ? input : undefined;
  if (
    lengths &&
    lengths.length > 0 &&
    lengths.every((length) => Number.isInteger(length) && Number(length) >= 1)
  )
    return;
  const found = lengths ? `[${lengths.join(", ")}]` : input === undefined ? "missing" : written(input);
  const loading = "If it is the shape of data that are loaded, await them first: (await data.mnist()).shape.";
  throw new RangeError(
    `input must be the shape of one example, such as [28, 28, 1] or [784], but is ${found}.${input === undefined ? ` ${loading}` : ""}`,
  );
}
