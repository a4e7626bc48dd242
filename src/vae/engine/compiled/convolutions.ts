import type { Attribute, Graph, Node, OperationNode } from "./graph";
import { rewrite } from "./graph";
import type { Shape } from "../engine";
import { add, concat, gemm, matMul, operation, pad, reshape, slice, transpose } from "./operations";
import type { Windows } from "./windows";
import { padForWindows, readTap, tapsOf, writeTap } from "./windows";

/** Takes the structured convolution nodes apart into what ONNX Runtime computes fast. */
export const expandConvolutions = (graph: Graph): Graph =>
  rewrite(graph, (node) => expansions[node.op]?.(node, ...operands(node)) ?? node);

type Expansion = (node: OperationNode, a: Node, b: Node) => Node;

const expansions: Readonly<Record<string, Expansion>> = {
  Convolution: (node, x, filter) =>
    isThin(node.shape, filter.shape)
      ? thinConvolution(node, x, filter)
      : convolve(node, x, outerFirst(filter), 1),
  ConvolutionInput: (node, dy, filter) =>
    isDense(windowsOf(node))
      ? convolveFlipped(node, dy, filter)
      : convolveBack(node, dy, outerFirst(filter), 1),
  ConvolutionFilter: (node, x, dy) => {
    const { shape } = node;
    if (shape[2] === 1) return filterGradientOfPlane(node, x, dy);
    return shape[3] === 1 && isDense(windowsOf(node))
      ? filterGradientToPlane(node, x, dy)
      : filterGradient(node, x, dy);
  },
  DepthwiseConvolution: (node, x, filter) => convolve(node, x, depthwiseFilter(filter), filter.shape[2] ?? 1),
  DepthwiseConvolutionInput: (node, dy, filter) =>
    convolveBack(node, dy, depthwiseFilter(filter), filter.shape[2] ?? 1),
};

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

function convolve(node: OperationNode, x: Node, weights: Node, group: number): Node {
  const windows = windowsOf(node);
  const shape = [node.shape[0] ?? 1, node.shape[3] ?? 1, ...windows.output];
  const result = operation("Conv", [toChannelsFirst(x), weights], shape, "float32", {
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

/** The gradient for the image of a convolution that moves by one pixel: the filter turned around runs over dy. */
function convolveFlipped(node: OperationNode, dy: Node, filter: Node): Node {
  const windows = windowsOf(node);
  const { kernel, dilations, before, after } = windows;
  const reach = ([0, 1] as const).map((i) => (kernel[i] - 1) * dilations[i]);
  const turned = slice(
    filter,
    ([0, 1] as const).map((axis) => ({ axis, start: kernel[axis] - 1, end: -1, step: -1 })),
  );
  const shape = [node.shape[0] ?? 1, node.shape[3] ?? 1, ...windows.input];
  const result = operation("Conv", [toChannelsFirst(dy), transpose(turned, [2, 3, 0, 1])], shape, "float32", {
    kernel_shape: kernel,
    strides: [1, 1],
    dilations,
    pads: [
      ...reach.map((size, i) => size - (before[i] ?? 0)),
      ...reach.map((size, i) => size - (after[i] ?? 0)),
    ],
    group: 1,
  });
  return toChannelsLast(result);
}

/**
 * A convolution to one channel, such as the last layer of a decoder of grey pictures, has too few outputs per product
 * for ONNX Runtime to be fast. Here every pixel is multiplied with all positions of the filter at once, and the
 * resulting planes, one per position, are shifted and added up.
 */
const isThin = (output: Shape, filter: Shape): boolean => output[3] === 1 && (filter[2] ?? 1) >= 8;

function thinConvolution(node: OperationNode, x: Node, filter: Node): Node {
  const windows = windowsOf(node);
  const taps = tapsOf(windows);
  const [batch = 1, height = 1, width = 1, inputs = 1] = x.shape;
  const pixels = reshape(toChannelsFirst(x), [batch, inputs, height * width]);
  const weights = reshape(filter, [taps.length, inputs]);
  const planes = reshape(matMul(weights, pixels), [batch, taps.length, height, width]);
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
  return reshape(shifted.reduce(add), node.shape);
}

/** The filter's gradient from an image of one channel: what the windows saw, row by row, times dy, in one product. */
function filterGradientOfPlane(node: OperationNode, x: Node, dy: Node): Node {
  const windows = windowsOf(node);
  const pixels = (x.shape[0] ?? 1) * windows.output[0] * windows.output[1];
  const padded = padForWindows(x, windows);
  const seen = tapsOf(windows).map((tap) => reshape(readTap(padded, windows, tap), [1, pixels]));
  return reshape(gemm(concat(seen, 0), reshape(dy, [pixels, node.shape[3] ?? 1])), node.shape);
}

/** The filter's gradient to an image of one channel: dy is shifted to where each position looked, and not the wide x. */
function filterGradientToPlane(node: OperationNode, x: Node, dy: Node): Node {
  const windows = windowsOf(node);
  const [batch = 1, height = 1, width = 1, inputs = 1] = x.shape;
  const pixels = batch * height * width;
  const moved = tapsOf(windows).map((tap) => reshape(writeTap(dy, windows, tap), [1, pixels]));
  return reshape(gemm(concat(moved, 0), reshape(x, [pixels, inputs])), node.shape);
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
