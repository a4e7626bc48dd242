import * as tf from "@tensorflow/tfjs";
import { one, saved } from "./gradient";

/**
 * Gradients of convolutions whose kernels have gaps, which tfjs refuses to give. Such a convolution is a sum over the
 * taps of its kernel: each multiplies a window of the padded image, and its two gradients are products with that window
 * and with that tap.
 */
interface Tap {
  /** What the tap adds to the gradient of the filter at its place, from the window that it sees `[batch, h, w, in]`. */
  readonly filter: (window: tf.Tensor4D) => tf.Tensor;
  /** What it adds to the gradient of the window that it sees. */
  readonly window: (weights: tf.Tensor) => tf.Tensor4D;
}

/** `[in, out]` weights in a tap, one matrix product per tap and direction. */
function dense(dy: tf.Tensor4D, [, , inner, outer]: readonly number[]): Tap {
  const [batch, height, width] = dy.shape;
  const pixels = batch * height * width;
  const flat = tf.reshape(dy, [pixels, outer ?? 1]);
  return {
    filter: (window) => tf.matMul(tf.reshape(window, [pixels, inner ?? 1]), flat, true, false),
    window: (weights) =>
      tf.reshape(tf.matMul(flat, tf.reshape(weights, [inner ?? 1, outer ?? 1]), false, true), [
        batch,
        height,
        width,
        inner ?? 1,
      ]),
  };
}

/** `[in, multiplier]` weights in a tap, for each channel its own. */
function depthwise(dy: tf.Tensor4D, [, , inner, multiplier]: readonly number[]): Tap {
  const apart = tf.reshape(dy, [...dy.shape.slice(0, 3), inner ?? 1, multiplier ?? 1]);
  return {
    filter: (window) => tf.sum(tf.mul(tf.expandDims(window, 4), apart), [0, 1, 2]),
    window: (weights) => tf.sum<tf.Tensor4D>(tf.mul(apart, weights), 4),
  };
}

function gradients(
  dy: tf.Tensor4D,
  x: tf.Tensor4D,
  filter: tf.Tensor4D,
  attributes: tf.NamedAttrMap,
  kind: typeof dense,
): { x: () => tf.Tensor; filter: () => tf.Tensor } {
  if (attributes.dataFormat === "NCHW")
    throw new Error(
      "A convolution of channels first with dilations has no gradient: transpose to [batch, height, width, channels] before it.",
    );
  const [down, right] = pairOf(attributes.dilations);
  const { padInfo, outHeight, outWidth } = tf.backend_util.computeConv2DInfo(
    x.shape,
    filter.shape,
    pairOf(attributes.strides),
    [down, right],
    attributes.pad as "valid" | "same" | number,
    attributes.dimRoundingMode as "floor" | "round" | "ceil" | undefined,
    kind === depthwise,
  );
  const [batch, height, width, channels] = x.shape;
  const [rows, columns] = filter.shape;
  const margins: [number, number][] = [
    [0, 0],
    [padInfo.top, padInfo.bottom],
    [padInfo.left, padInfo.right],
    [0, 0],
  ];
  const tap = kind(dy, filter.shape);
  const places = Array.from({ length: rows * columns }, (_, place) => ({
    row: Math.floor(place / columns),
    column: place % columns,
  }));
  return {
    filter: () => {
      const padded = tf.pad(x, margins);
      const found = places.map(({ row, column }) =>
        tap.filter(
          tf.slice(padded, [0, row * down, column * right, 0], [batch, outHeight, outWidth, channels]),
        ),
      );
      return tf.reshape(tf.stack(found), filter.shape);
    },
    x: () => {
      const [tall, wide] = [height + padInfo.top + padInfo.bottom, width + padInfo.left + padInfo.right];
      const spread = places.map(({ row, column }) => {
        const weights = tf.reshape(
          tf.slice(filter, [row, column, 0, 0], [1, 1, -1, -1]),
          filter.shape.slice(2),
        );
        const [above, before] = [row * down, column * right];
        return tf.pad(tap.window(weights), [
          [0, 0],
          [above, tall - above - outHeight],
          [before, wide - before - outWidth],
          [0, 0],
        ]);
      });
      return tf.slice(tf.addN(spread), [0, padInfo.top, padInfo.left, 0], x.shape);
    },
  };
}

const pairOf = (value: unknown): [number, number] => {
  const [first = 1, second = first] = Array.isArray(value) ? (value as number[]) : [Number(value ?? 1)];
  return [first, second];
};

/** tfjs's own gradient where the kernel has no gaps. */
function withDilations(kernelName: string, kind: typeof dense): readonly tf.GradConfig[] {
  const original = tf.getGradient(kernelName);
  if (!original) return [];
  const gradFunc: tf.GradFunc = (dy, tensors, given) => {
    const attributes = given;
    if (pairOf(attributes.dilations).every((step) => step === 1))
      return original.gradFunc(dy, tensors, attributes);
    const image = (tensor: tf.Tensor): tf.Tensor4D => tensor.as4D(...fourOf(tensor.shape));
    return gradients(image(one(dy)), image(saved(tensors, 0)), image(saved(tensors, 1)), attributes, kind);
  };
  return [{ ...original, gradFunc }];
}

const fourOf = ([a = 1, b = 1, c = 1, d = 1]: readonly number[]): [number, number, number, number] => [
  a,
  b,
  c,
  d,
];

export const dilatedConvolutions = (): readonly tf.GradConfig[] => [
  ...withDilations("Conv2D", dense),
  ...withDilations("DepthwiseConv2dNative", depthwise),
];
