import * as tf from "@tensorflow/tfjs";
import { flat, one, saved } from "./gradient";

/** Gradients of operations that shrink or scan axes, and of sums of products. */

const conditions: readonly tf.GradConfig[] = ["All", "Any", "LogicalNot"].map((kernelName) => ({
  kernelName,
  inputsToSave: ["x"],
  gradFunc: (_, tensors) => ({ x: flat(saved(tensors, 0)) }),
}));

const cumsum: tf.GradConfig = {
  kernelName: "Cumsum",
  gradFunc: (dy, _, { axis, exclusive, reverse }) => ({
    x: () => tf.cumsum(one(dy), Number(axis), Boolean(exclusive), !reverse),
  }),
};

/**
 * Each value is a factor of all products from it on. As in TensorFlow the gradient divides by it, and is 0 where it is 0.
 */
const cumprod: tf.GradConfig = {
  kernelName: "Cumprod",
  inputsToSave: ["x"],
  outputsToSave: [true],
  gradFunc: (dy, tensors, { axis, exclusive, reverse }) => ({
    x: () => {
      const [x, products] = [saved(tensors, 0), saved(tensors, 1)];
      const weighted = tf.mul(one(dy), products);
      return tf.divNoNan(tf.cumsum(weighted, Number(axis), Boolean(exclusive), !reverse), x);
    },
  }),
};

/** The gradient of a factor is the sum over the other one, and the same along axes that only this factor has. */
const einsum: tf.GradConfig = {
  kernelName: "Einsum",
  saveAllInputs: true,
  gradFunc: (dy, factors, attributes) => {
    const equation = typeof attributes.equation === "string" ? attributes.equation : "";
    const [terms = "", result = ""] = equation.replaceAll(" ", "").split("->");
    const labels = terms.split(",");
    const gradient = (factor: tf.Tensor, place: number): tf.Tensor => {
      const own = labels[place] ?? "";
      // tfjs forgets a factor of a product in which an axis is summed that only the other one has: such sums come first.
      const others = factors.flatMap((other, at) =>
        at === place ? [] : [summedOver(other, labels[at] ?? "", own + result)],
      );
      const known = [result, ...others.map(({ label }) => label)];
      const isKnown = (letter: string | undefined): boolean => known.join("").includes(letter ?? "");
      const kept = [...own].filter(isKnown).join("");
      const sum = tf.einsum(`${known.join(",")}->${kept}`, one(dy), ...others.map(({ tensor }) => tensor));
      const shape = factor.shape.map((length, axis) => (isKnown(own[axis]) ? length : 1));
      return tf.mul(tf.reshape(sum, shape), tf.onesLike(factor));
    };
    return Object.fromEntries(factors.map((factor, place) => [String(place), () => gradient(factor, place)]));
  },
};

/** Sums over the axes whose labels are not among the wanted ones. */
function summedOver(
  tensor: tf.Tensor,
  label: string,
  wanted: string,
): { readonly tensor: tf.Tensor; readonly label: string } {
  const axes = [...label].flatMap((letter, axis) => (wanted.includes(letter) ? [] : [axis]));
  if (axes.length === 0) return { tensor, label };
  return {
    tensor: tf.sum(tensor, axes),
    label: [...label].filter((_, axis) => !axes.includes(axis)).join(""),
  };
}

export const reductions: readonly tf.GradConfig[] = [...conditions, cumsum, cumprod, einsum];
