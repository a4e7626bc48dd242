import * as tf from "@tensorflow/tfjs";
import { broadcasting } from "./broadcasting";
import { indexing } from "./indexing";
import { movement } from "./movement";
import { reductions } from "./reductions";

/**
 * Gradients that tfjs 4.22 lacks, or gets wrong; with them a model may mask with `tf.where(tf.greater(a, b), ...)`, take
 * the maximum of tensors that broadcast, read a codebook at an `argMin`, attend with `tf.einsum`, and grow images with
 * `tf.depthToSpace`. Both engines differentiate with them.
 */
export function correctGradients(): void {
  if (corrected) return;
  corrected = true;
  for (const config of [...broadcasting, ...reductions, ...movement, ...indexing]) {
    if (tf.getGradient(config.kernelName)) tf.unregisterGradient(config.kernelName);
    tf.registerGradient(config);
  }
}
let corrected = false;
