import type { Node, OperationNode } from "../graph";
import { sameShape, sizeOf } from "../graph";
import {
  add,
  binary,
  broadcastShape,
  divide,
  expand,
  masked,
  multiply,
  subtract,
  unary,
  where,
} from "../operations";
import { argumentOf, isOperation, isUniform, uniform } from "./patterns";
import type { Rewriting } from "./rewriting";
import { byOperation } from "./rewriting";

/**
 * Identities of arithmetic. Negations wander outwards until an addition or a factor takes them in; factors that are
 * constants are gathered; what multiplies by one or adds zero goes away. Results stay the same up to rounding.
 */
export const algebra: Rewriting = (node) => (node.dtype === "float32" ? identities(node) : undefined);

type Two = (a: Node, b: Node, node: OperationNode) => Node | undefined;

const two =
  (rule: Two): Rewriting =>
  (node) => {
    const [a, b] = node.inputs;
    return a && b ? rule(a, b, node) : undefined;
  };

/** The same value in the shape of the operation that it replaces. */
const inShapeOf = (node: OperationNode, value: Node): Node => expand(value, node.shape);

const identities = byOperation({
  Add: two((a, b, node) => {
    if (isUniform(b, 0)) return inShapeOf(node, a);
    if (isUniform(a, 0)) return inShapeOf(node, b);
    const [minusA, minusB] = [argumentOf(a, "Neg"), argumentOf(b, "Neg")];
    if (minusB) return subtract(a, minusB);
    if (minusA) return subtract(b, minusA);
    return factored(a, b, add);
  }),
  Sub: two((a, b, node) => {
    if (isUniform(b, 0)) return inShapeOf(node, a);
    if (isUniform(a, 0)) return inShapeOf(node, unary("Neg", b));
    const minusB = argumentOf(b, "Neg");
    return minusB ? add(a, minusB) : factored(a, b, subtract);
  }),
  Mul: two((a, b, node) => {
    // Constants stand on the right.
    if (uniform(a) !== undefined && uniform(b) === undefined) return binary("Mul", b, a);
    const factor = uniform(b);
    if (factor === 1) return inShapeOf(node, a);
    if (factor === -1) return inShapeOf(node, unary("Neg", a));
    const [minusA, minusB] = [argumentOf(a, "Neg"), argumentOf(b, "Neg")];
    if (minusA)
      return factor === undefined ? unary("Neg", multiply(minusA, b)) : multiply(minusA, scaled(b, -1));
    if (minusB) return unary("Neg", multiply(a, minusB));
    if (factor !== undefined) return gathered(a, b);
    return chosen(a, b, node) ?? chosen(b, a, node) ?? outward(a, b) ?? outward(b, a);
  }),
  Div: two((a, b, node) => {
    const divisor = uniform(b);
    if (divisor === 1) return inShapeOf(node, a);
    if (divisor !== undefined && divisor !== 0) return multiply(a, scalarLike(b, Math.fround(1 / divisor)));
    const minusA = argumentOf(a, "Neg");
    if (minusA) return unary("Neg", divide(minusA, b));
    if (isUniform(a, 1) && sameShape(b.shape, node.shape)) return unary("Reciprocal", b);
    return undefined;
  }),
  Neg: (node) => {
    const [x] = node.inputs;
    if (isOperation(x, "Neg")) return x.inputs[0];
    if (isOperation(x, "Sub") && x.inputs[0] && x.inputs[1]) return subtract(x.inputs[1], x.inputs[0]);
    if (isOperation(x, "Mul") && x.inputs[0] && uniform(x.inputs[1]) !== undefined && x.inputs[1])
      return multiply(x.inputs[0], scaled(x.inputs[1], -1));
    return undefined;
  },
  Max: two((a, b, node) =>
    isUniform(b, 0) && sameShape(a.shape, node.shape) ? unary("Relu", a) : undefined,
  ),
  Pow: two((a, b) => (isUniform(b, 2) ? multiply(a, a) : isUniform(b, 1) ? a : undefined)),
});

const scaled = (constant: Node, factor: number): Node =>
  scalarLike(constant, (uniform(constant) ?? 0) * factor);

const scalarLike = (constant: Node, value: number): Node => ({
  kind: "constant",
  shape: constant.shape,
  dtype: "float32",
  values: new Float32Array([value]),
});

/** x * c + y * c is (x + y) * c, and with -c the difference. For single numbers it would save nothing. */
function factored(a: Node, b: Node, combine: (a: Node, b: Node) => Node): Node | undefined {
  if (!isOperation(a, "Mul") || !isOperation(b, "Mul") || sizeOf(a.shape) === 1) return undefined;
  const [[x, c], [y, d]] = [a.inputs, b.inputs];
  const [first, second] = [uniform(c), uniform(d)];
  if (!x || !y || !c || first === undefined || second === undefined || first === 0) return undefined;
  if (first === second) return multiply(combine(x, y), c);
  return first === -second ? multiply(combine === add ? subtract(x, y) : add(x, y), c) : undefined;
}

const isSingle = (node: Node): boolean => sizeOf(node.shape) === 1;

/** (x * c) * d is x * (c d); also where c is one number that only a run knows: it is multiplied once, and not per element. */
function gathered(a: Node, b: Node): Node | undefined {
  if (!isOperation(a, "Mul")) return undefined;
  const [x, factor] = a.inputs;
  const inner = uniform(factor);
  if (x && factor && inner === undefined) {
    if (isSingle(x) && !isSingle(factor)) return multiply(factor, multiply(x, b));
    if (isSingle(factor) && !isSingle(x)) return multiply(x, multiply(factor, b));
  }
  return x && factor && inner !== undefined
    ? multiply(x, scaled(multiplyShapes(factor, b), inner * (uniform(b) ?? 0)))
    : undefined;
}

/** A constant in the shape that the product of two would have. */
const multiplyShapes = (a: Node, b: Node): Node => ({
  kind: "constant",
  shape: broadcastShape(a.shape, b.shape),
  dtype: "float32",
  values: new Float32Array([1]),
});

/** a * (b * c) with a constant c is (a * b) * c: the factor may meet another further out. */
function outward(a: Node, b: Node): Node | undefined {
  if (!isOperation(b, "Mul") || b.inputs[0] === undefined || (isSingle(b) && !isSingle(a))) return undefined;
  const [inner, factor] = b.inputs;
  return factor && uniform(factor) !== undefined && factor.shape.length === 0
    ? multiply(multiply(a, inner), factor)
    : undefined;
}

/** x * (c ? 1 : 0) is c ? x : 0: what gradients of relu, max and clip look like. */
function chosen(x: Node, mask: Node, node: OperationNode): Node | undefined {
  const choice = isOperation(mask, "Cast") && mask.inputs[0]?.dtype === "bool" ? mask.inputs[0] : undefined;
  if (choice && sameShape(x.shape, node.shape)) return masked(choice, x);
  if (!isOperation(mask, "Where") || !sameShape(x.shape, node.shape)) return undefined;
  const [condition, yes, no] = mask.inputs;
  if (!condition || !isUniform(yes, 1)) return undefined;
  if (isUniform(no, 0)) return masked(condition, x);
  return isUniform(no, -1) ? where(condition, x, unary("Neg", x)) : undefined;
}
