import type { Node, OperationNode } from "../graph";
import { sameShape, sizeOf } from "../graph";
import { broadcastShape, expand, like, multiply, reshape } from "../operations";
import { isOperation, listAttribute, uniform } from "./patterns";
import type { Rewriting } from "./rewriting";

/** Operations that broadcast by themselves, so that nothing need be spread out for them. */
const spreading = new Set([
  "Add",
  "Sub",
  "Mul",
  "Div",
  "Max",
  "Min",
  "Pow",
  "Equal",
  "Greater",
  "GreaterOrEqual",
  "Less",
  "LessOrEqual",
  "And",
  "Or",
  "Where",
]);
const pointwise = new Set([
  "Neg",
  "Abs",
  "Exp",
  "Log",
  "Sqrt",
  "Reciprocal",
  "Relu",
  "Tanh",
  "Sigmoid",
  "Cast",
  "Not",
]);

/** Values that are spread out over more elements stay small as long as possible. */
export const broadcasting: Rewriting = (node) =>
  narrowed(node) ?? later(node) ?? summed(node) ?? repeated(node) ?? withoutTail(node);

/** The value before it was spread out, or given further axes of length one; constants that are the same everywhere become scalars. */
function source(node: Node): Node {
  if (isOperation(node, "Expand")) return node.inputs[0] ?? node;
  if (isOperation(node, "Reshape") && sizeOf(node.shape) === 1) {
    const [one] = node.inputs;
    return one && one.shape.length < node.shape.length ? one : node;
  }
  const value = uniform(node);
  return value !== undefined && node.shape.length > 0 ? { ...like(node, value) } : node;
}

/** Operands that the other operands would spread out anyway. */
function narrowed(node: OperationNode): Node | undefined {
  if (!spreading.has(node.op)) return undefined;
  const inputs = [...node.inputs];
  let changed = false;
  inputs.forEach((input, i) => {
    const small = source(input);
    if (small === input) return;
    const shape = inputs.map((other, j) => (i === j ? small : other).shape).reduce(broadcastShape);
    if (!sameShape(shape, node.shape)) return;
    inputs[i] = small;
    changed = true;
  });
  return changed ? { ...node, inputs } : undefined;
}

/** f(spread(x)) is spread(f(x)), and x op y with both spread out from something smaller too. */
function later(node: OperationNode): Node | undefined {
  if (pointwise.has(node.op)) {
    const [x] = node.inputs;
    const small = isOperation(x, "Expand") ? x.inputs[0] : undefined;
    return small ? expand({ ...node, inputs: [small], shape: small.shape }, node.shape) : undefined;
  }
  if (!spreading.has(node.op)) return undefined;
  if (!node.inputs.some((input) => source(input) !== input)) return undefined;
  const inputs = node.inputs.map(source);
  const shape = inputs.map((input) => input.shape).reduce(broadcastShape);
  if (sizeOf(shape) >= sizeOf(node.shape)) return undefined;
  return expand({ ...node, inputs, shape }, node.shape);
}

/** The sum over an axis along which nothing changes is a product. */
function summed(node: OperationNode): Node | undefined {
  const [x] = node.inputs;
  if (node.op !== "ReduceSum" || !isOperation(x, "Expand")) return undefined;
  const [small] = x.inputs;
  if (small?.shape.length !== x.shape.length) return undefined;
  const axes = listAttribute(node, "axes");
  const constant = axes.filter((axis) => small.shape[axis] === 1 && x.shape[axis] !== 1);
  if (constant.length !== axes.length) return undefined;
  const rest = x.shape.map((dimension, axis) => (axes.includes(axis) ? 1 : dimension));
  const count = sizeOf(x.shape) / sizeOf(rest);
  return reshape(multiply(expand(small, rest), like(small, count)), node.shape);
}

/** Repeating a single element is spreading it out, into whatever shape. */
function repeated(node: OperationNode): Node | undefined {
  const [x] = node.inputs;
  if (!x) return undefined;
  if (node.op === "Reshape" && isOperation(x, "Expand")) {
    const [small] = x.inputs;
    const one = node.shape.map(() => 1);
    return small && sizeOf(small.shape) === 1 ? expand(reshape(small, one), node.shape) : undefined;
  }
  if (node.op === "Expand" && isOperation(x, "Expand") && x.inputs[0]) return expand(x.inputs[0], node.shape);
  if (node.op !== "Tile") return undefined;
  return listAttribute(node, "repeats").every((count, axis) => count === 1 || x.shape[axis] === 1)
    ? expand(x, node.shape)
    : undefined;
}

/**
 * Pictures of one channel end in an axis of length one, and ONNX Runtime then broadcasts a scalar element by element:
 * elementwise operations work without that axis.
 */
function withoutTail(node: OperationNode): Node | undefined {
  const elementwise = spreading.has(node.op) || pointwise.has(node.op);
  if (!elementwise || node.shape.length < 2 || node.shape.at(-1) !== 1) return undefined;
  const inputs = node.inputs.map((input) =>
    input.shape.length > 0 ? reshape(input, input.shape.slice(0, -1)) : input,
  );
  return reshape({ ...node, inputs, shape: node.shape.slice(0, -1) }, node.shape);
}
