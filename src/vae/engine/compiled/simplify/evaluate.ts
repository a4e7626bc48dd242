import type { Shape } from "../../engine";
import type { ConstantNode, ConstantValues, DType, Node, OperationNode } from "../graph";
import { sizeOf } from "../graph";
import { filled } from "../operations";
import { listAttribute } from "./patterns";

/** Computes operations whose inputs are all known, in the precision in which they would be computed at run time. */

type Scalar = (a: number, b: number, c: number) => number;

const truth = (condition: boolean): number => (condition ? 1 : 0);

const elementwise: Readonly<Record<string, Scalar>> = {
  Add: (a, b) => a + b,
  Sub: (a, b) => a - b,
  Mul: (a, b) => a * b,
  Max: (a, b) => Math.max(a, b),
  Min: (a, b) => Math.min(a, b),
  Pow: (a, b) => a ** b,
  Neg: (a) => -a,
  Abs: (a) => Math.abs(a),
  Exp: (a) => Math.exp(a),
  Log: (a) => Math.log(a),
  Sqrt: (a) => Math.sqrt(a),
  Reciprocal: (a) => 1 / a,
  Relu: (a) => Math.max(a, 0),
  Tanh: (a) => Math.tanh(a),
  Sigmoid: (a) => 1 / (1 + Math.exp(-a)),
  Floor: (a) => Math.floor(a),
  Equal: (a, b) => truth(a === b),
  Greater: (a, b) => truth(a > b),
  GreaterOrEqual: (a, b) => truth(a >= b),
  Less: (a, b) => truth(a < b),
  LessOrEqual: (a, b) => truth(a <= b),
  And: (a, b) => truth(a !== 0 && b !== 0),
  Or: (a, b) => truth(a !== 0 || b !== 0),
  Not: (a) => truth(a === 0),
  Where: (a, b, c) => (a !== 0 ? b : c),
};

/** Whole numbers divide towards zero in ONNX. */
const divide = (a: number, b: number, dtype: DType): number =>
  dtype === "float32" ? a / b : Math.trunc(a / b);

const convert = (value: number, dtype: DType): number =>
  dtype === "bool" ? truth(value !== 0) : dtype === "int32" ? Math.trunc(value) : value;

function scalarOf(node: OperationNode): Scalar | undefined {
  if (node.op === "Div") return (a, b) => divide(a, b, node.dtype);
  if (node.op === "Cast") return (a) => convert(a, node.dtype);
  return elementwise[node.op];
}

/** Beyond this many elements, a constant costs more to keep and to load than to compute. */
const largest = 1 << 16;

const isConstant = (node: Node): node is ConstantNode => node.kind === "constant";

/** The constant that an operation amounts to, if its inputs are constants and it is one of those known here. */
export function evaluate(node: OperationNode): ConstantNode | undefined {
  if (node.inputs.length === 0 || !node.inputs.every(isConstant)) return undefined;
  const scalar = scalarOf(node);
  if (scalar) return evaluateElementwise(node, node.inputs, scalar);
  const [input] = node.inputs;
  return input ? moved(node, input) : undefined;
}

function evaluateElementwise(
  node: OperationNode,
  inputs: readonly ConstantNode[],
  scalar: Scalar,
): ConstantNode | undefined {
  const [a, b, c] = inputs;
  const first = (input: ConstantNode | undefined): number => input?.values[0] ?? 0;
  if (inputs.every((input) => input.values.length === 1)) {
    return filled(node.shape, scalar(first(a), first(b), first(c)), node.dtype);
  }
  const size = sizeOf(node.shape);
  if (size > largest) return undefined;
  const values = empty(size, node.dtype);
  const readers = inputs.map((input) => reader(input, node.shape));
  for (let i = 0; i < size; i++) {
    values[i] = scalar(readers[0]?.(i) ?? 0, readers[1]?.(i) ?? 0, readers[2]?.(i) ?? 0);
  }
  return { kind: "constant", shape: node.shape, dtype: node.dtype, values };
}

/** Operations that rearrange one constant; what is the same everywhere stays so. */
function moved(node: OperationNode, input: ConstantNode): ConstantNode | undefined {
  const { shape, dtype } = node;
  const constantOf = (values: ConstantValues): ConstantNode => ({ kind: "constant", shape, dtype, values });
  const same = input.values.length === 1;
  switch (node.op) {
    case "Reshape":
      return constantOf(input.values);
    case "Expand":
    case "Tile":
    case "Slice":
      return same ? constantOf(input.values) : undefined;
    case "Transpose": {
      if (same) return constantOf(input.values);
      const size = sizeOf(shape);
      if (size > largest) return undefined;
      const values = empty(size, dtype);
      const strides = stridesOf(input.shape);
      const order = listAttribute(node, "perm").map((axis) => strides[axis] ?? 0);
      for (let i = 0; i < size; i++) values[i] = input.values[offsetOf(i, shape, order)] ?? 0;
      return constantOf(values);
    }
    case "ReduceSum": {
      const count = sizeOf(input.shape) / Math.max(1, sizeOf(shape));
      return same ? filled(shape, (input.values[0] ?? 0) * count, dtype) : undefined;
    }
    default:
      return undefined;
  }
}

function empty(size: number, dtype: DType): ConstantValues {
  if (dtype === "float32") return new Float32Array(size);
  return dtype === "int32" ? new Int32Array(size) : new Uint8Array(size);
}

function stridesOf(shape: Shape): number[] {
  const strides = shape.map(() => 1);
  for (let i = shape.length - 2; i >= 0; i--) strides[i] = (strides[i + 1] ?? 1) * (shape[i + 1] ?? 1);
  return strides;
}

/** Where element `index` of a tensor of the given shape lies in memory that has other strides. */
function offsetOf(index: number, shape: Shape, strides: readonly number[]): number {
  let offset = 0;
  let rest = index;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const dimension = shape[axis] ?? 1;
    offset += (rest % dimension) * (strides[axis] ?? 0);
    rest = Math.floor(rest / dimension);
  }
  return offset;
}

/** Reads a constant as if it were broadcast to a shape. */
function reader(input: ConstantNode, shape: Shape): (index: number) => number {
  if (input.values.length === 1) return () => input.values[0] ?? 0;
  const strides = stridesOf(input.shape).map((stride, axis) => (input.shape[axis] === 1 ? 0 : stride));
  const padded = [...shape.slice(input.shape.length).map(() => 0), ...strides];
  const aligned = padded.slice(padded.length - shape.length);
  return (index) => input.values[offsetOf(index, shape, aligned)] ?? 0;
}
