import type { Attribute, Graph, Node, OperationNode } from "./graph";
import { rewrite } from "./graph";
import type { Shape } from "../engine";
import type { ChannelBlock } from "./blockedConvolutions";
import { blockedConvolution, blockedConvolutionBack, blockedFilterGradient } from "./blockedConvolutions";
import {
  add,
  concat,
  gemm,
  matMul,
  operation,
  pad,
  reshape,
  slice,
  sum,
  swapLast,
  transpose,
} from "./operations";
import type { Windows } from "./windows";
import { padForWindows, readTap, tapsOf, writeTap } from "./windows";

/**
 * Takes the structured convolution nodes apart into what ONNX Runtime computes fast: in blocks of channels, where
 * `block` says how many these are on this machine, else as ONNX's own operations.
 */
export const expandConvolutions = (graph: Graph, block?: ChannelBlock): Graph =>
  rewrite(graph, (node) => expansions[node.op]?.(node, ...operands(node), block) ?? node);

type Expansion = (node: OperationNode, a: Node, b: Node, block: ChannelBlock) => Node;

const expansions: Readonly<Record<string, Expansion>> = {
  Convolution: (node, x, filter, block) => convolution(node.shape, windowsOf(node), x, filter, block),
  ConvolutionInput: (node, dy, filter, block) => {
    const windows = windowsOf(node);
    if (isDense(windows) && isThin(node.shape, dy.shape))
      return convolution(node.shape, turnedAround(windows), dy, swapChannels(turnFilter(filter)), undefined);
    return (
      blockedConvolutionBack(node.shape, windows, dy, filter, block) ??
      (isDense(windows)
        ? convolution(node.shape, turnedAround(windows), dy, swapChannels(turnFilter(filter)), undefined)
        : convolveBack(node, dy, outerFirst(filter), 1))
    );
  },
  ConvolutionFilter: (node, x, dy, block) => {
    const { shape } = node;
    const windows = windowsOf(node);
    if (shape[2] === 1) return filterGradientOfPlane(node, x, dy);
    if (shape[3] === 1 && isDense(windows)) return filterGradientToPlane(node, x, dy);
    return blockedFilterGradient(shape, windows, x, dy, block) ?? filterGradient(node, x, dy);
  },
  DepthwiseConvolution: (node, x, filter) =>
    convolve(node.shape, windowsOf(node), x, depthwiseFilter(filter), filter.shape[2] ?? 1),
  DepthwiseConvolutionInput: (node, dy, filter) =>
    convolveBack(node, dy, depthwiseFilter(filter), filter.shape[2] ?? 1),
};

function convolution(shape: Shape, windows: Windows, x: Node, filter: Node, block: ChannelBlock): Node {
  if (isThin(shape, x.shape)) return thinConvolution(shape, windows, x, filter);
  return (
    blockedConvolution(shape, windows, x, filter, block) ?? convolve(shape, windows, x, outerFirst(filter), 1)
  );
}

/** `[h, w, in, out]` to ONNX's `[out, in, h, w]`. */
const outerFirst = (filter: Node): Node => transpose(filter, [3, 2, 0, 1]);

/** Windows that move by one pixel: the gradient is then such a convolution too. */
const isDense = ({ strides, kernel, dilations, before, after }: Windows): boolean =>
  ([0, 1] as const).every((i) => {
    const reach = (kernel[i] - 1) * dilations[i];
    return strides[i] === 1 && before[i] <= reach && after[i] <= reach;
  });

function operands(node: OperationNode): [Node, Node] {
  const [a = node, b = a] = node.inputs;
  return [a, b];
}

/** `[h, w, channels, multiplier]` to ONNX's `[channels * multiplier, 1, h, w]`. */
function depthwiseFilter(filter: Node): Node {
  const [height = 1, width = 1, channels = 1, multiplier = 1] = filter.shape;
  return reshape(transpose(filter, [2, 3, 0, 1]), [channels * multiplier, 1, height, width]);
}

function pairAttribute(value: Attribute | undefined): readonly [number, number] {
  const [a, b] = Array.isArray(value) ? (value as readonly number[]) : [];
  if (a === undefined || b === undefined) throw new Error("a convolution lacks its geometry");
  return [a, b];
}

export const windowsOf = ({ attributes }: OperationNode): Windows => ({
  input: pairAttribute(attributes.input),
  output: pairAttribute(attributes.output),
  kernel: pairAttribute(attributes.kernel),
  strides: pairAttribute(attributes.strides),
  dilations: pairAttribute(attributes.dilations),
  before: pairAttribute(attributes.before),
  after: pairAttribute(attributes.after),
});

const toChannelsFirst = (x: Node): Node => transpose(x, [0, 3, 1, 2]);
const toChannelsLast = (x: Node): Node => transpose(x, [0, 2, 3, 1]);

function convolve(shape: Shape, windows: Windows, x: Node, weights: Node, group: number): Node {
  const channelsFirst = [shape[0] ?? 1, shape[3] ?? 1, ...windows.output];
  const result = operation("Conv", [toChannelsFirst(x), weights], channelsFirst, "float32", {
    kernel_shape: windows.kernel,
    strides: windows.strides,
    dilations: windows.dilations,
    pads: [...windows.before, ...windows.after],
    group,
  });
  return toChannelsLast(result);
}

