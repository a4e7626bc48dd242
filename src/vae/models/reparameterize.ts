import type * as tf from "@tensorflow/tfjs";
import { calling } from "./calling";
import { shapeText } from "./layers/layer";
import type { Posterior } from "./model";
import { reparameterized } from "./normal";
import { requireMatrix } from "./requireShape";

/** How noise becomes a latent point. Shapes `[batch, latent]`. */
export type Reparameterize = (posterior: Posterior, noise: tf.Tensor2D) => tf.Tensor2D;

const signature =
  "It is called as reparameterize(posterior, noise): the first is one object, with posterior.mean and posterior.logVariance.";

/** A person's own way, checked where it is called, or the usual one. */
export function reparameterizeOf(options: {
  reparameterize?(posterior: Posterior, noise: tf.Tensor2D): tf.Tensor;
}): Reparameterize {
  const own = options.reparameterize?.bind(options);
  if (!own) return reparameterized;
  return (posterior, noise) => {
    const given = `a posterior and noise ${shapeText(noise.shape)}`;
    const z = calling(
      "reparameterize",
      given,
      () => own(posterior, noise),
      () => signature,
    );
    requireMatrix("reparameterize", "a point", z, noise.shape);
    return z;
  };
}
