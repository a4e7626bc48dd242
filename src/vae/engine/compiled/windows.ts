import type { backend_util } from "@tensorflow/tfjs";
import type { Node } from "./graph";
import { elements, pad, reshape, slice } from "./operations";

/** Where a sliding window (of a convolution or a pool) looks: sizes are [height, width], images `[batch, h, w, c]`. */
export interface Windows {
  readonly input: readonly [number, number];
  readonly output: readonly [number, number];
  readonly kernel: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly dilations: readonly [number, number];
  /** Padding before the first row and column, and after the last ones. */
  readonly before: readonly [number, number];
  readonly after: readonly [number, number];
}

/**
 * The geometry in tfjs's own terms. The padding at the end is what the last window needs: tfjs may pad more than that.
 * For a numeric padding, tfjs takes the kernel's height and stride for its width too, and may leave windows out.
 */
export function windowsOfInfo(info: backend_util.Conv2DInfo): Windows {
  const input = [info.inHeight, info.inWidth] as const;
  const output = [info.outHeight, info.outWidth] as const;
  const kernel = [info.filterHeight, info.filterWidth] as const;
  const strides = [info.strideHeight, info.strideWidth] as const;
  const dilations = [info.dilationHeight, info.dilationWidth] as const;
  const before = [info.padInfo.top, info.padInfo.left] as const;
  const afterOf = (i: 0 | 1): number => {
    const reach = (output[i] - 1) * strides[i] + (kernel[i] - 1) * dilations[i] + 1;
    if (input[i] + before[i] - reach >= strides[i])
      throw new Error(
        'numeric padding needs a square kernel and equal strides; use "same", "valid" or explicit paddings',
      );
    return Math.max(0, reach - input[i] - before[i]);
  };
  return { input, output, kernel, strides, dilations, before, after: [afterOf(0), afterOf(1)] };
}

/** The positions inside a window, row by row. */
export const tapsOf = ({ kernel }: Windows): readonly (readonly [number, number])[] =>
  Array.from({ length: kernel[0] * kernel[1] }, (_, i) => [Math.floor(i / kernel[1]), i % kernel[1]]);

export function padForWindows(x: Node, { before, after }: Windows, value = 0): Node {
  return pad(
    x,
    [
      [0, 0],
      [before[0], after[0]],
      [before[1], after[1]],
      [0, 0],
    ],
    value,
  );
}

/** What every window sees at one of its positions: `[batch, output h, output w, c]` out of the padded image. */
export function readTap(padded: Node, windows: Windows, tap: readonly [number, number]): Node {
  return slice(
    padded,
    ([0, 1] as const).map((i) => {
      const start = tap[i] * windows.dilations[i];
      const step = windows.strides[i];
      return { axis: i + 1, start, end: start + (windows.output[i] - 1) * step + 1, step };
    }),
  );
}

/** The reverse of reading a tap: every window's value goes to the pixel that it was read from, zero elsewhere. */
export function writeTap(y: Node, windows: Windows, tap: readonly [number, number]): Node {
  const [batch = 1, height = 1, width = 1, channels = 1] = y.shape;
  const [sy, sx] = windows.strides;
  const apart = reshape(y, [batch, height, 1, width, 1, channels]);
  const spread = pad(apart, [
    [0, 0],
    [0, 0],
    [0, sy - 1],
    [0, 0],
    [0, sx - 1],
    [0, 0],
  ]);
  const image = reshape(spread, [batch, height * sy, width * sx, channels]);
  return ([0, 1] as const).reduce((moved, i) => {
    const offset = tap[i] * windows.dilations[i] - windows.before[i];
    const size = moved.shape[i + 1] ?? 0;
    const start = Math.max(0, -offset);
    const end = Math.max(start, Math.min(size, windows.input[i] - offset));
    const kept = slice(moved, [{ axis: i + 1, start, end }]);
    const head = Math.max(0, offset);
    const padding = kept.shape.map((length, axis): readonly [number, number] =>
      axis === i + 1 ? [head, windows.input[i] - head - length] : [0, 0],
    );
    return elements(kept) === 0 ? kept : pad(kept, padding);
  }, image);
}
