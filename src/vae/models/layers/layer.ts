import type * as tf from "@tensorflow/tfjs";
import type { Shape } from "../../engine/engine";
import type { Initializer } from "../initializers";
import type { Pass } from "../pass";

/** A layer set up for one input shape: a pure function of its input and of the weights it declares. */
export interface BuiltLayer {
  /** For the model's view: "dense 400 relu". */
  readonly title: string;
  /** Output shape without the batch. */
  readonly output: Shape;
  readonly weights: Readonly<Record<string, Initializer>>;
  /** Uniform random numbers per example that the layer needs while training, by name. */
  readonly randoms: Readonly<Record<string, Shape>>;
  apply(x: tf.Tensor, pass: Pass): tf.Tensor;
}

export const size = (shape: Shape): number => shape.reduce((product, length) => product * length, 1);

export const sameShape = (a: Shape, b: Shape): boolean =>
  a.length === b.length && a.every((length, axis) => length === b[axis]);

export const shapeText = (shape: Shape): string => `[${shape.join(", ")}]`;

/** A layer without weights. */
export const weightless = (
  title: string,
  output: Shape,
  apply: (x: tf.Tensor, pass: Pass) => tf.Tensor,
  randoms: Readonly<Record<string, Shape>> = {},
): BuiltLayer => ({ title, output, weights: {}, randoms, apply });
