import * as tf from "@tensorflow/tfjs";
import { one, saved } from "./gradient";

/** Gradients of operations that move elements around. */

/** Each padded value is a copy of one inside, whose gradient it adds to; tfjs drops it. */
const mirrorPad: tf.GradConfig = {
  kernelName: "MirrorPad",
  inputsToSave: ["x"],
  gradFunc: (dy, [x], { paddings, mode }) => ({
    x: () => {
      const inside = mode === "reflect" ? 1 : 0;
      const widths = paddings as unknown as readonly (readonly [number, number])[];
      return widths.reduce((gradient, [before, after], axis) => {
        const length = x?.shape[axis] ?? 0;
        const fold = (begin: number, size: number, to: number): tf.Tensor => {
          const margins = gradient.shape.map((_, other): [number, number] =>
            other === axis ? [to, length - to - size] : [0, 0],
          );
          return tf.pad(tf.reverse(along(gradient, axis, begin, size), axis), margins);
        };
        const middle = along(gradient, axis, before, length);
        const folded = [
          ...(before > 0 ? [fold(0, before, inside)] : []),
          ...(after > 0 ? [fold(before + length, after, length - after - inside)] : []),
        ];
        return folded.reduce((sum, part) => tf.add(sum, part), middle);
      }, one(dy));
    },
  }),
};

function along(x: tf.Tensor, axis: number, begin: number, size: number): tf.Tensor {
  const at = (on: number, off: readonly number[]): number[] =>
    off.map((value, other) => (other === axis ? on : value));
  return tf.slice(
    x,
    at(
      begin,
      x.shape.map(() => 0),
    ),
    at(size, x.shape),
  );
}

/** Each block of pixels goes back into the channels that it came from. */
const depthToSpace: tf.GradConfig = {
  kernelName: "DepthToSpace",
  gradFunc: (dy, _, { blockSize, dataFormat }) => ({
    x: () => {
      if (dataFormat === "NCHW")
        throw new Error(
          "depthToSpace of channels first has no gradient: transpose to [batch, height, width, channels] before it.",
        );
      const block = Number(blockSize);
      const [batch = 1, tall = 1, wide = 1, channels = 1] = one(dy).shape;
      const [height, width] = [tall / block, wide / block];
      const apart = tf.reshape(one(dy), [batch, height, block, width, block, channels]);
      const together = [batch, height, width, block * block * channels];
      return tf.reshape(tf.transpose(apart, [0, 1, 3, 2, 4, 5]), together);
    },
  }),
};

/** Each value goes back to the place that it was read from, with zeros between them, axis by axis. */
const stridedSlice: tf.GradConfig = {
  kernelName: "StridedSlice",
  inputsToSave: ["x"],
  gradFunc: (dy, tensors, attributes) => ({
    x: () => {
      const { shape } = saved(tensors, 0);
      const mask = (name: string): number => Number(attributes[name] ?? 0);
      const { begin, strides, finalShapeSparse } = tf.slice_util.sliceInfo(
        shape,
        attributes.begin as number[],
        attributes.end as number[],
        attributes.strides as number[],
        mask("beginMask"),
        mask("endMask"),
        mask("ellipsisMask"),
        mask("newAxisMask"),
        mask("shrinkAxisMask"),
      );
      return shape.reduce<tf.Tensor>(
        (gradient, length, axis) => spread(gradient, axis, begin[axis] ?? 0, strides[axis] ?? 1, length),
        tf.reshape(one(dy), finalShapeSparse),
      );
    },
  }),
};

/** Puts what lies along an axis at `begin`, `begin + stride`, ... of an axis of this length. */
function spread(x: tf.Tensor, axis: number, begin: number, stride: number, length: number): tf.Tensor {
  const count = x.shape[axis] ?? 0;
  if (stride < 0) return spread(tf.reverse(x, axis), axis, begin + (count - 1) * stride, -stride, length);
  const apart = padded(tf.expandDims(x, axis + 1), axis + 1, 0, stride - 1);
  const filled = tf.reshape(apart, x.shape.with(axis, count * stride));
  const kept = Math.min(count * stride, length - begin);
  return padded(along(filled, axis, 0, kept), axis, begin, length - begin - kept);
}

const padded = (x: tf.Tensor, axis: number, before: number, after: number): tf.Tensor =>
  tf.pad(
    x,
    x.shape.map((_, other): [number, number] => (other === axis ? [before, after] : [0, 0])),
  );

const flipLeftRight: tf.GradConfig = {
  kernelName: "FlipLeftRight",
  gradFunc: (dy) => ({ image: () => tf.reverse(one(dy), 2) }),
};

/** What stands on the diagonal goes back. */
const diag: tf.GradConfig = {
  kernelName: "Diag",
  inputsToSave: ["x"],
  gradFunc: (dy, tensors) => ({
    x: () => {
      const { shape, size } = saved(tensors, 0);
      const diagonal = tf.mul(tf.reshape(one(dy), [size, size]), tf.eye(size));
      return tf.reshape(tf.sum(diagonal, 1), shape);
    },
  }),
};

export const movement: readonly tf.GradConfig[] = [
  mirrorPad,
  depthToSpace,
  stridedSlice,
  flipLeftRight,
  diag,
];
