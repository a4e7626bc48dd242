import type { Shape } from "../engine";
import { ShapeError } from "./errors";
import type { Attributes, ConstantNode, ConstantValues, DType, Node } from "./graph";
import { sameShape, sizeOf } from "./graph";

/**
 * The vocabulary that rules are written in: one function per operation, which works out the shape and type of the
 * result. Broadcasting is numpy's, in ONNX as in tfjs.
 */
const operation = (
  op: string,
  inputs: readonly Node[],
  shape: Shape,
  dtype: DType,
  attributes: Attributes = {},
): Node => ({
  kind: "operation",
  op,
  inputs,
  shape,
  dtype,
  attributes,
});
export { operation };

// Constants

export function constant(values: ConstantValues, shape: Shape): ConstantNode {
  const dtype = values instanceof Float32Array ? "float32" : values instanceof Int32Array ? "int32" : "bool";
  const first = values[0];
  const uniform = values.length > 1 && values.every((value) => Object.is(value, first));
  return { kind: "constant", shape, dtype, values: uniform ? values.slice(0, 1) : values };
}

/** The same number everywhere. */
export function filled(shape: Shape, value: number, dtype: DType = "float32"): ConstantNode {
  const values =
    dtype === "float32"
      ? new Float32Array([value])
      : dtype === "int32"
        ? new Int32Array([value])
        : new Uint8Array([value]);
  return { kind: "constant", shape, dtype, values };
}

export const scalar = (value: number, dtype: DType = "float32"): ConstantNode => filled([], value, dtype);

export const float = (values: Iterable<number>, shape: Shape): ConstantNode =>
  constant(Float32Array.from(values), shape);
export const integers = (values: Iterable<number>, shape: Shape): ConstantNode =>
  constant(Int32Array.from(values), shape);

// Elementwise

export function broadcastShape(a: Shape, b: Shape): Shape {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, i) => {
    const x = a[i - rank + a.length] ?? 1;
    const y = b[i - rank + b.length] ?? 1;
    if (x !== y && x !== 1 && y !== 1)
      throw new ShapeError(`shapes [${a.join(", ")}] and [${b.join(", ")}] do not broadcast`);
    return x === 1 ? y : x;
  });
}

export const unary = (op: string, x: Node, attributes: Attributes = {}): Node =>
  operation(op, [x], x.shape, x.dtype, attributes);

export const binary = (op: string, a: Node, b: Node): Node =>
  operation(op, [a, b], broadcastShape(a.shape, b.shape), a.dtype);

export const compare = (op: string, a: Node, b: Node): Node =>
  operation(op, [a, b], broadcastShape(a.shape, b.shape), "bool");

export const add = (a: Node, b: Node): Node => binary("Add", a, b);
export const subtract = (a: Node, b: Node): Node => binary("Sub", a, b);
export const multiply = (a: Node, b: Node): Node => binary("Mul", a, b);
export const divide = (a: Node, b: Node): Node => binary("Div", a, b);

/** A number of the same type as `x`, for `multiply(x, like(x, 2))`. */
export const like = (x: Node, value: number): ConstantNode => scalar(value, x.dtype);

export const greater = (a: Node, b: Node): Node => compare("Greater", a, b);
export const equal = (a: Node, b: Node): Node => compare("Equal", a, b);
export const not = (x: Node): Node => operation("Not", [x], x.shape, "bool");

export const where = (condition: Node, a: Node, b: Node): Node =>
  operation(
    "Where",
    [condition, a, b],
    broadcastShape(broadcastShape(condition.shape, a.shape), b.shape),
    a.dtype,
  );

/** x where the condition holds, else 0: what is left of a product with a mask of ones and zeros, and computed as one. */
export const masked = (condition: Node, x: Node): Node =>
  operation("Where", [condition, x, like(x, 0)], broadcastShape(condition.shape, x.shape), x.dtype, {
    mask: 1,
  });

export const cast = (x: Node, dtype: DType): Node =>
  x.dtype === dtype ? x : operation("Cast", [x], x.shape, dtype);

// Movement

export const reshape = (x: Node, shape: Shape): Node =>
  sameShape(x.shape, shape) ? x : operation("Reshape", [x], shape, x.dtype);

export const expand = (x: Node, shape: Shape): Node =>
  sameShape(x.shape, shape) ? x : operation("Expand", [x], shape, x.dtype);

export const transpose = (x: Node, permutation: readonly number[]): Node =>
  permutation.every((axis, i) => axis === i)
    ? x
    : operation(
        "Transpose",
        [x],
        permutation.map((axis) => x.shape[axis] ?? 1),
        x.dtype,
        { perm: permutation },
      );

/** Per axis: start (inclusive), end (exclusive) and step; a negative step reads backwards, an end of -1 is then "before 0". */
export interface Range {
  readonly axis: number;
  readonly start: number;
  readonly end: number;
  readonly step?: number;
}

