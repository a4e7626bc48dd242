import * as tf from "@tensorflow/tfjs";

/** Replaces the kernels that tfjs 4.22's cpu backend computes wrongly. */
export function correctCpuKernels(): void {
  if (corrected) return;
  corrected = true;
  countAxesFromFront("cpu");
  for (const [kernelName, gradient] of Object.entries({
    AvgPoolGrad: averagePoolGradient,
    ResizeNearestNeighborGrad: nearestGradient,
    ResizeBilinearGrad: bilinearGradient,
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

/** tfjs 4.22 loses its way in a running sum or product along an axis that is counted from behind. */
export function countAxesFromFront(backendName: string): void {
  for (const kernelName of ["Cumsum", "Cumprod"]) {
    const kernel = tf.getKernel(kernelName, backendName);
    tf.unregisterKernel(kernelName, backendName);
    tf.registerKernel({
      ...kernel,
      kernelFunc(call) {
        const { axis, ...attrs } = call.attrs ?? {};
        const rank = call.inputs.x?.shape.length ?? 0;
        const fromFront = Number(axis) < 0 ? Number(axis) + rank : Number(axis);
        return kernel.kernelFunc({ ...call, attrs: { ...attrs, axis: fromFront } });
      },
    });
  }
}

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

/**
 * Of resizing to the nearest neighbour. tfjs reads the upstream gradient of the wrong image from the second one on, and
 * takes no notice of half-pixel centres.
 */
function nearestGradient(
  dy: Float32Array,
  shape: readonly number[],
  input: readonly number[],
  { alignCorners, halfPixelCenters }: tf.NamedAttrMap,
): Float32Array {
  const [batch = 0, height = 0, width = 0, channels = 0] = input;
  const [, outHeight = 0, outWidth = 0] = shape;
  const source = (index: number, from: number, to: number): number => {
    const aligned = alignCorners === true && to > 1;
    const place = halfPixelCenters === true ? index + 0.5 : index;
    const exact = place * (aligned ? (from - 1) / (to - 1) : from / to);
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

/** Of bilinear resizing. tfjs mixes up height and width, and takes no notice of half-pixel centres. */
function bilinearGradient(
  dy: Float32Array,
  shape: readonly number[],
  input: readonly number[],
  attributes: tf.NamedAttrMap,
): Float32Array {
  const [batch = 0, height = 0, width = 0, channels = 0] = input;
  const [, outHeight = 0, outWidth = 0] = shape;
  const rows = bilinearSources(height, outHeight, attributes);
  const columns = bilinearSources(width, outWidth, attributes);
  const dx = new Float32Array(batch * height * width * channels);
  for (let image = 0; image < batch; image++) {
    for (const [row, sourceRows] of rows.entries()) {
      for (const [column, sourceColumns] of columns.entries()) {
        const from = ((image * outHeight + row) * outWidth + column) * channels;
        for (const { at: y, share: ofRow } of sourceRows) {
          for (const { at: x, share: ofColumn } of sourceColumns) {
            const to = ((image * height + y) * width + x) * channels;
            for (let c = 0; c < channels; c++)
              dx[to + c] = (dx[to + c] ?? 0) + ofRow * ofColumn * (dy[from + c] ?? 0);
          }
        }
      }
    }
  }
  return dx;
}

interface Source {
  readonly at: number;
  readonly share: number;
}

/** For each place of the resized side, the two places that it is mixed from. */
function bilinearSources(
  from: number,
  to: number,
  { alignCorners, halfPixelCenters }: tf.NamedAttrMap,
): readonly (readonly Source[])[] {
  const scale = alignCorners === true && to > 1 ? (from - 1) / (to - 1) : from / to;
  return Array.from({ length: to }, (_, index) => {
    const exact = halfPixelCenters === true ? (index + 0.5) * scale - 0.5 : index * scale;
    const below = Math.max(0, Math.floor(exact));
    const above = Math.max(0, Math.min(from - 1, Math.ceil(exact)));
    return [
      { at: below, share: 1 - (exact - below) },
      { at: above, share: exact - below },
    ];
  });
}
