import type { Shape } from "../engine/engine";
import type * as tf from "@tensorflow/tfjs";
import type { Schedule } from "../training/schedules";
import { fromFunctions, type DefinedLossInputs, type DefineOptions, type Encoded } from "./define";
import type { LossTerms } from "./definition";
import {
  constant,
  glorot,
  he,
  lecun,
  normal,
  ones,
  small,
  uniform,
  zeros,
  type Initializer,
} from "./initializers";
import type { Model, Posterior } from "./model";
import { fromParts, type VaeOptions } from "./parts";
import { readModel } from "./saved";
import type { Surroundings } from "./surroundings";
import { VaeModel } from "./vaeModel";

/** What a file cannot hold, for `vae.load`: the options that the model was made with, or just its functions. */
export interface LoadedFunctions {
  readonly weights?: Readonly<Record<string, Initializer>>;
  encode?(x: tf.Tensor, weights: Readonly<Record<string, tf.Tensor>>): Encoded;
  reparameterize?(posterior: Posterior, noise: tf.Tensor2D): tf.Tensor;
  decode?(z: tf.Tensor2D, weights: Readonly<Record<string, tf.Tensor>>): tf.Tensor;
  loss?(at: DefinedLossInputs<Readonly<Record<string, Initializer>>, Shape>): LossTerms;
  readonly beta?: Schedule;
}

/** `vae` as a person calls it, for one session. */
export function vaeIn(surroundings: Surroundings) {
  /**
   * A variational autoencoder from layers (Kingma and Welling 2014).
   *
   * ```ts
   * vae({ input: [28, 28, 1], latent: 2, encoder: [dense(400)], likelihood: "bernoulli" })
   * ```
   * @throws if a layer cannot take what the one before it gives, or an option makes no sense
   */
  function vae(options: VaeOptions): Model<VaeOptions> {
    return new VaeModel(fromParts(options), options, surroundings, options.seed);
  }

  /**
   * A variational autoencoder from your own functions over `tf` tensors: encoder, decoder, reparameterisation, loss.
   * They are called with whole batches, and traced: they must not read a tensor's values or draw their own noise.
   * @throws if an option makes no sense; a function that returns another shape than it should is named when it runs
   */
  function define<const W extends Readonly<Record<string, Initializer>>, const I extends Shape>(
    options: DefineOptions<W, I>,
  ): Model<DefineOptions<W, I>> {
    return new VaeModel(fromFunctions(options), options, surroundings, options.seed);
  }

  /**
   * The model in a file that `model.save` wrote. A model with functions of your own needs them again, for they are code
   * and not in the file: `vae.load("mine.vae", { weights, encode, decode, loss })`.
   * @throws if the file is missing or damaged, or functions are missing, with their names
   */
  async function load(path: string, functions: LoadedFunctions = {}): Promise<Model<VaeOptions>> {
    const { architecture, tensors } = await readModel(path);
    const given: Readonly<Record<string, unknown>> = { ...functions };
    const needed =
      architecture.kind === "functions" ? ["weights", ...architecture.functions] : architecture.functions;
    const missing = needed.filter((name) => !(name in given));
    if (missing.length > 0)
      throw new Error(
        `${path} was saved from a model with functions of your own, and a file does not hold code. Give them again: vae.load("${path}", { ${missing.join(", ")} }), or simply the options that the model was made with.`,
      );
    const options: unknown = { ...architecture.options, ...given };
    const model =
      architecture.kind === "functions" ? define(options as DefineOptions) : vae(options as VaeOptions);
    const loaded = model as unknown as VaeModel<VaeOptions>;
    const expected = Object.keys(loaded.weights());
    const absent = expected.filter((name) => !(name in tensors));
    if (absent.length > 0)
      throw new Error(
        `${path} has no weights for ${absent.join(", ")}: it was saved from another architecture.`,
      );
    loaded.setWeights(
      Object.fromEntries(Object.entries(tensors).map(([name, { values }]) => [name, values])),
    );
    loaded.restoreProgress(architecture);
    return loaded;
  }

  return Object.assign(vae, {
    define,
    load,
    zeros,
    ones,
    constant,
    glorot,
    he,
    lecun,
    normal,
    small,
    uniform,
  });
}
