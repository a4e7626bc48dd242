import type { Attribute, Graph, Node, OperationNode } from "./graph";
import { rewrite } from "./graph";
import { concat, gemm, operation, reshape, transpose } from "./operations";
import type { Windows } from "./windows";
import { padForWindows, readTap, tapsOf } from "./windows";

/** Takes the structured convolution nodes apart into what ONNX Runtime computes fast. */
export const expandConvolutions = (graph: Graph): Graph =>
  rewrite(graph, (node) => expansions[node.op]?.(node, ...operands(node)) ?? node);

type Expansion = (node: OperationNode, a: Node, b: Node) => Node;

const expansions: Readonly<Record<string, Expansion>> = {
  Convolution: (node, x, filter) => convolve(node, x, transpose(filter, [3, 2, 0, 1]), 1),
  ConvolutionInput: (node, dy, filter) => convolveBack(node, dy, transpose(filter, [3, 2, 0, 1]), 1),
  ConvolutionFilter: (node, x, dy) => filterGradient(node, x, dy),
  DepthwiseConvolution: (node, x, filter) => convolve(node, x, depthwiseFilter(filter), filter.shape[2] ?? 1),
  DepthwiseConvolutionInput: (node, dy, filter) =>
    convolveBack(node, dy, depthwiseFilter(filter), filter.shape[2] ?? 1),
};

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
