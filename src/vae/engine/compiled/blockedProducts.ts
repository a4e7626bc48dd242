import type { Arrangement } from "./arrangement";
import { convolvePixels, fromBlocks, toBlocks } from "./blockedConvolutions";
import type { Graph, InputNode, Node, OperationNode } from "./graph";
import { rewrite, sizeOf, substitute } from "./graph";
import { bareName, gradientName } from "./names";
import { add, reshape } from "./operations";

/**
 * Products of matrices by the kernels of blocked convolutions: 80 GFLOPS a core where `Gemm` reaches 65. A product is a
 * convolution of one pixel: the rows of the first factor are the pixels, and both factors and the result are matrices
 * whose columns lie in blocks. To put weights into blocks and back at each step takes the time that is won, so they
 * lie in blocks all along, and what is put into another order is a batch, which is small.
 */
export function productsInBlocks(graph: Graph, { block, names }: Arrangement): Graph {
  const arranged = graph.inputs.filter((input) => names.has(bareName("weight", input.name) ?? ""));
  if (arranged.length === 0) return graph;
  const inBlocks = new Map(arranged.map((input) => [input, weightInBlocks(input)]));
  const views = new Map([...inBlocks].map(([input, blocks]) => [input, rows(blocks, false)]));
  const seen = substitute(graph, views);
  const weights = new Set<Node>(views.values());
  const gradients = arranged.map(({ name }) => gradientName(bareName("weight", name) ?? name));
  const results = new Set(gradients.map((name) => seen.outputs.get(name)));
  const { outputs } = rewrite(seen, (node, before) =>
    node.op === "Gemm" && (node.inputs.some((input) => weights.has(input)) || results.has(before))
      ? (product(node, block) ?? node)
      : node,
  );
  return {
    inputs: graph.inputs.map((input) => inBlocks.get(input) ?? input),
    outputs: new Map(
      [...outputs].map(([name, node]) => [name, gradients.includes(name) ? columns(node, false) : node]),
    ),
  };
}

/** The same memory as kernels see it. */
const weightInBlocks = (input: InputNode): InputNode => {
  const [inputs = 1, outputs = 1] = input.shape;
  return { ...input, shape: [1, outputs, 1, inputs] };
};

/** A matrix's columns, or its rows, in blocks: as pixels `[1, channels, 1, pixels]`. */
function columns(x: Node, transposed: boolean): Node {
  const [height = 1, width = 1] = x.shape;
  return transposed
    ? toBlocks(reshape(x, [1, height, 1, width]), false)
    : toBlocks(reshape(x, [1, 1, height, width]), true);
}

/** And back: the matrix whose columns, or whose rows, these pixels' channels are. */
function rows(pixels: Node, transposed: boolean): Node {
  const [, channels = 1, , count = 1] = pixels.shape;
  return reshape(fromBlocks(pixels, !transposed), transposed ? [channels, count] : [count, channels]);
}

/**
 * `a b`, or where `b` is given transposed `(b' a')'`: of either, the weights are a factor as they lie, in blocks of their
 * columns. Nothing where the sizes are no whole blocks.
 */
function product(node: OperationNode, block: number): Node | undefined {
  const [a, b, bias] = node.inputs;
  if (!a || !b) return undefined;
  const [first, second] = [node.attributes.transA === 1, node.attributes.transB === 1];
  const [image, filter] = second
    ? [columns(b, false), columns(a, !first)]
    : [columns(a, first), columns(b, false)];
  if ((image.shape[1] ?? 1) % block !== 0 || (filter.shape[1] ?? 1) % block !== 0) return undefined;
  const isRow =
    bias !== undefined && sizeOf(bias.shape) === node.shape[1] && bias.shape.at(-1) === node.shape[1];
  const fused = isRow && !second ? bias : undefined;
  const result = rows(convolvePixels(image, filter, fused), second);
  return bias && !fused ? add(result, bias) : result;
}
