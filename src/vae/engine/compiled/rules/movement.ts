import { slice_util } from "@tensorflow/tfjs";
import type { Shape } from "../../engine";
import { ShapeError } from "../errors";
import type { DType, Node } from "../graph";
import { sizeOf } from "../graph";
import type { Padding } from "../operations";
import {
  cast,
  concat,
  filled,
  float,
  integers,
  multiply,
  pad,
  reshape,
  slice,
  tile,
  transpose,
} from "../operations";
import type { RuleTable } from "./rule";
import { resolveAxes, resolveAxis } from "./rule";

/** Rules for operations that move elements around without changing them, and for those that make constants. */

const asDType = (dtype: string): DType => {
  if (dtype === "float32" || dtype === "int32" || dtype === "bool") return dtype;
  throw new Error(`no rule for values of type ${dtype}`);
};

const insertAxis = (shape: Shape, axis: number): Shape => shape.toSpliced(axis, 0, 1);

const whole = (x: Node, axis: number): { axis: number; start: number; end: number } => ({
  axis,
  start: 0,
  end: x.shape[axis] ?? 0,
});

/** [b, h, w, c*s*s] to [b, h*s, w*s, c]. */
function depthToSpace(x: Node, block: number): Node {
  const [batch = 1, height = 1, width = 1, depth = 1] = x.shape;
  const inner = depth / (block * block);
  const apart = reshape(x, [batch, height, width, block, block, inner]);
  return reshape(transpose(apart, [0, 1, 3, 2, 4, 5]), [batch, height * block, width * block, inner]);
}

/** [batch, ...spatial, rest] cut into blocks whose positions become part of the batch. */
function spaceToBatch(x: Node, block: readonly number[], paddings: Padding): Node {
  const rank = x.shape.length;
  const padded = pad(
    x,
    Array.from({ length: rank }, (_, i) => paddings[i - 1] ?? [0, 0]),
  );
  const [batch = 1] = x.shape;
  const counts = block.map((size, i) => (padded.shape[i + 1] ?? 1) / size);
  const rest = padded.shape.slice(block.length + 1);
  const apart = reshape(padded, [batch, ...counts.flatMap((count, i) => [count, block[i] ?? 1]), ...rest]);
  const inner = block.map((_, i) => 2 * i + 2);
  const outer = block.map((_, i) => 2 * i + 1);
  const tail = rest.map((_, i) => 2 * block.length + 1 + i);
  return reshape(transpose(apart, [...inner, 0, ...outer, ...tail]), [
    batch * sizeOf(block),
    ...counts,
    ...rest,
  ]);
}

/** The reverse of `spaceToBatch`. */
function batchToSpace(x: Node, block: readonly number[], crops: Padding): Node {
  const batch = (x.shape[0] ?? 1) / sizeOf(block);
  const spatial = x.shape.slice(1, block.length + 1);
  const rest = x.shape.slice(block.length + 1);
  const apart = reshape(x, [...block, batch, ...spatial, ...rest]);
  const woven = spatial.flatMap((_, i) => [block.length + 1 + i, i]);
  const tail = rest.map((_, i) => 2 * block.length + 1 + i);
  const together = reshape(transpose(apart, [block.length, ...woven, ...tail]), [
    batch,
    ...spatial.map((size, i) => size * (block[i] ?? 1)),
    ...rest,
  ]);
  const ranges = crops.map(([before, after], i) => ({
    axis: i + 1,
    start: before,
    end: (together.shape[i + 1] ?? 0) - after,
  }));
  return slice(together, ranges);
}

