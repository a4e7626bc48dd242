import type { Node } from "../graph";
import { sizeOf } from "../graph";
import { add, cast, equal, filled, integers, like, multiply, operation, reshape } from "../operations";
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

export const indexing: RuleTable = {
  GatherV2: (inputs, attributes) => {
    const [x, indices] = [inputs.get("x"), asIndices(inputs.get("indices"))];
    if (attributes.number("batchDims", 0) !== 0)
      throw new Error("no rule for a gather with batch dimensions");
    const axis = resolveAxis(attributes.number("axis", 0), x.shape.length);
    return operation("Gather", [x, indices], x.shape.toSpliced(axis, 1, ...indices.shape), x.dtype, { axis });
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
