import type { Graph, Node } from "../graph";
import { nodesOf, rewrite } from "../graph";
import { multiply, unary } from "../operations";
import { isOperation, isUniform } from "./patterns";

/**
 * "Is x positive?" is asked of relu(x) where that exists: then nobody reads x itself any more, and ONNX Runtime can
 * merge the relu into the product that makes x. A gradient that is kept there and 0 elsewhere is multiplied by the answer
 * as a number.
 */
export function askRectified(graph: Graph): Graph {
  const rectified = new Map<Node, Node>();
  for (const node of nodesOf(graph)) {
    if (isOperation(node, "Relu") && node.inputs[0]) rectified.set(node.inputs[0], node);
  }
  /** The relu of x, if "x > 0" is what the node asks. */
  const askedOf = (node: Node | undefined): Node | undefined => {
    if (!isOperation(node, "Greater")) return undefined;
    const [x, zero] = node.inputs;
    return x && isUniform(zero, 0)
      ? (rectified.get(x) ?? (isOperation(x, "Relu") ? x : undefined))
      : undefined;
  };
  return rewrite(graph, (node) => {
    const [first, second] = node.inputs;
    const relu = askedOf(node.op === "Where" && node.attributes.mask === 1 ? first : node);
    if (!relu) return node;
    if (node.op === "Where") return second ? multiply(second, isPositive(relu)) : node;
    return { ...node, inputs: [relu, ...node.inputs.slice(1)] };
  });
}

/**
 * 1 or 0: max(0, min(1, 3e38 y)), which is one pass over y, where a comparison and its cast to numbers are two. Of what is
 * not 0 itself, only numbers below 3e-39 give less than 1.
 */
const isPositive = (y: Node): Node => unary("HardSigmoid", y, { alpha: { float: 3e38 }, beta: { float: 0 } });
