import * as tf from "@tensorflow/tfjs";
import type { Posterior } from "./model";

const logTwoPi = Math.log(2 * Math.PI);

/** KL divergence of a diagonal normal from the standard normal, per dimension: `[batch, latent]`, in nats (Kingma and Welling 2014, appendix B). */
export const klPerDimension = ({ mean, logVariance }: Posterior): tf.Tensor =>
  tf.mul(0.5, tf.sub(tf.add(tf.square(mean), tf.exp(logVariance)), tf.add(logVariance, 1)));

/** Log density of points under a diagonal normal, summed over the dimensions: `[batch]`, in nats. */
export const logNormal = (z: tf.Tensor, { mean, logVariance }: Posterior): tf.Tensor =>
  tf.mul(
    -0.5,
    tf.sum(
      tf.add(tf.add(tf.mul(tf.square(tf.sub(z, mean)), tf.exp(tf.neg(logVariance))), logVariance), logTwoPi),
      1,
    ),
  );

/** Log density of points under the standard normal prior: `[batch]`, in nats. */
export const logPrior = (z: tf.Tensor): tf.Tensor => tf.mul(-0.5, tf.sum(tf.add(tf.square(z), logTwoPi), 1));

/** A sample of the posterior as a differentiable function of standard normal noise (Kingma and Welling 2014). */
export const reparameterized = ({ mean, logVariance }: Posterior, noise: tf.Tensor2D): tf.Tensor2D =>
  tf.add(mean, tf.mul(noise, tf.exp(tf.mul(logVariance, 0.5))));
