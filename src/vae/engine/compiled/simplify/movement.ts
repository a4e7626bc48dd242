import type { Shape } from "../../engine";
import type { Node, OperationNode } from "../graph";
import { sameShape } from "../graph";
import { reshape, transpose } from "../operations";
import { isOperation, listAttribute } from "./patterns";
import type { Rewriting } from "./rewriting";
import { byOperation } from "./rewriting";

/** Reshapes and transposes that undo each other, or that do nothing. */
export const movement: Rewriting = byOperation({
  Reshape: (node) => {
    const [x] = node.inputs;
    if (!x) return undefined;
    if (sameShape(x.shape, node.shape)) return x;
    return isOperation(x, "Reshape") && x.inputs[0] ? reshape(x.inputs[0], node.shape) : undefined;
  },
  Expand: (node) => {
    const [x] = node.inputs;
    return x && sameShape(x.shape, node.shape) ? x : undefined;
  },
  Transpose: (node) => {
    const [x] = node.inputs;
    if (!x) return undefined;
    const order = listAttribute(node, "perm");
    if (keepsOrder(x.shape, order)) return reshape(x, node.shape);
    const inner = isOperation(x, "Transpose") ? x.inputs[0] : undefined;
    if (!inner || !isOperation(x, "Transpose")) return undefined;
    const before = listAttribute(x, "perm");
    return transpose(
      inner,
      order.map((axis) => before[axis] ?? 0),
    );
  },
  Cast: (node) => {
    const [x] = node.inputs;
    return x?.dtype === node.dtype ? x : undefined;
  },
  Slice: (node: OperationNode): Node | undefined => {
    const [x] = node.inputs;
    return x && sameShape(x.shape, node.shape) && listAttribute(node, "steps").every((step) => step === 1)
      ? x
      : undefined;
  },
});

/** Moving axes of length one around leaves every element where it is in memory. */
function keepsOrder(shape: Shape, order: readonly number[]): boolean {
  const long = order.filter((axis) => shape[axis] !== 1);
  return long.every((axis, i) => i === 0 || axis > (long[i - 1] ?? -1));
}