function convolveBack(node: OperationNode, dy: Node, weights: Node, group: number): Node {
  const windows = windowsOf(node);
  const shape = [node.shape[0] ?? 1, node.shape[3] ?? 1, ...windows.input];
  // Rows that no window reached, because the stride did not come out even.
  const missed = ([0, 1] as const).map((i) => {
    const reach =
      (windows.output[i] - 1) * windows.strides[i] + (windows.kernel[i] - 1) * windows.dilations[i] + 1;
    return windows.input[i] + windows.before[i] + windows.after[i] - reach;
  });
  const result = operation("ConvTranspose", [toChannelsFirst(dy), weights], shape, "float32", {
    kernel_shape: windows.kernel,
    strides: windows.strides,
    dilations: windows.dilations,
    pads: [...windows.before, ...windows.after],
    output_padding: missed,
    group,
  });
  return toChannelsLast(result);
}

/**
 * The gradient for the image of a convolution that moves by one pixel is such a convolution too: the filter turned
 * around runs over dy.
 */
function turnedAround({ input, output, kernel, strides, dilations, before, after }: Windows): Windows {
  const rest = (sizes: Windows["before"]): [number, number] => [
    (kernel[0] - 1) * dilations[0] - sizes[0],
    (kernel[1] - 1) * dilations[1] - sizes[1],
  ];
  return {
    input: output,
    output: input,
    kernel,
    strides,
    dilations,
    before: rest(before),
    after: rest(after),
  };
}

/** `[h, w, in, out]` to `[h, w, out, in]`. */
const swapChannels = (filter: Node): Node => transpose(filter, [0, 1, 3, 2]);

const turnFilter = (filter: Node): Node =>
  slice(
    filter,
    ([0, 1] as const).map((axis) => ({ axis, start: (filter.shape[axis] ?? 1) - 1, end: -1, step: -1 })),
  );

/**
 * A convolution to one channel, such as the last layer of a decoder of grey pictures, has too few outputs per product
 * for ONNX Runtime to be fast. Here every pixel is multiplied with all positions of the filter at once, and the
 * resulting planes, one per position, are shifted and added up.
 */
const isThin = (output: Shape, input: Shape): boolean => output[3] === 1 && (input[3] ?? 1) >= 8;

function thinConvolution(shape: Shape, windows: Windows, x: Node, filter: Node): Node {
  const taps = tapsOf(windows);
  const [batch = 1, height = 1, width = 1, inputs = 1] = x.shape;
  const weights = reshape(filter, [taps.length, inputs]);
  const planes = reshape(matMul(weights, planesOf(x)), [batch, taps.length, height, width]);
  const { before, after } = windows;
  const padded = pad(planes, [
    [0, 0],
    [0, 0],
    [before[0], after[0]],
    [before[1], after[1]],
  ]);
  const shifted = taps.map((tap, i) => {
    const rows = ([0, 1] as const).map((axis) => {
      const start = tap[axis] * windows.dilations[axis];
      const step = windows.strides[axis];
      return { axis: axis + 2, start, end: start + (windows.output[axis] - 1) * step + 1, step };
    });
    return slice(padded, [{ axis: 1, start: i, end: i + 1 }, ...rows]);
  });
  return reshape(shifted.reduce(add), shape);
}

/** The filter's gradient from an image of one channel: what the windows saw at each position, times dy. */
function filterGradientOfPlane(node: OperationNode, x: Node, dy: Node): Node {
  const windows = windowsOf(node);
  const padded = padForWindows(x, windows);
  const seen = tapsOf(windows).map((tap) => readTap(padded, windows, tap));
  if (isDense(windows)) return planesTimes(node, seen, dy);
  const pixels = (x.shape[0] ?? 1) * windows.output[0] * windows.output[1];
  const rows = seen.map((tap) => reshape(tap, [1, pixels]));
  return reshape(gemm(concat(rows, 0), reshape(dy, [pixels, node.shape[3] ?? 1])), node.shape);
}

/** The filter's gradient to an image of one channel: dy is shifted to where each position looked, and not the wide x. */
function filterGradientToPlane(node: OperationNode, x: Node, dy: Node): Node {
  const windows = windowsOf(node);
  return planesTimes(
    node,
    tapsOf(windows).map((tap) => writeTap(dy, windows, tap)),
    x,
  );
}

/** A product per picture and their sum, with the wide image in planes, as a thin convolution that moves by one pixel reads it anyway. */
function planesTimes(node: OperationNode, taps: readonly Node[], wide: Node): Node {
  const [batch = 1, height = 1, width = 1] = wide.shape;
  const planes = taps.map((tap) => reshape(tap, [batch, 1, height * width]));
  const products = matMul(concat(planes, 1), swapLast(planesOf(wide)));
  return reshape(sum(products, [0]), node.shape);
}

/** `[batch, channels, pixels]`. */
function planesOf(x: Node): Node {
  const [batch = 1, height = 1, width = 1, channels = 1] = x.shape;
  return reshape(toChannelsFirst(x), [batch, channels, height * width]);
}

/** One matrix product per position of the window: pixels seen there, transposed, times the gradient. */
function filterGradient(node: OperationNode, x: Node, dy: Node): Node {
  const windows = windowsOf(node);
  const [, , inputs = 1, outputs = 1] = node.shape;
  const rows = (x.shape[0] ?? 1) * windows.output[0] * windows.output[1];
  const padded = padForWindows(x, windows);
  const gradient = reshape(dy, [rows, outputs]);
  const products = tapsOf(windows).map((tap) =>
    gemm(reshape(readTap(padded, windows, tap), [rows, inputs]), gradient, { a: true }),
  );
  return reshape(concat(products, 0), node.shape);
}
