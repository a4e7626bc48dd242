import * as tf from "@tensorflow/tfjs";
import type { Shape } from "../engine/engine";
import { requireOptions, written, type OptionNames } from "../options";
import {
  requireInputShape,
  sharedObjective,
  sharedOptionNames,
  type Definition,
  type RandomInput,
  type SharedOptions,
} from "./definition";
import type { Initializer } from "./initializers";
import { buildLayer } from "./layers/build";
import { sameShape, size, type BuiltLayer } from "./layers/layer";
import { dense, type Layer } from "./layers/spec";
import { likelihoodOf, type Variance } from "./likelihood";
import { mirrored, outputLayers } from "./mirror";
import type { LayerSummary, LikelihoodName, Posterior } from "./model";
import { klPerDimension } from "./normal";
import { reparameterizeOf } from "./reparameterize";
import { within, type Pass } from "./pass";

/** What `vae({...})` takes: a variational autoencoder put together from layers. */
export interface VaeOptions extends SharedOptions {
  /** Shape of one example, without the batch: `digits.shape`, `[28, 28, 1]` or `[784]`. */
  readonly input: Shape;
  /** From the input towards the posterior; its mean and log variance are two more dense layers, added for you. */
  readonly encoder: readonly Layer[];
  /**
   * From the latent point towards the likelihood; a last layer that gives the input's shape is added for you. The
   * encoder's mirror image unless given.
   */
  readonly decoder?: readonly Layer[];
  /** "bernoulli" for values in [0, 1], "gaussian" for any, "categorical" for a one-hot last axis. */
  readonly likelihood?: LikelihoodName;
  /** Of a Gaussian likelihood: a number, or "learned", one number trained with the weights (the default). */
  readonly variance?: Variance;
  /** How noise becomes a latent point; `mean + noise * exp(logVariance / 2)` unless given. Shapes `[batch, latent]`. */
  reparameterize?(posterior: Posterior, noise: tf.Tensor2D): tf.Tensor;
}

const optionNames: OptionNames<VaeOptions> = {
  input: true,
  encoder: true,
  decoder: true,
  likelihood: true,
  variance: true,
  reparameterize: true,
  ...sharedOptionNames,
};

interface Stack {
  readonly layers: readonly { readonly prefix: string; readonly built: BuiltLayer }[];
  readonly shapes: readonly Shape[];
  readonly output: Shape;
  apply(x: tf.Tensor, pass: Pass): tf.Tensor;
}

/** Layers one after the other, each set up for what the one before gives. */
function stack(part: string, layers: readonly Layer[], input: Shape): Stack {
  const shapes: Shape[] = [input];
  let current = input;
  const built = layers.map((layer, index) => {
    const made = inPlace(part, index, () => buildLayer(layer, current));
    current = made.output;
    shapes.push(current);
    return { prefix: `${part}.${index}.`, built: made };
  });
  return {
    layers: built,
    shapes,
    output: current,
    apply: (x, pass) =>
      built.reduce((value, { prefix, built }) => built.apply(value, within(pass, prefix)), x),
  };
}

function inPlace<T>(part: string, index: number, build: () => T): T {
  try {
    return build();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`Layer ${index + 1} of the ${part}: ${why}`, { cause: error });
  }
}

/** Puts a model together from parts. */
export function fromParts(options: VaeOptions): Definition {
  requireOwnKind(options);
  requireOptions("vae", options, optionNames);
  const { input, latent, likelihood: likelihoodName = "bernoulli", variance } = options;
  requireInputShape(input);
  const objective = sharedObjective(options);
  requireLayers("encoder", options.encoder);
  if (options.decoder !== undefined) requireLayers("decoder", options.decoder);
  if (variance !== undefined && likelihoodName !== "gaussian")
    throw new Error(
      `variance belongs to likelihood: "gaussian", but the likelihood is "${likelihoodName}". Leave one of them out.`,
    );
  const likelihood = likelihoodOf(likelihoodName, input, variance);

  const encoder = stack("encoder", options.encoder, input);
  const head = dense(latent, { activation: "linear" });
  const mean = buildLayer(head, encoder.output);
  const logVariance = buildLayer(head, encoder.output);

  const written = options.decoder ?? mirrored(options.encoder, encoder.shapes);
  const inner = stack("decoder", written, [latent]);
  if (options.decoder !== undefined) {
    requireImageSize(inner.output, input);
    if (likelihoodName === "bernoulli") requireNoSigmoid(options.decoder, inner.output, input);
  }
  const decoder = stack("decoder", [...written, ...outputLayers(inner.output, input)], [latent]);

  const weights: Record<string, Initializer> = {};
  const randoms: Record<string, RandomInput> = {};
  const layers: LayerSummary[] = [];
  const adopt = (part: LayerSummary["part"], prefix: string, built: Omit<BuiltLayer, "apply">): void => {
    for (const [name, weight] of Object.entries(built.weights)) weights[prefix + name] = weight;
    const side = part === "decoder" ? "decoder" : "encoder";
    for (const [name, shape] of Object.entries(built.randoms)) randoms[prefix + name] = { shape, part: side };
    const trained = Object.values(built.weights).filter((weight) => weight.trainable);
    const count = trained.reduce((sum, weight) => sum + size(weight.shape), 0);
    layers.push({ part, name: built.title, shape: built.output, weights: count });
  };
  for (const { prefix, built } of encoder.layers) adopt("encoder", prefix, built);
  adopt("posterior", "mean.", { ...mean, title: "mean" });
  adopt("posterior", "logVariance.", { ...logVariance, title: "log variance" });
  for (const { prefix, built } of decoder.layers) adopt("decoder", prefix, built);
  adopt("likelihood", "likelihood.", {
    title: likelihood.words,
    output: input,
    weights: likelihood.weights,
    randoms: {},
  });

  return {
    name: options.name ?? `vae ${[size(input), ...widths(encoder), latent].join("-")}`,
    input,
    latent,
    likelihood: likelihood.name,
    ...(likelihood.firstVariance !== undefined && { firstVariance: likelihood.firstVariance }),
    objective,
    weights,
    randoms,
    own: options.reparameterize ? ["reparameterize"] : [],
    layers,
    reconstructionWords: likelihood.words,
    encode(x, pass) {
      const hidden = encoder.apply(x, pass);
      return {
        mean: mean.apply(hidden, within(pass, "mean.")) as tf.Tensor2D,
        logVariance: logVariance.apply(hidden, within(pass, "logVariance.")) as tf.Tensor2D,
      };
    },
    reparameterize: reparameterizeOf(options),
    decode: (z, pass) => decoder.apply(z, pass),
    losses: ({ x, posterior, decoded }, pass) => ({
      reconstruction: likelihood.negativeLogLikelihood(x, decoded, within(pass, "likelihood.")),
      kl: tf.sum(klPerDimension(posterior), 1),
    }),
    mean: (decoded) => likelihood.mean(decoded),
  };
}