export function slice(x: Node, ranges: readonly Range[]): Node {
  const shape = [...x.shape];
  const needed = ranges.filter(
    ({ axis, start, end, step = 1 }) => start !== 0 || end !== x.shape[axis] || step !== 1,
  );
  if (needed.length === 0) return x;
  for (const { axis, start, end, step = 1 } of needed)
    shape[axis] = Math.max(0, Math.ceil((end - start) / step));
  return operation("Slice", [x], shape, x.dtype, {
    starts: needed.map(({ start }) => start),
    // ONNX counts negative ends from the back, so "before the first element" has to be far out.
    ends: needed.map(({ end, step = 1 }) => (step < 0 && end < 0 ? -(2 ** 31) : end)),
    axes: needed.map(({ axis }) => axis),
    steps: needed.map(({ step = 1 }) => step),
  });
}

export function concat(parts: readonly Node[], axis: number): Node {
  const [first] = parts;
  if (!first) throw new Error("concat needs at least one part");
  if (parts.length === 1) return first;
  const odd = parts.find(({ shape }) => !sameShape(shape.with(axis, 0), first.shape.with(axis, 0)));
  if (odd) {
    const shapes = `[${first.shape.join(", ")}] and [${odd.shape.join(", ")}]`;
    throw new ShapeError(
      `shapes ${shapes} cannot be joined along axis ${axis}: they may differ in that axis only`,
    );
  }
  const total = parts.reduce((sum, part) => sum + (part.shape[axis] ?? 0), 0);
  return operation("Concat", parts, first.shape.with(axis, total), first.dtype, { axis });
}

/** Some of the numbers of a list, which lowering takes apart in one go for all parts that are asked for. */
export const part = (list: Node, start: number, length: number): Node =>
  operation("Part", [list], [length], list.dtype, { start });

export type Padding = readonly (readonly [before: number, after: number])[];

export function pad(
  x: Node,
  padding: Padding,
  value = 0,
  mode: "constant" | "reflect" | "edge" = "constant",
): Node {
  if (padding.every(([before, after]) => before === 0 && after === 0)) return x;
  const shape = x.shape.map((dimension, i) => dimension + (padding[i]?.[0] ?? 0) + (padding[i]?.[1] ?? 0));
  const pads = [...padding.map(([before]) => before), ...padding.map(([, after]) => after)];
  return operation("Pad", [x, ...(mode === "constant" ? [like(x, value)] : [])], shape, x.dtype, {
    pads,
    mode,
  });
}

export const tile = (x: Node, repeats: readonly number[]): Node =>
  repeats.every((count) => count === 1)
    ? x
    : operation(
        "Tile",
        [x],
        x.shape.map((dimension, i) => dimension * (repeats[i] ?? 1)),
        x.dtype,
        { repeats },
      );

// Reductions

export type Reduction = "ReduceSum" | "ReduceMean" | "ReduceMax" | "ReduceMin" | "ReduceProd";

export function reducedShape(shape: Shape, axes: readonly number[], keepDimensions: boolean): Shape {
  return keepDimensions
    ? shape.map((dimension, i) => (axes.includes(i) ? 1 : dimension))
    : shape.filter((_, i) => !axes.includes(i));
}

export function reduce(op: Reduction, x: Node, axes: readonly number[], keepDimensions = false): Node {
  const shape = reducedShape(x.shape, axes, keepDimensions);
  if (axes.every((axis) => x.shape[axis] === 1)) return reshape(x, shape);
  return operation(op, [x], shape, x.dtype, { axes, keepdims: keepDimensions ? 1 : 0 });
}

export const sum = (x: Node, axes: readonly number[], keepDimensions = false): Node =>
  reduce("ReduceSum", x, axes, keepDimensions);

// Matrices

export interface Transposed {
  readonly a?: boolean;
  readonly b?: boolean;
}

/** `[m, k] x [k, n]`, either factor given transposed. */
export function gemm(a: Node, b: Node, transposed: Transposed = {}): Node {
  const [m = 1] = transposed.a ? a.shape.slice(1) : a.shape;
  const [n = 1] = transposed.b ? b.shape : b.shape.slice(1);
  return operation("Gemm", [a, b], [m, n], "float32", {
    transA: transposed.a ? 1 : 0,
    transB: transposed.b ? 1 : 0,
  });
}

/** `[..., m, k] x [..., k, n]` with leading dimensions broadcast. */
export function matMul(a: Node, b: Node): Node {
  const leading = broadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2));
  return operation("MatMul", [a, b], [...leading, a.shape.at(-2) ?? 1, b.shape.at(-1) ?? 1], "float32");
}

/** Swaps the last two axes. */
export function swapLast(x: Node): Node {
  const axes = x.shape.map((_, i) => i);
  const rank = axes.length;
  return transpose(x, [...axes.slice(0, -2), rank - 1, rank - 2]);
}

export const elements = (x: Node): number => sizeOf(x.shape);
