import * as tf from "@tensorflow/tfjs";

const message =
  "A tensor is no number, and JavaScript's operators do not work on it: write tf.add(a, b), tf.sub, tf.mul, tf.div, " +
  "tf.neg or tf.greater; inside of a text, `${tensor}`. await tensor.data() gives the numbers in it.";

/**
 * Makes `0.5 * logVariance` an error that says what to write, in place of a NaN that is met much later. In a template a
 * tensor is still its text.
 */
export function refuseOperatorsOnTensors(): void {
  Object.defineProperty(tf.Tensor.prototype, Symbol.toPrimitive, {
    configurable: true,
    value(this: tf.Tensor, wanted: string): string {
      if (wanted === "string") return this.toString();
      throw new TypeError(message);
    },
  });
}
