import * as tf from "@tensorflow/tfjs";
import type { Shape } from "../engine/engine";
import { requireOptions, written, type OptionNames } from "../options";
import {
  requireInputShape,
  sharedObjective,
  sharedOptionNames,
  type Definition,
  type LossTerms,
  type SharedOptions,
} from "./definition";
import type { Initializer } from "./initializers";
import { shapeText, size } from "./layers/layer";
import { likelihoodOf } from "./likelihood";
import type { LikelihoodName, Posterior } from "./model";
import { notingMissed } from "./missedWeights";
import { klPerDimension } from "./normal";
import { calling } from "./calling";
import { reparameterizeOf } from "./reparameterize";
import type { Pass } from "./pass";
import { isTensor, requireMatrix, requireShape, returned } from "./requireShape";

/** The tensor type of a shape whose length the compiler knows. */
export type TensorOf<S extends Shape> = number extends S["length"]
  ? tf.Tensor
  : S["length"] extends 0
    ? tf.Scalar
    : S["length"] extends 1
      ? tf.Tensor1D
      : S["length"] extends 2
        ? tf.Tensor2D
        : S["length"] extends 3
          ? tf.Tensor3D
          : S["length"] extends 4
            ? tf.Tensor4D
            : tf.Tensor;

/** The weights by name, as the functions of a defined model get them. */
export type DefinedWeights<W extends Readonly<Record<string, Initializer>>> = {
  readonly [Name in keyof W]: TensorOf<W[Name]["shape"]>;
};

/** What the functions of a defined model may be; see `vae.define`. */
export interface DefineOptions<
  W extends Readonly<Record<string, Initializer>> = Readonly<Record<string, Initializer>>,
  I extends Shape = Shape,
> extends SharedOptions {
  /** Shape of one example, without the batch: `[784]`. */
  readonly input: I;
  /** Every number that training changes: `{ hidden: vae.glorot([784, 400]), hiddenBias: vae.zeros([400]) }`. */
  readonly weights: W;
  /** From examples `[batch, ...input]` to the posterior: mean and log variance, `[batch, latent]` each. */
  encode(x: TensorOf<readonly [number, ...I]>, weights: DefinedWeights<W>): Encoded;
  /** From posterior and standard normal noise to a latent point, `[batch, latent]`; the usual one unless given. */
  reparameterize?(posterior: Posterior, noise: tf.Tensor2D): tf.Tensor;
  /** From latent points `[batch, latent]` to the likelihood's parameters, `[batch, ...input]`: logits, or a mean. */
  decode(z: tf.Tensor2D, weights: DefinedWeights<W>): tf.Tensor;
  /** Reconstruction and KL per example, `[batch]` each, in nats; from `likelihood` unless given. */
  loss?(at: DefinedLossInputs<W, I>): LossTerms;
  /** What `decode` returns the parameters of: logits of a Bernoulli unless given. */
  readonly likelihood?: LikelihoodName;
  /** Of a Gaussian likelihood without a `loss` of yours: 1 unless given. */
  readonly variance?: number;
}

const optionNames: OptionNames<DefineOptions> = {
  input: true,
  weights: true,
  encode: true,
  reparameterize: true,
  decode: true,
  loss: true,
  likelihood: true,
  variance: true,
  ...sharedOptionNames,
};

/** What `encode` returns; that both are `[batch, latent]` is checked when it runs, for tfjs's types seldom know. */
export interface Encoded {
  readonly mean: tf.Tensor;
  readonly logVariance: tf.Tensor;
}

/** What a loss function of a defined model gets. */
export interface DefinedLossInputs<W extends Readonly<Record<string, Initializer>>, I extends Shape> {
  readonly x: TensorOf<readonly [number, ...I]>;
  readonly posterior: Posterior;
  readonly z: tf.Tensor2D;
  readonly decoded: tf.Tensor;
  readonly weights: DefinedWeights<W>;
}

