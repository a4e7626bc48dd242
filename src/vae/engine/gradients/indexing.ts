import * as tf from "@tensorflow/tfjs";
import { flat, one, saved, sizeOf } from "./gradient";

/**
 * Gradients of operations that read and write at positions given by other tensors. What is read adds its gradient where it was
 * read; positions have no slope, so that a codebook may be read at an `argMin`.
 */

const gatherNd: tf.GradConfig = {
  kernelName: "GatherNd",
  inputsToSave: ["params", "indices"],
  gradFunc: (dy, tensors) => {
    const [params, indices] = [saved(tensors, 0), saved(tensors, 1)];
    return { params: () => tf.scatterND(indices, one(dy), params.shape), indices: flat(indices) };
  },
};

const scatterNd: tf.GradConfig = {
  kernelName: "ScatterNd",
  inputsToSave: ["indices"],
  gradFunc: (dy, tensors) => {
    const indices = saved(tensors, 0);
    return { updates: () => tf.gatherND(one(dy), indices), indices: flat(indices) };
  },
};

/** tfjs drops all but the first batch dimension, and gives the positions themselves as their gradient. */
const gather: tf.GradConfig = {
  kernelName: "GatherV2",
  inputsToSave: ["x", "indices"],
  gradFunc: (dy, tensors, attributes) => {
    const [x, indices] = [saved(tensors, 0), saved(tensors, 1)];
    const axis = counted(Number(attributes.axis), x.rank);
    const batch = counted(Number(attributes.batchDims ?? 0), indices.rank);
    return {
      x: () => {
        const [rows, length] = [sizeOf(x.shape.slice(0, batch)), x.shape[axis] ?? 1];
        const between = sizeOf(x.shape.slice(batch, axis));
        const after = sizeOf(x.shape.slice(axis + 1));
        const each = sizeOf(indices.shape.slice(batch));
        const apart = tf.transpose(tf.reshape(one(dy), [rows, between, each, after]), [0, 2, 1, 3]);
        const summed = scatterRows(
          tf.reshape(indices, [rows, each]),
          tf.reshape(apart, [rows * each, between * after]),
          length,
        );
        return tf.reshape(
          tf.transpose(tf.reshape(summed, [rows, length, between, after]), [0, 2, 1, 3]),
          x.shape,
        );
      },
      indices: flat(indices),
    };
  },
};

/** The largest values add their gradient where they were; tfjs has none. */
const topK: tf.GradConfig = {
  kernelName: "TopK",
  inputsToSave: ["x"],
  outputsToSave: [false, true],
  gradFunc: (dy, tensors) => {
    const [x, indices] = [saved(tensors, 0), saved(tensors, 1)];
    return {
      x: () => {
        const [k, length] = [indices.shape.at(-1) ?? 1, x.shape.at(-1) ?? 1];
        const rows = x.size / length;
        const values = tf.reshape(one(dy), [rows * k, 1]);
        return tf.reshape(scatterRows(tf.reshape(indices, [rows, k]), values, length), x.shape);
      },
    };
  },
};

/** `[rows * each, size]` added up in `[rows * length, size]`, where `indices`, `[rows, each]`, count within a row. */
function scatterRows(indices: tf.Tensor, values: tf.Tensor, length: number): tf.Tensor {
  const [rows = 1, each = 1] = indices.shape;
  const starts = tf.reshape(tf.range(0, rows * length, length, "int32"), [rows, 1]);
  const positions = rows === 1 ? indices : tf.add(tf.cast(indices, "int32"), starts);
  const [, size = 1] = values.shape;
  return tf.scatterND(tf.reshape(positions, [rows * each, 1]), values, [rows * length, size]);
}

/** An axis that may be counted from the end. */
const counted = (axis: number, rank: number): number => (axis < 0 ? axis + rank : axis);

export const indexing: readonly tf.GradConfig[] = [gatherNd, scatterNd, gather, topK];
