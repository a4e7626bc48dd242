import type { Shape } from "../engine";
import type { Node } from "./graph";
import { sizeOf } from "./graph";
import { add, concat, operation, pad, reshape, slice, transpose } from "./operations";
import type { Windows } from "./windows";

/**
 * Convolutions over images whose channels lie in blocks, as many as the machine's vectors hold numbers: "NCHWc", the
 * layout of ONNX Runtime's own fast kernels. It uses them by itself only where weights are constants; written down as
 * nodes they take weights that change as well. On two cores that is 80 to 90 GFLOPS a core where `Conv` reaches 50, and
 * the threads share one such node's work, where they take turns picture by picture in a `Conv` or a `ConvTranspose`.
 *
 * Images in blocks are nodes of shape `[batch, channels, h, w]`, whatever the order of their numbers in memory.
 */
const domain = "com.microsoft.nchwc";

/** How many channels are a block; nothing where the machine, or whom the graph is for, has no such kernels. */
export type ChannelBlock = number | undefined;

export const toBlocksOp = `ReorderInput@${domain}`;
export const fromBlocksOp = `ReorderOutput@${domain}`;
export const blockedConvolutionOp = `Conv@${domain}`;

/** An image, `[batch, h, w, channels]` or with its channels first, to blocks. */
export function toBlocks(x: Node, channelsLast: boolean): Node {
  const [n = 1, a = 1, b = 1, c = 1] = x.shape;
  const shape = channelsLast ? [n, c, a, b] : x.shape;
  return operation(toBlocksOp, [x], shape, "float32", { channels_last: channelsLast ? 1 : 0 });
}

export function fromBlocks(x: Node, channelsLast: boolean): Node {
  const [n = 1, channels = 1, height = 1, width = 1] = x.shape;
  const shape = channelsLast ? [n, height, width, channels] : x.shape;
  const attributes = { channels, channels_last: channelsLast ? 1 : 0 };
  return operation(fromBlocksOp, [x], shape, x.dtype, attributes);
}

/** Nothing where the channels do not come out in blocks. Pictures of few channels are read as they are, channels first. */
export function blockedConvolution(
  shape: Shape,
  windows: Windows,
  x: Node,
  filter: Node,
  block: ChannelBlock,
): Node | undefined {
  if (block === undefined) return undefined;
  const isPlane = (x.shape[3] ?? 1) < Math.min(block, 4) && (shape[3] ?? 1) % block === 0;
  if (!isPlane && !inBlocks(filter, block)) return undefined;
  const { kernel, strides, dilations, before, after } = windows;
  const geometry = { shape, kernel, strides, dilations, padding: [...before, ...after] };
  const image = isPlane ? transpose(x, [0, 3, 1, 2]) : toBlocks(x, true);
  return fromBlocks(convolve(image, filterInBlocks(filter, block), geometry, windows.output), true);
}

/**
 * The gradient for a convolution's image (and the transposed convolution), where windows move by s pixels: the pixels
 * at each of the s remainders of s see a filter of their own, every s-th row or column of the whole one, turned
 * around. So it is s² small convolutions, interleaved, and no zeros are multiplied.
 */
export function blockedConvolutionBack(
  shape: Shape,
  windows: Windows,
  dy: Node,
  filter: Node,
  block: ChannelBlock,
): Node | undefined {
  if (block === undefined || !inBlocks(filter, block)) return undefined;
  const [rows, columns] = [phasesOf(windows, 0), phasesOf(windows, 1)];
  if (!rows || !columns) return undefined;
  const blocks = toBlocks(dy, true);
  const swapped = transpose(filter, [0, 1, 3, 2]);
  const parts = rows.map((row) =>
    columns.map((column) => {
      const weights = filterInBlocks(slice(swapped, [row.taps, column.taps]), block);
      const geometry = {
        shape,
        kernel: [row.length, column.length],
        strides: [1, 1],
        dilations: [1, 1],
        padding: [row.before, column.before, row.after, column.after],
      };
      return convolve(blocks, weights, geometry, [row.size, column.size]);
    }),
  );
  return fromBlocks(interleave(parts, block), true);
}