export const movement: RuleTable = {
  Reshape: (inputs, attributes) => {
    const x = inputs.get("x");
    const wanted = attributes.numbers("shape");
    const known = sizeOf(wanted.filter((dimension) => dimension !== -1));
    const shape = wanted.map((dimension) => (dimension === -1 ? sizeOf(x.shape) / known : dimension));
    if (sizeOf(shape) !== sizeOf(x.shape) || !shape.every(Number.isInteger))
      throw new ShapeError(
        `a tensor of shape [${x.shape.join(", ")}] cannot be reshaped to [${wanted.join(", ")}]`,
      );
    return reshape(x, shape);
  },
  ExpandDims: (inputs, attributes) => {
    const x = inputs.get("input");
    return reshape(x, insertAxis(x.shape, resolveAxis(attributes.number("dim"), x.shape.length + 1)));
  },
  Transpose: (inputs, attributes) => transpose(inputs.get("x"), attributes.numbers("perm")),
  Tile: (inputs, attributes) => tile(inputs.get("x"), attributes.numbers("reps")),
  PadV2: (inputs, attributes) =>
    pad(inputs.get("x"), attributes.pairs("paddings"), attributes.number("constantValue", 0)),
  MirrorPad: (inputs, attributes) => {
    if (attributes.text("mode") === "reflect")
      return pad(inputs.get("x"), attributes.pairs("paddings"), 0, "reflect");
    // "symmetric" repeats the edge itself: glue reversed borders on, axis by axis.
    return attributes.pairs("paddings").reduce((x, [before, after], axis) => {
      const size = x.shape[axis] ?? 0;
      const head = slice(x, [{ axis, start: before - 1, end: -1, step: -1 }]);
      const tail = slice(x, [{ axis, start: size - 1, end: size - after - 1, step: -1 }]);
      return concat([...(before > 0 ? [head] : []), x, ...(after > 0 ? [tail] : [])], axis);
    }, inputs.get("x"));
  },
  Slice: (inputs, attributes) => {
    const x = inputs.get("x");
    const begins = attributes.numbers("begin");
    const sizes = attributes.optionalNumbers("size") ?? [];
    return slice(
      x,
      begins.map((start, axis) => {
        const size = sizes[axis] ?? -1;
        return { axis, start, end: size < 0 ? (x.shape[axis] ?? 0) : start + size };
      }),
    );
  },
  StridedSlice: (inputs, attributes) => {
    const x = inputs.get("x");
    const mask = (name: string): number => attributes.number(name, 0);
    const plan = slice_util.sliceInfo(
      [...x.shape],
      [...attributes.numbers("begin")],
      [...attributes.numbers("end")],
      [...attributes.numbers("strides")],
      mask("beginMask"),
      mask("endMask"),
      mask("ellipsisMask"),
      mask("newAxisMask"),
      mask("shrinkAxisMask"),
    );
    if (sizeOf(plan.finalShape) === 0) return filled(plan.finalShape, 0, x.dtype);
    const ranges = plan.begin.map((start, axis) => {
      const step = plan.strides[axis] ?? 1;
      return { axis, start, end: plan.end[axis] ?? 0, step };
    });
    return reshape(slice(x, ranges), plan.finalShape);
  },
  Concat: (inputs, attributes) => {
    const parts = inputs.all();
    const axis = resolveAxis(attributes.number("axis"), parts[0]?.shape.length ?? 0);
    return concat(
      parts.filter((part) => sizeOf(part.shape) > 0 || parts.length === 1),
      axis,
    );
  },
  SplitV: (inputs, attributes) => {
    const x = inputs.get("x");
    const axis = resolveAxis(attributes.number("axis"), x.shape.length);
    const total = x.shape[axis] ?? 0;
    const wanted = attributes.raw("numOrSizeSplits");
    const sizes =
      typeof wanted === "number"
        ? Array.from({ length: wanted }, () => total / wanted)
        : attributes.numbers("numOrSizeSplits");
    const known = sizes.reduce((sum, size) => sum + Math.max(0, size), 0);
    let start = 0;
    return sizes.map((size) => {
      const end = start + (size < 0 ? total - known : size);
      const part = slice(x, [{ axis, start, end }]);
      start = end;
      return part;
    });
  },
  Pack: (inputs, attributes) => {
    const parts = inputs.all();
    const axis = resolveAxis(attributes.number("axis"), (parts[0]?.shape.length ?? 0) + 1);
    return concat(
      parts.map((part) => reshape(part, insertAxis(part.shape, axis))),
      axis,
    );
  },
  Unpack: (inputs, attributes) => {
    const x = inputs.get("value");
    const axis = resolveAxis(attributes.number("axis"), x.shape.length);
    return Array.from({ length: x.shape[axis] ?? 0 }, (_, i) =>
      reshape(slice(x, [{ axis, start: i, end: i + 1 }]), x.shape.toSpliced(axis, 1)),
    );
  },
  Reverse: (inputs, attributes) => {
    const x = inputs.get("x");
    const axes = resolveAxes(attributes.optionalNumbers("dims"), x.shape.length);
    return slice(
      x,
      axes.map((axis) => ({ ...whole(x, axis), start: (x.shape[axis] ?? 1) - 1, end: -1, step: -1 })),
    );
  },
  FlipLeftRight: (inputs) => {
    const x = inputs.get("image");
    return slice(x, [{ ...whole(x, 2), start: (x.shape[2] ?? 1) - 1, end: -1, step: -1 }]);
  },
  /** Of a tensor of any shape: its elements on the diagonal of a matrix, whose axes have that shape both. */
  Diag: (inputs) => {
    const x = inputs.get("x");
    const size = sizeOf(x.shape);
    const ones = float(
      Array.from({ length: size * size }, (_, i) => (i % (size + 1) === 0 ? 1 : 0)),
      [size, size],
    );
    return reshape(multiply(reshape(x, [size, 1]), cast(ones, x.dtype)), [...x.shape, ...x.shape]);
  },
  DepthToSpace: (inputs, attributes) => {
    const [x, block] = [inputs.get("x"), attributes.number("blockSize")];
    if (attributes.text("dataFormat", "NHWC") === "NHWC") return depthToSpace(x, block);
    return transpose(depthToSpace(transpose(x, [0, 2, 3, 1]), block), [0, 3, 1, 2]);
  },
  SpaceToBatchND: (inputs, attributes) =>
    spaceToBatch(inputs.get("x"), attributes.numbers("blockShape"), attributes.pairs("paddings")),
  BatchToSpaceND: (inputs, attributes) =>
    batchToSpace(inputs.get("x"), attributes.numbers("blockShape"), attributes.pairs("crops")),

  Fill: (_, attributes) =>
    filled(
      attributes.numbers("shape"),
      attributes.number("value"),
      asDType(attributes.text("dtype", "float32")),
    ),
  Range: (_, attributes) => {
    const [start, stop, step] = [
      attributes.number("start"),
      attributes.number("stop"),
      attributes.number("step", 1),
    ];
    const count = Math.max(0, Math.ceil((stop - start) / step));
    const values = Array.from({ length: count }, (__, i) => start + i * step);
    return attributes.text("dtype", "float32") === "int32"
      ? integers(values, [count])
      : float(values, [count]);
  },
  LinSpace: (_, attributes) => {
    const [start, stop, count] = [
      attributes.number("start"),
      attributes.number("stop"),
      attributes.number("num"),
    ];
    const step = count > 1 ? (stop - start) / (count - 1) : 0;
    return float(
      Array.from({ length: count }, (__, i) => start + i * step),
      [count],
    );
  },
};
