import { glorot, he, small, uniform, type Initializer } from "../initializers";
import type { Shape } from "../../engine/engine";
import type { Activation } from "./activation";

/**
 * What the weights of layers start from, chosen among the usual ones on Fashion-MNIST with Adam at 1e-3:
 *
 * - Dense layers with an activation are `small`, as PyTorch's `nn.Linear`. He's larger weights are ahead by a nat after
 *   one epoch of the MLP 784-400-20, and no better after ten.
 * - Dense layers without one, which give the posterior and the likelihood's parameters, are Glorot's.
 * - Convolutions with an activation are He's. With small ones, as PyTorch has them, the signal that reaches the posterior
 *   of a deep encoder can be so faint that a seed stays at the prior for hundreds of steps: after 200 steps with batches
 *   of 32, seeds 2 and 3 are at 351 and 290 nats per example, with He's at 293 and 291.
 * - Convolutions without one are `small`: the output of a decoder.
 *
 * The fan in of a transposed convolution counts its output channels, as in PyTorch. Biases are uniform within
 * 1 / sqrt(fan in), as in PyTorch: a decoder's first layer has few inputs, and it is its bias that makes its units,
 * and so the places of an image, differ before the code does.
 */
export const firstKernel = {
  dense: <const S extends Shape>(shape: S, activation: Activation): Initializer<S> =>
    activation === "linear" ? glorot(shape) : small(shape),
  convolution: <const S extends Shape>(shape: S, activation: Activation): Initializer<S> =>
    activation === "linear" ? small(shape) : he(shape),
};

/** First biases of a layer whose units see `fanIn` values. */
export const firstBias = (units: number, fanIn: number): Initializer =>
  uniform([units], 1 / Math.sqrt(fanIn));