/**
 * The filter's gradient, `[h, w, in, out]`, is a convolution with the roles changed: channels of the image take the place
 * of the batch, the examples that of the channels, and dy is the filter; it moves by the windows' dilation, and its
 * own positions lie a stride apart. Nothing has to be copied per position, and threads share the work.
 *
 * Such a filter is read anew for every channel. Where it does not fit a processor's cache it is taken a block of examples
 * at a time, and the results are added up. Images are padded before, as kernels take the columns at an edge one by one.
 * Together 11 ms where 21 went, for 32 and 64 channels, 128 pictures of 28 x 28 and windows that move by two.
 */
export function blockedFilterGradient(
  shape: Shape,
  windows: Windows,
  x: Node,
  dy: Node,
  block: ChannelBlock,
): Node | undefined {
  const [height = 1, width = 1, inputs = 1, outputs = 1] = shape;
  const [batch = 1] = x.shape;
  if (block === undefined || batch % block !== 0 || outputs % block !== 0 || width === 1) return undefined;
  const { kernel, strides, dilations, before, output, input } = windows;
  const after = ([0, 1] as const).map(
    (i) => (output[i] - 1) * strides[i] + (kernel[i] - 1) * dilations[i] + 1 - before[i] - input[i],
  );
  const [below = 0, beside = 0] = after;
  if (below < 0 || beside < 0) return undefined;
  const lanes = outputs / block;
  const images = transpose(x, [0, 3, 1, 2]);
  const filters = reshape(toBlocks(dy, true), [batch / block, block, lanes, ...output, block]);
  const together = batch * sizeOf(output) * outputs <= cachedNumbers ? batch : block;
  const parts = Array.from({ length: batch / together }, (_, group) => {
    const [start, end] = [group * together, (group + 1) * together];
    const padded = pad(images, [
      [-start, end - batch],
      [0, 0],
      [before[0], below],
      [before[1], beside],
    ]);
    const apart = slice(filters, [{ axis: 0, start: start / block, end: end / block }]);
    return convolve(
      examplesInBlocks(padded, block),
      reshape(transpose(apart, [2, 0, 3, 4, 1, 5]), [outputs, together, ...output]),
      {
        shape: [inputs, height, width, outputs],
        kernel: output,
        strides: dilations,
        dilations: strides,
        padding: [0, 0, 0, 0],
      },
      kernel,
    );
  });
  const taps = reshape(parts.reduce(add), [inputs, lanes, height * width, block]);
  return reshape(transpose(taps, [2, 0, 1, 3]), shape);
}

/** What of a filter stays in a processor's cache while it is read again and again: a MiB. */
const cachedNumbers = 2 ** 20 / Float32Array.BYTES_PER_ELEMENT;

/** Images `[examples, channels, h, w]` with these two axes changed over, the examples in blocks. */
function examplesInBlocks(images: Node, block: number): Node {
  const [examples = 1, channels = 1, height = 1, width = 1] = images.shape;
  if (examples !== block) return toBlocks(transpose(images, [1, 0, 2, 3]), false);
  // One block holds, pixel for pixel and channel after channel, all of its examples: a channel needs no place of its own.
  const pixels = toBlocks(reshape(images, [1, examples, 1, channels * height * width]), false);
  return reshape(pixels, [channels, examples, height, width]);
}

/** Pixels whose position has one remainder, along one axis: which taps reach them, and how far the image is padded. */
interface Phase {
  readonly taps: {
    readonly axis: number;
    readonly start: number;
    readonly end: number;
    readonly step: number;
  };
  readonly length: number;
  readonly size: number;
  readonly before: number;
  readonly after: number;
}