const ofFunctions = ["weights", "encode", "decode", "loss"];

/** @throws if these are the options of a model of functions */
function requireOwnKind(options: unknown): void {
  const found =
    typeof options === "object" && options !== null ? ofFunctions.filter((name) => name in options) : [];
  if (found.length > 0)
    throw new TypeError(`A model of your own functions (${found.join(", ")}) is made by vae.define({...}).`);
}

/** @throws if something in the list is no layer, with its place and what it is */
function requireLayers(part: "encoder" | "decoder", layers: unknown): void {
  if (!Array.isArray(layers))
    throw new TypeError(
      `${part} must be a list of layers, such as [dense(400)], but is ${
        layers === undefined ? "missing" : isLayer(layers) ? "one layer: put it into [ ]" : written(layers)
      }.`,
    );
  layers.forEach((layer: unknown, index) => {
    if (!isLayer(layer))
      throw new TypeError(`Layer ${index + 1} of the ${part} is no layer but ${insteadOfLayer(layer)}.`);
  });
}

/** @throws if a decoder ends as one does that gives probabilities: the layer that is added behind it would take them apart */
function requireNoSigmoid(decoder: readonly Layer[], decoded: Shape, input: Shape): void {
  const last = decoder.findLast(({ layer }) => layer !== "reshape" && layer !== "flatten");
  const givesProbabilities = last !== undefined && "activation" in last && last.activation === "sigmoid";
  if (size(decoded) !== size(input) || !givesProbabilities) return;
  throw new Error(
    "The decoder ends with a sigmoid over as many values as the input has. Leave that layer out: one that gives the input's shape is added for you, and a Bernoulli likelihood applies the sigmoid itself.",
  );
}

/** @throws if a decoder ends with images of another size than the input's: what becomes of them is the person's to say */
function requireImageSize(decoded: Shape, input: Shape): void {
  if (decoded.length !== 3 || input.length !== 3 || sameShape(decoded.slice(0, 2), input.slice(0, 2))) return;
  const [rows = 1, columns = 1] = input;
  throw new Error(
    `The decoder ends with images of ${decoded[0]} x ${decoded[1]} pixels, but the input has ${rows} x ${columns}. Grow them as convolutions of stride 2 would shrink the input, ${halves(rows, columns)} the other way round: a convTranspose gives an odd size with { size: [7, 7] }. Or end with flatten(), for a dense layer from there to the pixels.`,
  );
}

/** "28 x 28, 14 x 14, 7 x 7, 4 x 4": what stride 2 makes of an image. */
function halves(rows: number, columns: number): string {
  const sizes: string[] = [];
  for (let [r, c] = [rows, columns]; sizes.length < 4; [r, c] = [Math.ceil(r / 2), Math.ceil(c / 2)])
    sizes.push(`${r} x ${c}`);
  return sizes.join(", ");
}

const isLayer = (value: unknown): boolean => typeof value === "object" && value !== null && "layer" in value;

function insteadOfLayer(value: unknown): string {
  if (typeof value === "function") return `the function ${value.name}: call it, as in ${value.name}(...)`;
  if (typeof value === "number") return `the number ${value}: dense(${value}) is a layer of so many units`;
  return written(value);
}

/** Sizes of the layers that have weights, for the model's name. */
const widths = (encoder: Stack): number[] =>
  encoder.layers
    .filter(({ built }) => Object.values(built.weights).some((weight) => weight.shape.length > 1))
    .map(({ built }) => built.output.at(-1) ?? 0);
