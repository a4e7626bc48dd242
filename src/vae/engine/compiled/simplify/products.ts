import { blockedConvolutionOp, fromBlocksOp } from "../blockedConvolutions";
import type { Graph, Node, OperationNode } from "../graph";
import { readersOf, rewrite, sameShape, sizeOf } from "../graph";
import { reshape } from "../operations";
import { isOperation, listAttribute } from "./patterns";
import type { Rewriting } from "./rewriting";

/** A transposed factor is a flag of the product, not a copy. */
export const transposedFactors: Rewriting = (node) => {
  if (node.op !== "Gemm") return undefined;
  const inputs = [...node.inputs];
  const attributes = { ...node.attributes };
  (["transA", "transB"] as const).forEach((flag, i) => {
    const factor = inputs[i];
    if (!isOperation(factor, "Transpose") || !factor.inputs[0] || listAttribute(factor, "perm").length !== 2)
      return;
    inputs[i] = factor.inputs[0];
    attributes[flag] = attributes[flag] === 1 ? 0 : 1;
  });
  return inputs.every((input, i) => input === node.inputs[i]) ? undefined : { ...node, inputs, attributes };
};

/** A bias, or another matrix, that is added to a product becomes part of it, where nothing else reads the bare product. */
export function fuseBias(graph: Graph): Graph {
  const readers = readersOf(graph);
  return rewrite(graph, (node, before) => {
    if (node.op !== "Add") return node;
    const [a, b] = node.inputs;
    const [onlyHere, otherOnlyHere] = before.inputs.map((input) => readers.get(input) === 1);
    if (!a || !b) return node;
    const fused = onlyHere ? withBias(a, b, node) : undefined;
    return fused ?? (otherOnlyHere ? withBias(b, a, node) : undefined) ?? node;
  });
}

const convolutions = new Set(["Conv", "ConvTranspose", blockedConvolutionOp]);

/** The bias of a convolution, which is added behind the transpose to channels last. */
export function fuseConvolutionBias(graph: Graph): Graph {
  const readers = readersOf(graph);
  return rewrite(graph, (node, before) => {
    const [x, bias] = node.inputs;
    if (
      node.op !== "Add" ||
      !bias ||
      !(isOperation(x, "Transpose") || isOperation(x, fromBlocksOp)) ||
      readers.get(before.inputs[0] ?? x) !== 1
    )
      return node;
    const channels = node.shape.at(-1) ?? 1;
    const isRow = sizeOf(bias.shape) === channels && bias.shape.at(-1) === channels;
    const [image] = x.inputs;
    const biased =
      isRow &&
      image &&
      inConvolutions(image, takesBias, (convolution) => ({
        ...convolution,
        inputs: [...convolution.inputs, reshape(bias, [channels])],
      }));
    return biased ? { ...x, inputs: [biased] } : node;
  });
}

const takesBias = ({ op, inputs }: OperationNode): boolean => convolutions.has(op) && inputs.length === 2;

/** A relu of what convolutions in blocks of channels gave is theirs to do: one pass over the image less. */
export function fuseRelu(graph: Graph): Graph {
  const readers = readersOf(graph);
  return rewrite(graph, (node, before) => {
    const [image] = node.inputs;
    if (node.op !== "Relu" || !image || readers.get(before.inputs[0] ?? image) !== 1) return node;
    return (
      inConvolutions(image, takesActivation, (convolution) => ({
        ...convolution,
        attributes: { ...convolution.attributes, activation: "Relu" },
      })) ?? node
    );
  });
}

const takesActivation = ({ op, attributes }: OperationNode): boolean =>
  op === blockedConvolutionOp && attributes.activation === undefined;

/** Changes the convolution behind an image, or those that it was put together from; nothing if one does not fit. */
function inConvolutions(
  image: Node,
  fits: (node: OperationNode) => boolean,
  change: (node: OperationNode) => Node,
): Node | undefined {
  if (image.kind !== "operation") return undefined;
  if (fits(image)) return change(image);
  if (![fromBlocksOp, "Reshape", "Transpose", "Concat"].includes(image.op)) return undefined;
  const parts = image.inputs.map((part) => inConvolutions(part, fits, change));
  const changed = parts.filter((part) => part !== undefined);
  return changed.length === parts.length ? { ...image, inputs: changed } : undefined;
}

function withBias(product: Node, bias: Node, node: OperationNode): Node | undefined {
  if (!isOperation(product, "Gemm") || product.inputs.length !== 2 || node.shape.length !== 2)
    return undefined;
  const row =
    bias.shape.length <= 2 && bias.shape.at(-1) === node.shape[1] && sizeOf(bias.shape) === node.shape[1];
  const fits = row || sameShape(bias.shape, node.shape);
  return fits ? { ...product, inputs: [...product.inputs, bias] } : undefined;
}