/** dx[s q + p] is the sum over taps k = r + s j of dy[q + c - j] w[k], where p + padding = s c + r. */
function phasesOf(windows: Windows, axis: 0 | 1): readonly Phase[] | undefined {
  const stride = windows.strides[axis];
  const kernel = windows.kernel[axis];
  const size = windows.input[axis] / stride;
  if (windows.dilations[axis] !== 1 || !Number.isInteger(size) || kernel < stride) return undefined;
  const phases = Array.from({ length: stride }, (_, phase): Phase => {
    const shifted = phase + windows.before[axis];
    const [first, offset] = [shifted % stride, Math.floor(shifted / stride)];
    const length = Math.ceil((kernel - first) / stride);
    const start = first + stride * (length - 1);
    return {
      taps: { axis, start, end: Math.max(-1, start - stride * length), step: -stride },
      length,
      size,
      before: length - 1 - offset,
      after: size - windows.output[axis] + offset,
    };
  });
  return phases.every(({ before, after }) => before >= 0 && after >= 0) ? phases : undefined;
}

/** Images of one row and column out of each phase, put together: side by side, then each block to its place. */
function interleave(parts: readonly (readonly Node[])[], block: number): Node {
  const [first] = parts[0] ?? [];
  const [batch = 1, channels = 1, height = 1, width = 1] = first?.shape ?? [];
  const [down, across] = [parts.length, parts[0]?.length ?? 1];
  const lines = batch * (channels / block) * height;
  const images = concat(
    parts.flat().map((image) => reshape(image, [lines * width, block])),
    0,
  );
  const apart = reshape(images, [down, across, lines, width, block]);
  return reshape(transpose(apart, [2, 0, 3, 1, 4]), [batch, channels, down * height, across * width]);
}

interface Geometry {
  /** Of the result, channels last; its height and width do not count. */
  readonly shape: Shape;
  readonly kernel: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  readonly padding: readonly number[];
}

function convolve(x: Node, weights: Node, geometry: Geometry, output: readonly number[]): Node {
  const { shape, kernel, strides, dilations, padding } = geometry;
  return operation(blockedConvolutionOp, [x, weights], [shape[0] ?? 1, shape[3] ?? 1, ...output], "float32", {
    kernel_shape: kernel,
    strides,
    dilations,
    pads: padding,
    group: 1,
  });
}

/** A product of matrices: pixels `[1, channels, 1, pixels]`, and a filter `[1, outputs, 1, channels]`, both in blocks. */
export function convolvePixels(image: Node, filter: Node, bias: Node | undefined): Node {
  const [, outputs = 1, , channels = 1] = filter.shape;
  const [, , , pixels = 1] = image.shape;
  const geometry = {
    shape: [1, 1, channels, outputs],
    kernel: [1, 1],
    strides: [1, 1],
    dilations: [1, 1],
    padding: [0, 0, 0, 0],
  };
  const product = convolve(image, reshape(filter, [outputs, channels, 1, 1]), geometry, [1, pixels]);
  return bias && product.kind === "operation"
    ? { ...product, inputs: [...product.inputs, reshape(bias, [outputs])] }
    : product;
}

const inBlocks = ({ shape }: Node, block: number): boolean =>
  (shape[2] ?? 1) % block === 0 && (shape[3] ?? 1) % block === 0;

/**
 * `[h, w, in, out]` to the kernels' order: blocks of out, blocks of in, h, w, in, out. Fewer in
 * than a block come before h and w one by one.
 */
function filterInBlocks(filter: Node, block: number): Node {
  const [height = 1, width = 1, inputs = 1, outputs = 1] = filter.shape;
  if (inputs < block) {
    const apart = reshape(filter, [height, width, inputs, outputs / block, block]);
    return reshape(transpose(apart, [3, 2, 0, 1, 4]), [outputs, inputs, height, width]);
  }
  const apart = reshape(filter, [height, width, inputs / block, block, outputs / block, block]);
  return reshape(transpose(apart, [4, 2, 0, 1, 3, 5]), [outputs, inputs, height, width]);
}