/** Makes a model of a person's own functions, each checked where it is called, so that a wrong shape names its function. */
export function fromFunctions<const W extends Readonly<Record<string, Initializer>>, const I extends Shape>(
  options: DefineOptions<W, I>,
): Definition {
  requireOptions("vae.define", options, optionNames);
  const { input, latent } = options;
  requireInputShape(input);
  const objective = sharedObjective(options);
  requireFunctions(options);
  requireWeights(options.weights);
  if (options.variance !== undefined && typeof options.variance !== "number")
    throw new TypeError(
      `variance of vae.define must be a number, but is ${written(options.variance)}. One that is learned is a weight of your own, used in a loss of your own; vae({ ..., variance: "learned" }) has it built in.`,
    );
  const likelihood = likelihoodOf(options.likelihood ?? "bernoulli", input, options.variance ?? 1);

  const names = Object.keys(options.weights);
  /** Calls a function that takes the weights. */
  const withWeights = <T>(
    name: string,
    given: readonly tf.Tensor[],
    pass: Pass,
    call: (weights: DefinedWeights<W>) => T,
  ): T => {
    const weights = Object.fromEntries(names.map((weight) => [weight, pass.weight(weight)]));
    const { noted, missed } = notingMissed(weights);
    const shapes = given.map(({ shape }) => shapeText(shape)).join(" and ");
    return calling(name, shapes, () => call(noted as DefinedWeights<W>), missed);
  };

  return {
    name: options.name ?? `vae ${size(input)}-${latent}`,
    input,
    latent,
    likelihood: likelihood.name,
    ...(likelihood.firstVariance !== undefined &&
      !options.loss && { firstVariance: likelihood.firstVariance }),
    objective,
    weights: options.weights,
    randoms: {},
    own: Object.keys(signatures).filter((name) => name in options),
    layers: Object.entries(options.weights).map(([name, { shape, trainable }]) => ({
      part: "weights",
      name,
      shape,
      weights: trainable ? size(shape) : 0,
    })),
    reconstructionWords: options.loss ? "your reconstruction" : likelihood.words,
    encode(x, pass) {
      const posterior = withWeights("encode", [x], pass, (weights) =>
        options.encode(x as TensorOf<readonly [number, ...I]>, weights),
      );
      const expected = [x.shape[0] ?? 1, latent] as const;
      requireParts("encode", posterior, ["mean", "logVariance"]);
      const { mean, logVariance } = posterior;
      requireMatrix("encode", "mean", mean, expected);
      requireMatrix("encode", "logVariance", logVariance, expected);
      return { mean, logVariance };
    },
    reparameterize: reparameterizeOf(options),
    decode(z, pass) {
      const decoded = withWeights("decode", [z], pass, (weights) => options.decode(z, weights));
      requireShape("decode", "the likelihood's parameters", decoded, [z.shape[0] ?? 1, ...input]);
      return decoded;
    },
    losses({ x, posterior, z, decoded }, pass) {
      if (!options.loss)
        return {
          reconstruction: likelihood.negativeLogLikelihood(x, decoded, pass),
          kl: tf.sum(klPerDimension(posterior), 1),
        };
      const loss = options.loss.bind(options);
      const at = { x: x as TensorOf<readonly [number, ...I]>, posterior, z, decoded };
      const terms = withWeights("loss", [x, decoded], pass, (weights) => loss({ ...at, weights }));
      requireParts("loss", terms, ["reconstruction", "kl"]);
      requireShape("loss", "reconstruction (one value per example)", terms.reconstruction, [x.shape[0] ?? 1]);
      requireShape("loss", "kl (one value per example)", terms.kl, [x.shape[0] ?? 1]);
      return terms;
    },
    mean: (decoded) => likelihood.mean(decoded),
  };
}

/** @throws if a function that every model has is missing, or what should be one is something else */
function requireFunctions(options: object): void {
  const given: Readonly<Record<string, unknown>> = { ...options };
  for (const [name, signature] of Object.entries(signatures)) {
    const value = given[name];
    if (typeof value === "function" || (value === undefined && !required.has(name))) continue;
    throw new TypeError(
      `vae.define needs ${name} to be a function, ${signature}, but it is ${value === undefined ? "missing" : typeof value}.`,
    );
  }
}

const required = new Set(["encode", "decode"]);
const signatures = {
  encode: "(x, weights) => ({ mean, logVariance })",
  reparameterize: "(posterior, noise) => z",
  decode: "(z, weights) => logits",
  loss: "({ x, posterior, z, decoded, weights }) => ({ reconstruction, kl })",
};

/** @throws if there are no weights, or one of them does not say how it begins */
function requireWeights(weights: unknown): void {
  const entries: readonly [string, unknown][] =
    typeof weights === "object" && weights !== null ? Object.entries(weights) : [];
  if (entries.length === 0)
    throw new Error(
      "weights is empty, so there is nothing to train. Declare them: weights: { hidden: vae.glorot([784, 400]) }.",
    );
  for (const [name, weight] of entries) {
    if (typeof weight === "object" && weight !== null && "values" in weight && "shape" in weight) continue;
    const found = isTensor(weight) ? `a tensor ${shapeText(weight.shape)}` : typeof weight;
    const shape = isTensor(weight) ? shapeText(weight.shape) : "[784, 400]";
    throw new TypeError(
      `weights.${name} is ${found}, but must say its shape and how it begins: ${name}: vae.glorot(${shape}), or zeros, normal, uniform and their like.`,
    );
  }
}

function requireParts(name: string, value: unknown, parts: readonly string[]): void {
  const wanted = `${name} must return { ${parts.join(", ")} }`;
  // A tensor has a `mean` too: a method.
  const given: object = typeof value === "object" && value !== null && !isTensor(value) ? value : {};
  const missing = parts.filter((part) => !(part in given));
  if (missing.length === parts.length) throw new Error(`${wanted}, but returned ${returned(value)}`);
  if (missing.length > 0) throw new Error(`${wanted}, but ${missing.join(" and ")} is missing.`);
}
