import * as tf from "@tensorflow/tfjs";

/** Replaces the kernels that tfjs 4.22's cpu backend computes wrongly. */
export function correctCpuKernels(): void {
  if (corrected) return;
  corrected = true;
  for (const [kernelName, gradient] of Object.entries({
    AvgPoolGrad: averagePoolGradient,
    ResizeNearestNeighborGrad: nearestGradient,
  })) {
    tf.unregisterKernel(kernelName, "cpu");
    tf.registerKernel({
      kernelName,
      backendName: "cpu",
      kernelFunc: ({ inputs, attrs = {} }) => {
        const { dy, input, images } = inputs;
        const given = input ?? images;
        const cpu = tf.findBackend("cpu");
        if (!dy || !given) throw new Error(`${kernelName} needs its inputs`);
        const values = gradient(
          Float32Array.from(cpu.readSync(dy.dataId) as Float32Array),
          dy.shape,
          given.shape,
          attrs,
        );
        return { dataId: cpu.write(values, given.shape, "float32"), shape: given.shape, dtype: "float32" };
      },
    });
  }
}
let corrected = false;

/**
 * Of average pooling. tfjs divides by the whole window, also where the window hangs over the edge; forwards it
 * divides, rightly, by the pixels that are there.
 */
function averagePoolGradient(
  dy: Float32Array,
  _shape: readonly number[],
  input: number[],
  attributes: tf.NamedAttrMap,
): Float32Array {
  const [batch = 0, height = 0, width = 0, channels = 0] = input;
  const { outHeight, outWidth, filterHeight, filterWidth, strideHeight, strideWidth, padInfo } =
    tf.backend_util.computePool2DInfo(
      [batch, height, width, channels],
      attributes.filterSize as number | [number, number],
      attributes.strides as number | [number, number],
      1,
      attributes.pad as number | "valid" | "same",
    );
  const dx = new Float32Array(batch * height * width * channels);
  for (let image = 0; image < batch; image++) {
    for (let row = 0; row < outHeight; row++) {
      const top = Math.max(0, row * strideHeight - padInfo.top);
      const bottom = Math.min(height, row * strideHeight - padInfo.top + filterHeight);
      for (let column = 0; column < outWidth; column++) {
        const left = Math.max(0, column * strideWidth - padInfo.left);
        const right = Math.min(width, column * strideWidth - padInfo.left + filterWidth);
        const share = 1 / ((bottom - top) * (right - left));
        const from = ((image * outHeight + row) * outWidth + column) * channels;
        for (let y = top; y < bottom; y++) {
          for (let x = left; x < right; x++) {
            const to = ((image * height + y) * width + x) * channels;
            for (let c = 0; c < channels; c++) dx[to + c] = (dx[to + c] ?? 0) + share * (dy[from + c] ?? 0);
          }
        }
      }
    }
  }
  return dx;
}

/** Of resizing to the nearest neighbour. tfjs reads the upstream gradient of the wrong image from the second one on. */
function nearestGradient(
  dy: Float32Array,
  shape: readonly number[],
  input: readonly number[],
  { alignCorners }: tf.NamedAttrMap,
): Float32Array {
  const [batch = 0, height = 0, width = 0, channels = 0] = input;
  const [, outHeight = 0, outWidth = 0] = shape;
  const source = (index: number, from: number, to: number): number => {
    const aligned = alignCorners === true && to > 1;
    const exact = index * (aligned ? (from - 1) / (to - 1) : from / to);
    return Math.min(from - 1, alignCorners === true ? Math.round(exact) : Math.floor(exact));
  };
  const dx = new Float32Array(batch * height * width * channels);
  for (let image = 0; image < batch; image++) {
    for (let row = 0; row < outHeight; row++) {
      const y = source(row, height, outHeight);
      for (let column = 0; column < outWidth; column++) {
        const to = ((image * height + y) * width + source(column, width, outWidth)) * channels;
        const from = ((image * outHeight + row) * outWidth + column) * channels;
        for (let c = 0; c < channels; c++) dx[to + c] = (dx[to + c] ?? 0) + (dy[from + c] ?? 0);
      }
    }
  }
  return dx;
}
