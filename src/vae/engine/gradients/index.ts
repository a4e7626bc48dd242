import * as tf from "@tensorflow/tfjs";
import { broadcasting } from "./broadcasting";
import { dilatedConvolutions } from "./dilatedConvolutions";
import { indexing } from "./indexing";
import { movement } from "./movement";
import { reductions } from "./reductions";

/**
 * Gradients that tfjs 4.22 lacks, or gets wrong; with them a model may mask with `tf.where(tf.greater(a, b), ...)`, take
 * the maximum of tensors that broadcast, read a codebook at an `argMin`, attend with `tf.einsum`, grow images with
 * `tf.depthToSpace`, and look far with dilated convolutions. Both engines differentiate with them.
 */
export function correctGradients(): void {
  if (corrected) return;
  corrected = true;
  const corrections = [...broadcasting, ...reductions, ...movement, ...indexing, ...dilatedConvolutions()];
  for (const config of corrections) {
    if (tf.getGradient(config.kernelName)) tf.unregisterGradient(config.kernelName);
    tf.registerGradient(config);
  }
}
let corrected = false;
