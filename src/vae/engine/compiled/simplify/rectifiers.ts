import type { Graph, Node } from "../graph";
import { nodesOf, rewrite } from "../graph";
import { isOperation, isUniform } from "./patterns";

/**
 * "Is x positive?" is asked of relu(x) where that exists: then nobody reads x itself any more, and ONNX Runtime can
 * merge the relu into the product that makes x.
 */
export function askRectified(graph: Graph): Graph {
  const rectified = new Map<Node, Node>();
  for (const node of nodesOf(graph)) {
    if (isOperation(node, "Relu") && node.inputs[0]) rectified.set(node.inputs[0], node);
  }
  return rewrite(graph, (node) => {
    const [x, zero, ...rest] = node.inputs;
    const relu = x && rectified.get(x);
    return node.op === "Greater" && relu && zero && isUniform(zero, 0)
      ? { ...node, inputs: [relu, zero, ...rest] }
      : node;
  });
}
