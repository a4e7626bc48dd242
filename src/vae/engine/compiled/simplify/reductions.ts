import type { Node, OperationNode } from "../graph";
import { sizeOf } from "../graph";
import { like, multiply, reshape, sum } from "../operations";
import { isOperation, isUniform, listAttribute, uniform } from "./patterns";
import type { Rewriting } from "./rewriting";
import { byOperation } from "./rewriting";

/** Means and sums of sums are one sum, and a factor is multiplied to the sum and not to every term. */
export const reductions: Rewriting = byOperation({
  ReduceMean: (node) => {
    const [x] = node.inputs;
    if (!x || node.dtype !== "float32") return undefined;
    const count = sizeOf(x.shape) / Math.max(1, sizeOf(node.shape));
    return multiply(sumLike(node, x), like(x, 1 / count));
  },
  ReduceSum: (node) => {
    const [x] = node.inputs;
    if (isOperation(x, "ReduceSum")) return sumOfSums(node, x);
    if (x && sizeOf(node.shape) === 1) {
      // ONNX Runtime is quick where a sum is over all axes, in whatever shape.
      const terms = isOperation(x, "Reshape") && x.inputs[0] ? x.inputs[0] : x;
      const axes = terms.shape.map((_, axis) => axis);
      if (terms !== x || axes.length > listAttribute(node, "axes").length)
        return reshape(sum(terms, axes), node.shape);
    }
    const [y, factor] = isOperation(x, "Mul") ? x.inputs : [];
    const isSmall = sizeOf(node.shape) === 1 && factor?.shape.length === 0;
    return y && factor && isSmall && uniform(factor) !== undefined && !isUniform(factor, 0)
      ? multiply(sumLike(node, y), factor)
      : undefined;
  },
});

const sumLike = (node: OperationNode, x: Node): Node =>
  sum(x, listAttribute(node, "axes"), node.attributes.keepdims === 1);

function sumOfSums(outer: OperationNode, inner: OperationNode): Node | undefined {
  const [x] = inner.inputs;
  if (!x) return undefined;
  const innerAxes = listAttribute(inner, "axes");
  const outerAxes = listAttribute(outer, "axes");
  const kept = x.shape.map((_, axis) => axis).filter((axis) => !innerAxes.includes(axis));
  // Where the inner sum dropped its axes, the outer one counts only those that are left.
  const moved = inner.attributes.keepdims === 1 ? outerAxes : outerAxes.map((axis) => kept[axis] ?? 0);
  const axes = [...new Set([...innerAxes, ...moved])].sort((a, b) => a - b);
  return reshape(sum(x, axes), outer.shape);
}
