import type { Node } from "../graph";
import { sizeOf } from "../graph";
import {
  add,
  cast,
  equal,
  filled,
  integers,
  like,
  multiply,
  operation,
  reshape,
  transpose,
} from "../operations";
import type { RuleTable } from "./rule";
import { resolveAxis } from "./rule";

/** Rules for operations that read and write at positions given by other tensors: embeddings, labels. */

const asIndices = (x: Node): Node => cast(x, "int32");

/** Adds each row of `updates` into a tensor of zeros at the position that `indices` (last axis: coordinates) gives. */
const scatterAdd = (indices: Node, updates: Node, shape: readonly number[]): Node =>
  operation(
    "ScatterND",
    [filled(shape, 0, updates.dtype), asIndices(indices), updates],
    shape,
    updates.dtype,
    {
      reduction: "add",
    },
  );

const gather = (x: Node, indices: Node, axis: number): Node =>
  operation("Gather", [x, indices], x.shape.toSpliced(axis, 1, ...indices.shape), x.dtype, { axis });

/** A gather of its own in each row of the batch: all rows become one list, in which every row has its place. */
function gatherInRows(x: Node, indices: Node, axis: number, batch: number): Node {
  const [rows, length] = [sizeOf(x.shape.slice(0, batch)), x.shape[axis] ?? 1];
  const between = x.shape.slice(batch, axis);
  const after = x.shape.slice(axis + 1);
  const each = indices.shape.slice(batch);
  const apart = reshape(x, [rows, sizeOf(between), length, sizeOf(after)]);
  const list = reshape(transpose(apart, [0, 2, 1, 3]), [rows * length, sizeOf(between) * sizeOf(after)]);
  const starts = integers(
    Array.from({ length: rows }, (_, row) => row * length),
    [rows, 1],
  );
  const read = gather(list, add(reshape(indices, [rows, sizeOf(each)]), starts), 0);
  const inOrder = transpose(
    reshape(read, [rows, sizeOf(each), sizeOf(between), sizeOf(after)]),
    [0, 2, 1, 3],
  );
  return reshape(inOrder, [...x.shape.slice(0, batch), ...between, ...each, ...after]);
}

export const indexing: RuleTable = {
  GatherV2: (inputs, attributes) => {
    const [x, indices] = [inputs.get("x"), asIndices(inputs.get("indices"))];
    const axis = resolveAxis(attributes.number("axis", 0), x.shape.length);
    const batch = resolveAxis(attributes.number("batchDims", 0), indices.shape.length);
    return batch === 0 ? gather(x, indices, axis) : gatherInRows(x, indices, axis, batch);
  },
  /** The indices are asked for; ONNX Runtime sorts once, and the values are read at them. */
  TopK: (inputs, attributes) => {
    const x = inputs.get("x");
    const [axis, k] = [x.shape.length - 1, attributes.number("k")];
    const shape = x.shape.with(axis, k);
    const indices = operation("TopK", [x], shape, "int32", {
      axis,
      k,
      sorted: attributes.boolean("sorted") ? 1 : 0,
    });
    return [operation("GatherElements", [x, indices], shape, x.dtype, { axis }), indices];
  },
  GatherNd: (inputs) => {
    const [params, indices] = [inputs.get("params"), asIndices(inputs.get("indices"))];
    const depth = indices.shape.at(-1) ?? 0;
    const shape = [...indices.shape.slice(0, -1), ...params.shape.slice(depth)];
    return operation("GatherND", [params, indices], shape, params.dtype);
  },
  ScatterNd: (inputs, attributes) =>
    scatterAdd(inputs.get("indices"), inputs.get("updates"), attributes.numbers("shape")),
  UnsortedSegmentSum: (inputs, attributes) => {
    const [x, ids] = [inputs.get("x"), inputs.get("segmentIds")];
    const rows = sizeOf(ids.shape);
    const rest = x.shape.slice(ids.shape.length);
    const segments = [attributes.number("numSegments"), ...rest];
    return scatterAdd(reshape(ids, [rows, 1]), reshape(x, [rows, ...rest]), segments);
  },
  OneHot: (inputs, attributes) => {
    const indices = asIndices(inputs.get("indices"));
    const depth = attributes.number("depth");
    const [on, off] = [attributes.number("onValue", 1), attributes.number("offValue", 0)];
    const positions = integers(
      Array.from({ length: depth }, (_, i) => i),
      [depth],
    );
    const hot = cast(equal(reshape(indices, [...indices.shape, 1]), positions), "float32");
    const values = on === 1 && off === 0 ? hot : add(multiply(hot, like(hot, on - off)), like(hot, off));
    const dtype = attributes.text("dtype", "int32");
    return cast(values, dtype === "float32" || dtype === "bool" ? dtype : "int32");
  },
};
