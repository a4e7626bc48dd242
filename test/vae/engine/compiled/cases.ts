import * as tf from "@tensorflow/tfjs";
import type { Choices } from "./random";

/** One call of an operation with everything chosen: its inputs (shape and range of values) and how to apply it. */
export interface OperationCase {
  readonly inputs: Readonly<Record<string, Input>>;
  readonly apply: (x: Readonly<Record<string, tf.Tensor>>) => tf.Tensor | tf.Tensor[];
  /** The operation has no gradient in tfjs, or a wrong one. */
  readonly forwardOnly?: boolean;
  readonly tolerance?: number;
  /** tfjs's cpu backend computes this gradient wrongly (as it may be said at the case): finite differences are the truth. */
  readonly differences?: boolean;
}

export interface Input {
  readonly shape: readonly number[];
  readonly low?: number;
  readonly high?: number;
}

type Draw = (r: Choices) => OperationCase;

const get = (tensors: Readonly<Record<string, tf.Tensor>>, name: string): tf.Tensor => {
  const tensor = tensors[name];
  if (!tensor) throw new Error(`no tensor ${name}`);
  return tensor;
};

const unary =
  (apply: (x: tf.Tensor) => tf.Tensor, low = -2, high = 2, forwardOnly = false): Draw =>
  (r) => ({
    inputs: { x: { shape: r.shape(0, 4), low, high } },
    apply: (t) => apply(get(t, "x")),
    forwardOnly,
  });

/** Two shapes that broadcast: axes dropped from the front or shrunk to 1. */
function broadcastable(r: Choices): [number[], number[]] {
  const full = r.shape(1, 4);
  const shrink = (): number[] =>
    full.map((d) => (r.uniform() < 0.25 ? 1 : d)).slice(r.uniform() < 0.3 ? 1 : 0);
  return r.flag() ? [full, shrink()] : [shrink(), full];
}

const binary =
  (
    apply: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor,
    ranges: readonly [number, number, number, number] = [-2, 2, -2, 2],
    forwardOnly = false,
  ): Draw =>
  (r) => {
    const [a, b] = broadcastable(r);
    return {
      inputs: {
        a: { shape: a, low: ranges[0], high: ranges[1] },
        b: { shape: b, low: ranges[2], high: ranges[3] },
      },
      apply: (t) => apply(get(t, "a"), get(t, "b")),
      forwardOnly,
    };
  };

/** tfjs's gradients of these forget that the inputs were broadcast. */
const unbroadcast =
  (apply: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor): Draw =>
  (r) => {
    const shape = r.shape(0, 4);
    return { inputs: { a: { shape }, b: { shape } }, apply: (t) => apply(get(t, "a"), get(t, "b")) };
  };

const reduction =
  (apply: (x: tf.Tensor, axes: number[], keep: boolean) => tf.Tensor, forwardOnly = false): Draw =>
  (r) => {
    const shape = r.shape(1, 4);
    const axes = r.axes(shape.length);
    const keep = r.flag();
    return { inputs: { x: { shape } }, apply: (t) => apply(get(t, "x"), axes, keep), forwardOnly };
  };

const chosen = (shape: number[]): tf.Tensor =>
  tf.tensor(
    Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => (i * 7) % 3 === 0),
    shape,
    "bool",
  );
const isPositive = (x: tf.Tensor): tf.Tensor => tf.greater(x, 0);
const image = (t: tf.Tensor): tf.Tensor4D => tf.reshape(t, t.shape as [number, number, number, number]);

interface Window {
  readonly x: number[];
  readonly kernel: [number, number];
  readonly strides: [number, number];
  readonly dilations: [number, number];
  readonly pad:
    "same" | "valid" | number | [[number, number], [number, number], [number, number], [number, number]];
}

function window(
  r: Choices,
  paddings: readonly ("same" | "valid" | "number" | "explicit")[] = ["same", "valid", "number", "explicit"],
): Window {
  const kernel: [number, number] = [r.integer(1, 4), r.integer(1, 4)];
  const dilated = r.uniform() < 0.3;
  const dilations: [number, number] = dilated ? [r.integer(1, 2), r.integer(1, 2)] : [1, 1];
  const strides: [number, number] = dilated ? [1, 1] : [r.integer(1, 3), r.integer(1, 3)];
  const reach = (i: 0 | 1): number => (kernel[i] - 1) * dilations[i] + 1;
  const x = [r.integer(1, 3), reach(0) + r.integer(0, 5), reach(1) + r.integer(0, 5), r.integer(1, 5)];
  const kind = r.one(...paddings);
  // Explicit padding stays below the kernel: a window that sees nothing but padding is no use to anybody.
  const small = (i: 0 | 1): number => r.integer(0, Math.max(0, kernel[i] - 1));
  const pad =
    kind === "number"
      ? reach(0) === reach(1) && strides[0] === strides[1] // Otherwise tfjs takes height for width.
        ? Math.min(small(0), small(1))
        : "same"
      : kind === "explicit"
        ? ([
            [0, 0],
            [small(0), small(0)],
            [small(1), small(1)],
            [0, 0],
          ] as [[number, number], [number, number], [number, number], [number, number]])
        : kind;
  return { x, kernel, strides, dilations, pad };
}

const conv2d =
  (
    apply: (x: tf.Tensor4D, filter: tf.Tensor4D, w: Window) => tf.Tensor,
    size: "few" | "many" | "blocks" = "few",
  ): Draw =>
  (r) => {
    const w = window(r);
    // Blocks of channels hold 8 or 16 of them, whichever machine this runs on; so do those of examples.
    const [batch = 1, , , few = 1] = w.x;
    const sizes = {
      few: [batch, few, r.integer(1, 5)],
      many: [batch, 8 * r.integer(1, 3), 8 * r.integer(1, 2)],
      blocks: [r.one(3, 16), r.one(1, 16, 32), 16 * r.integer(1, 2)],
    } as const;
    const [examples, channels, outputs] = sizes[size];
    const x = w.x.with(0, examples).with(3, channels);
    const filter = [...w.kernel, channels, outputs];
    return {
      inputs: { x: { shape: x }, filter: { shape: filter } },
      apply: (t) => apply(image(get(t, "x")), image(get(t, "filter")), w),
      tolerance: 1e-4,
    };
  };

/** tf.conv2d with explicit padding refuses dilation together with strides; `window` draws one or the other. */
const plainConv = (x: tf.Tensor4D, f: tf.Tensor4D, w: Window): tf.Tensor =>
  tf.conv2d(x, f, w.strides, w.pad, "NHWC", w.dilations);

const transposedConv =
  (inBlocks = false): Draw =>
  (r) => {
    const kernel: [number, number] = [r.integer(1, 4), r.integer(1, 4)];
    const strides: [number, number] = [r.integer(1, 3), r.integer(1, 3)];
    const same = r.flag();
    const [batch, height, width, inner, outer] = [
      inBlocks ? r.one(2, 16) : r.integer(1, 3),
      r.integer(1, 5),
      r.integer(1, 5),
      inBlocks ? 16 * r.integer(1, 2) : r.integer(1, 9),
      inBlocks ? r.one(1, 16, 32) : r.integer(1, 9),
    ];
    const grow = (i: 0 | 1, size: number): number =>
      same
        ? size * strides[i] - r.integer(0, strides[i] - 1)
        : (size - 1) * strides[i] + kernel[i] + r.integer(0, strides[i] - 1);
    const output: [number, number, number, number] = [batch, grow(0, height), grow(1, width), outer];
    return {
      inputs: { x: { shape: [batch, height, width, inner] }, filter: { shape: [...kernel, outer, inner] } },
      apply: (t) =>
        tf.conv2dTranspose(
          image(get(t, "x")),
          image(get(t, "filter")),
          output,
          strides,
          same ? "same" : "valid",
        ),
      tolerance: 1e-4,
    };
  };

const pool =
  (apply: (x: tf.Tensor4D, w: Window) => tf.Tensor, paddings: readonly ("same" | "valid")[]): Draw =>
  (r) => {
    const w = window(r, paddings);
    return { inputs: { x: { shape: w.x } }, apply: (t) => apply(image(get(t, "x")), w) };
  };

const resized =
  (
    apply: (x: tf.Tensor4D, size: [number, number], align: boolean, half: boolean) => tf.Tensor,
    half: boolean,
  ): Draw =>
  (r) => {
    const shape = [r.integer(1, 2), r.integer(1, 5), r.integer(1, 5), r.integer(1, 3)];
    const size: [number, number] = [r.integer(1, 9), r.integer(1, 9)];
    const align = !half && r.flag();
    // tfjs mixes up height and width of bilinear gradients, and the images of a batch of nearest ones.
    return {
      inputs: { x: { shape } },
      apply: (t) => apply(image(get(t, "x")), size, align, half),
      forwardOnly: half,
      differences: true,
    };
  };

const labels = (r: Choices, shape: number[], classes: number): tf.Tensor =>
  tf.tensor(
    Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => r.integer(0, classes - 1)),
    shape,
    "int32",
  );

/** Draws whatever the case needs beyond its inputs while the case is drawn, so that both engines see the same. */
const fixed = (values: tf.Tensor): (() => tf.Tensor) => {
  const data = Array.from(values.dataSync());
  const { shape, dtype } = values;
  values.dispose();
  return () => tf.tensor(data, shape, dtype);
};

export const cases: Readonly<Record<string, Draw>> = {
  abs: unary(tf.abs),
  acos: unary(tf.acos, -0.9, 0.9),
  acosh: unary(tf.acosh, 1.2, 3),
  asin: unary(tf.asin, -0.9, 0.9),
  asinh: unary(tf.asinh),
  atan: unary(tf.atan),
  atanh: unary(tf.atanh, -0.9, 0.9),
  ceil: unary(tf.ceil),
  cos: unary(tf.cos),
  cosh: unary(tf.cosh),
  erf: unary(tf.erf),
  exp: unary(tf.exp),
  expm1: unary(tf.expm1),
  floor: unary(tf.floor),
  log: unary(tf.log, 0.1, 3),
  log1p: unary(tf.log1p, -0.5, 3),
  neg: unary(tf.neg),
  relu: unary(tf.relu),
  relu6: unary((x) => tf.relu6(tf.mul(x, 4))),
  elu: unary(tf.elu),
  selu: unary(tf.selu),
  leakyRelu: unary((x) => tf.leakyRelu(x, 0.3)),
  prelu: unbroadcast((a, b) => tf.prelu(a, b)),
  round: unary(tf.round),
  sigmoid: unary((x) => tf.sigmoid(tf.mul(x, 3))),
  "sigmoid of large numbers": unary((x) => tf.sigmoid(tf.mul(x, 100)), 0.5, 2),
  softplus: unary((x) => tf.softplus(tf.mul(x, 3))),
  "softplus of large numbers": unary((x) => tf.softplus(tf.mul(x, 60))),
  sign: unary(tf.sign),
  sin: unary(tf.sin),
  sinh: unary(tf.sinh),
  sqrt: unary(tf.sqrt, 0.1, 3),
  rsqrt: unary(tf.rsqrt, 0.1, 3),
  square: unary(tf.square),
  reciprocal: unary(tf.reciprocal, 0.5, 2),
  tan: unary(tf.tan, -1, 1),
  tanh: unary(tf.tanh),
  step: unary((x) => tf.step(x, 0.25)),
  clipByValue: unary((x) => tf.clipByValue(x, -0.5, 1)),
  clone: unary((x) => tf.clone(x)),
  "cast to integers": unary((x) => tf.cast(tf.cast(tf.mul(x, 3), "int32"), "float32"), -2, 2, true),
  "cast to bool": unary((x) => tf.cast(tf.cast(tf.relu(x), "bool"), "float32"), -2, 2, true),
  onesLike: unary((x) => tf.add(x, tf.onesLike(x))),
  zerosLike: unary((x) => tf.add(x, tf.zerosLike(x))),
  isNaN: unary((x) => tf.isNaN(tf.log(x)), -2, 2, true),
  isInf: unary((x) => tf.isInf(tf.log(tf.relu(x))), -2, 2, true),
  isFinite: unary((x) => tf.isFinite(tf.log(tf.relu(x))), -2, 2, true),
  "binary cross-entropy from logits": binary((o, x) =>
    tf.add(tf.sub(tf.relu(o), tf.mul(o, x)), tf.log1p(tf.exp(tf.neg(tf.abs(o))))),
  ),

  add: binary(tf.add),
  addN: (r) => {
    const shape = r.shape();
    return {
      inputs: { a: { shape }, b: { shape }, c: { shape } },
      apply: (t) => tf.addN([get(t, "a"), get(t, "b"), get(t, "c")]),
    };
  },
  sub: binary(tf.sub),
  mul: binary(tf.mul),
  "mul by itself": unary((x) => tf.mul(x, x)),
  div: binary(tf.div, [-2, 2, 0.5, 2]),
  "div of integers": binary(
    (a, b) => tf.div(tf.cast(tf.mul(a, 9), "int32"), tf.cast(tf.mul(b, 3), "int32")),
    [-2, 2, 1, 2],
    true,
  ),
  floorDiv: binary((a, b) => tf.floorDiv(tf.mul(a, 3), b), [-2, 2, 0.5, 2], true),
  "floorDiv of integers": binary(
    (a, b) => tf.floorDiv(tf.cast(tf.mul(a, 9), "int32"), tf.cast(tf.mul(b, 3), "int32")),
    [-2, 2, 1, 2],
    true,
  ),
  mod: binary((a, b) => tf.mod(tf.mul(a, 3), b), [-2, 2, 0.6, 2], true),
  maximum: unbroadcast(tf.maximum),
  "maximum, broadcast": binary(tf.maximum, [-2, 2, -2, 2], true),
  minimum: unbroadcast(tf.minimum),
  "minimum, broadcast": binary(tf.minimum, [-2, 2, -2, 2], true),
  pow: binary(tf.pow, [0.3, 2, -2, 2]),
  squaredDifference: unbroadcast(tf.squaredDifference),
  "squaredDifference, broadcast": binary(tf.squaredDifference, [-2, 2, -2, 2], true),
  atan2: binary(tf.atan2),
  equal: binary((a, b) => tf.equal(tf.round(a), tf.round(b)), [-2, 2, -2, 2], true),
  notEqual: binary((a, b) => tf.notEqual(tf.round(a), tf.round(b)), [-2, 2, -2, 2], true),
  greater: binary(tf.greater, [-2, 2, -2, 2], true),
  greaterEqual: binary((a, b) => tf.greaterEqual(tf.round(a), tf.round(b)), [-2, 2, -2, 2], true),
  less: binary(tf.less, [-2, 2, -2, 2], true),
  lessEqual: binary((a, b) => tf.lessEqual(tf.round(a), tf.round(b)), [-2, 2, -2, 2], true),
  logicalAnd: binary((a, b) => tf.logicalAnd(isPositive(a), isPositive(b)), [-2, 2, -2, 2], true),
  logicalOr: binary((a, b) => tf.logicalOr(isPositive(a), isPositive(b)), [-2, 2, -2, 2], true),
  logicalXor: binary((a, b) => tf.logicalXor(isPositive(a), isPositive(b)), [-2, 2, -2, 2], true),
  logicalNot: unary((x) => tf.logicalNot(isPositive(x)), -2, 2, true),
  where: (r) => {
    const shape = r.shape();
    return {
      inputs: { a: { shape }, b: { shape } },
      // tfjs has no gradient that goes through a condition, not even a zero one.
      apply: (t) => tf.where(chosen(get(t, "a").shape), get(t, "a"), get(t, "b")),
    };
  },

  sum: reduction(tf.sum),
  "sum of everything": unary((x) => tf.sum(x)),
  "sum of bools": reduction((x, axes, keep) => tf.sum(isPositive(x), axes, keep), true),
  mean: reduction(tf.mean),
  max: reduction(tf.max),
  min: reduction(tf.min),
  prod: reduction(tf.prod),
  all: reduction((x, axes, keep) => tf.all(isPositive(x), axes, keep)),
  any: reduction((x, axes, keep) => tf.any(isPositive(x), axes, keep)),
  moments: reduction((x, axes, keep) => tf.moments(x, axes, keep).variance),
  logSumExp: reduction(tf.logSumExp),
  argMax: (r) => {
    const shape = r.shape(1, 4);
    const axis = r.integer(0, shape.length - 1);
    return { inputs: { x: { shape } }, apply: (t) => tf.argMax(get(t, "x"), axis), forwardOnly: true };
  },
  argMin: (r) => {
    const shape = r.shape(1, 4);
    const axis = r.integer(-shape.length, shape.length - 1);
    return { inputs: { x: { shape } }, apply: (t) => tf.argMin(get(t, "x"), axis), forwardOnly: true };
  },
  cumsum: (r) => {
    const shape = r.shape(1, 4);
    // tfjs's gradient comes back transposed for any axis but the last.
    const [axis, exclusive, reverse] = [shape.length - 1, r.flag(), r.flag()];
    return { inputs: { x: { shape } }, apply: (t) => tf.cumsum(get(t, "x"), axis, exclusive, reverse) };
  },
  cumprod: (r) => {
    const shape = r.shape(1, 3);
    const [axis, exclusive, reverse] = [r.integer(0, shape.length - 1), r.flag(), r.flag()];
    return {
      inputs: { x: { shape } },
      apply: (t) => tf.cumprod(get(t, "x"), axis, exclusive, reverse),
    };
  },
  softmax: (r) => ({
    inputs: { x: { shape: r.shape(1, 4), low: -5, high: 5 } },
    apply: (t) => tf.softmax(get(t, "x")),
  }),
  logSoftmax: (r) => ({
    inputs: { x: { shape: r.shape(1, 4), low: -5, high: 5 } },
    apply: (t) => tf.logSoftmax(get(t, "x")),
  }),

  reshape: (r) => {
    const shape = r.shape();
    return {
      inputs: { x: { shape } },
      apply: (t) => tf.reshape(get(t, "x"), r.flag() ? [-1] : [...shape, 1]),
    };
  },
  expandDims: (r) => {
    const shape = r.shape(1, 3);
    const axis = r.integer(-1, shape.length);
    return { inputs: { x: { shape } }, apply: (t) => tf.expandDims(get(t, "x"), axis) };
  },
  transpose: (r) => {
    const shape = r.shape();
    const order = r.shuffled(shape.map((_, i) => i));
    return { inputs: { x: { shape } }, apply: (t) => tf.transpose(get(t, "x"), order) };
  },
  broadcastTo: (r) => {
    const target = r.shape(1, 4);
    const shape = target.map((d) => (r.flag() ? 1 : d));
    return { inputs: { x: { shape } }, apply: (t) => tf.broadcastTo(get(t, "x"), target) };
  },
  tile: (r) => {
    const shape = r.shape(1, 4);
    const repeats = shape.map(() => r.integer(1, 3));
    return { inputs: { x: { shape } }, apply: (t) => tf.tile(get(t, "x"), repeats) };
  },
  pad: (r) => {
    const shape = r.shape(1, 4);
    const paddings = shape.map((): [number, number] => [r.integer(0, 2), r.integer(0, 2)]);
    const value = r.between(-1, 1);
    return { inputs: { x: { shape } }, apply: (t) => tf.pad(get(t, "x"), paddings, value) };
  },
  mirrorPad: (r) => {
    const shape = r.shape(1, 4);
    const mode = r.one("reflect" as const, "symmetric" as const);
    const most = (d: number): number => (mode === "reflect" ? d - 1 : d);
    const paddings = shape.map((d): [number, number] => [r.integer(0, most(d)), r.integer(0, most(d))]);
    return {
      inputs: { x: { shape } },
      apply: (t) => tf.mirrorPad(get(t, "x"), paddings, mode),
      forwardOnly: true,
    };
  },
  "slice without a size": (r) => {
    const shape = r.shape(1, 4);
    const begin = shape.map((length) => r.integer(0, length - 1));
    return { inputs: { x: { shape } }, apply: (t) => tf.slice(get(t, "x"), begin) };
  },
  "floorDiv, whose slope is 0": (r) => ({
    inputs: { x: { shape: r.shape(1, 3) } },
    apply: (t) => tf.add(tf.floorDiv(get(t, "x"), 0.3), get(t, "x")),
  }),
  slice: (r) => {
    const shape = r.shape(1, 4);
    const begin = shape.map((d) => r.integer(0, d - 1));
    const size = shape.map((d, i) => (r.flag() ? -1 : r.integer(1, d - (begin[i] ?? 0))));
    return { inputs: { x: { shape } }, apply: (t) => tf.slice(get(t, "x"), begin, size) };
  },
  stridedSlice: (r) => {
    const shape = r.shape(1, 3).map((d) => d + 3);
    const begin = shape.map((d) => r.integer(0, d - 2));
    const end = shape.map((d, i) => r.integer((begin[i] ?? 0) + 1, d));
    const strides = shape.map(() => r.integer(1, 3));
    return {
      inputs: { x: { shape } },
      apply: (t) => tf.stridedSlice(get(t, "x"), begin, end, strides),
    };
  },
  "stridedSlice backwards": (r) => {
    const shape = r.shape(1, 3).map((d) => d + 3);
    const end = shape.map(() => 0);
    const begin = shape.map((d) => r.integer(1, d - 1));
    const strides = shape.map(() => -r.integer(1, 2));
    const mask = r.one(0, 2 ** shape.length - 1);
    return {
      inputs: { x: { shape } },
      apply: (t) => tf.stridedSlice(get(t, "x"), begin, end, strides, 0, mask),
    };
  },
  concat: (r) => {
    const shape = r.shape(1, 4);
    const axis = r.integer(0, shape.length - 1);
    const other = shape.with(axis, r.integer(1, 4));
    return {
      inputs: { a: { shape }, b: { shape: other } },
      apply: (t) => tf.concat([get(t, "a"), get(t, "b")], axis),
    };
  },
  split: (r) => {
    const shape = r.shape(1, 4);
    const axis = r.integer(0, shape.length - 1);
    const parts = r.integer(2, 3);
    const even = shape.with(axis, parts * r.integer(1, 2));
    return { inputs: { x: { shape: even } }, apply: (t) => tf.split(get(t, "x"), parts, axis) };
  },
  "split by sizes": (r) => {
    const sizes = [r.integer(1, 2), r.integer(1, 3)];
    const shape = [r.integer(1, 3), 3 + (sizes[0] ?? 0) + (sizes[1] ?? 0)];
    return {
      inputs: { x: { shape } },
      apply: (t) => tf.split(get(t, "x"), [...sizes, -1], 1),
      forwardOnly: true,
    };
  },
  stack: (r) => {
    const shape = r.shape(1, 3);
    const axis = r.integer(0, shape.length);
    return {
      inputs: { a: { shape }, b: { shape } },
      apply: (t) => tf.stack([get(t, "a"), get(t, "b")], axis),
    };
  },
  unstack: (r) => {
    const shape = r.shape(1, 4);
    const axis = r.integer(0, shape.length - 1);
    return { inputs: { x: { shape } }, apply: (t) => tf.unstack(get(t, "x"), axis) };
  },
  reverse: (r) => {
    const shape = r.shape(1, 4);
    const axes = r.axes(shape.length);
    return { inputs: { x: { shape } }, apply: (t) => tf.reverse(get(t, "x"), axes) };
  },
  depthToSpace: (r) => {
    const block = r.integer(2, 3);
    const shape = [r.integer(1, 2), r.integer(1, 3), r.integer(1, 3), block * block * r.integer(1, 3)];
    return {
      inputs: { x: { shape } },
      apply: (t) => tf.depthToSpace(image(get(t, "x")), block),
    };
  },
  flipLeftRight: (r) => ({
    inputs: { x: { shape: [r.integer(1, 2), 3, r.integer(1, 5), 2] } },
    apply: (t) => tf.image.flipLeftRight(image(get(t, "x"))),
  }),
  diag: (r) => ({
    inputs: { x: { shape: r.shape(1, 2) } },
    apply: (t) => tf.diag(get(t, "x")),
  }),
  spaceToBatchND: (r) => {
    const block = [r.integer(1, 2), r.integer(1, 3)];
    const shape = [
      r.integer(1, 2),
      (block[0] ?? 1) * r.integer(1, 3),
      (block[1] ?? 1) * r.integer(1, 3),
      r.integer(1, 3),
    ];
    const pads = [
      [block[0] ?? 0, 0],
      [0, block[1] ?? 0],
    ];
    return { inputs: { x: { shape } }, apply: (t) => tf.spaceToBatchND(get(t, "x"), block, pads) };
  },
  batchToSpaceND: (r) => {
    const block = [r.integer(1, 2), r.integer(1, 3)];
    const shape = [
      (block[0] ?? 1) * (block[1] ?? 1) * r.integer(1, 2),
      r.integer(2, 3),
      r.integer(2, 3),
      r.integer(1, 3),
    ];
    return {
      inputs: { x: { shape } },
      apply: (t) =>
        tf.batchToSpaceND(get(t, "x"), block, [
          [1, 0],
          [0, 1],
        ]),
    };
  },
  fill: unary((x) => tf.add(x, tf.fill(x.shape, 2.5))),
  range: (r) => ({
    inputs: { x: { shape: [4] } },
    apply: (t) => tf.mul(get(t, "x"), tf.range(r.one(1), 9, 2)),
  }),
  "range traced": () => ({
    inputs: { x: { shape: [4] } },
    apply: (t) => tf.mul(get(t, "x"), tf.cast(tf.range(8, 0, -2, "int32"), "float32")),
  }),
  linspace: () => ({
    inputs: { x: { shape: [5] } },
    apply: (t) => tf.mul(get(t, "x"), tf.linspace(-1, 3, 5)),
  }),

  matMul: (r) => {
    const [m, k, n] = [r.integer(1, 5), r.integer(1, 5), r.integer(1, 5)];
    const [ta, tb] = [r.flag(), r.flag()];
    return {
      inputs: { a: { shape: ta ? [k, m] : [m, k] }, b: { shape: tb ? [n, k] : [k, n] } },
      apply: (t) => tf.matMul(get(t, "a"), get(t, "b"), ta, tb),
    };
  },
  "matMul of batches": (r) => {
    const [m, k, n] = [r.integer(1, 4), r.integer(1, 4), r.integer(1, 4)];
    const [ta, tb] = [r.flag(), r.flag()];
    const leading = r.shape(1, 2);
    const other = r.flag() ? leading : leading.map(() => 1);
    return {
      inputs: {
        a: { shape: [...leading, ...(ta ? [k, m] : [m, k])] },
        b: { shape: [...other, ...(tb ? [n, k] : [k, n])] },
      },
      apply: (t) => tf.matMul(get(t, "a"), get(t, "b"), ta, tb),
      // tfjs multiplies batches of one matrix with batches of several, but cannot take the gradient of it.
      forwardOnly: other !== leading,
    };
  },
  "fused matMul": (r) => {
    const [m, k, n] = [r.integer(1, 5), r.integer(1, 5), r.integer(1, 5)];
    const activation = r.one(
      "linear" as const,
      "relu" as const,
      "sigmoid" as const,
      "elu" as const,
      "leakyrelu" as const,
      "relu6" as const,
    );
    return {
      inputs: { a: { shape: [m, k] }, b: { shape: [k, n] }, c: { shape: [n] } },
      apply: (t) => tf.fused.matMul({ a: get(t, "a"), b: get(t, "b"), bias: get(t, "c"), activation }),
      forwardOnly: activation !== "linear" && activation !== "relu",
    };
  },
  dot: (r) => ({
    inputs: { a: { shape: [3] }, b: { shape: [3, r.integer(1, 3)] } },
    apply: (t) => tf.dot(get(t, "a"), get(t, "b")),
  }),
  einsum: (r) => ({
    inputs: { a: { shape: [2, 3, r.integer(1, 3)] }, b: { shape: [3, 4] } },
    apply: (t) => tf.einsum("bij,ik->bjk", get(t, "a"), get(t, "b")),
  }),
  "einsum of attention": (r) => {
    const shape = [2, r.integer(1, 3), r.integer(1, 2), 3];
    return {
      inputs: { query: { shape }, key: { shape }, value: { shape } },
      apply: (t) => {
        const scores = tf.einsum("bqhd,bkhd->bhqk", get(t, "query"), get(t, "key"));
        return tf.einsum("bhqk,bkhd->bqhd", tf.softmax(scores), get(t, "value"));
      },
      tolerance: 1e-4,
    };
  },
  "einsum that sums over one factor alone": () => ({
    inputs: { a: { shape: [2, 3, 4] }, b: { shape: [5, 2] }, c: { shape: [2, 3] } },
    apply: (t) => [tf.einsum("bij,cb->i", get(t, "a"), get(t, "b")), tf.einsum("ij->j", get(t, "c"))],
  }),

  conv2d: conv2d(plainConv),
  "conv2d with many channels": conv2d(plainConv, "many"),
  "conv2d in blocks of channels": conv2d(plainConv, "blocks"),
  "conv2d in blocks, rectified": conv2d((x, f, w) => tf.relu(tf.add(plainConv(x, f, w), 0.1)), "blocks"),
  "conv2d of channels first": conv2d((x, f, w) =>
    tf.conv2d(
      tf.transpose(x, [0, 3, 1, 2]),
      f,
      w.strides,
      typeof w.pad === "string" ? w.pad : "same",
      "NCHW",
    ),
  ),
  "fused conv2d": (r) => {
    const w = window(r, ["same", "valid"]);
    const outer = r.integer(1, 4);
    const activation = r.one("linear" as const, "relu" as const);
    return {
      inputs: {
        x: { shape: w.x },
        filter: { shape: [...w.kernel, w.x[3] ?? 1, outer] },
        bias: { shape: [outer] },
      },
      apply: (t) =>
        tf.fused.conv2d({
          x: image(get(t, "x")),
          filter: image(get(t, "filter")),
          strides: w.strides,
          pad: w.pad,
          bias: get(t, "bias"),
          activation,
        }),
      tolerance: 1e-4,
    };
  },
  conv2dTranspose: transposedConv(),
  "conv2dTranspose in blocks of channels": transposedConv(true),
  conv1d: (r) => ({
    inputs: { x: { shape: [2, 7, 3] }, filter: { shape: [r.integer(1, 3), 3, 2] } },
    apply: (t) => tf.conv1d(get(t, "x") as tf.Tensor3D, get(t, "filter") as tf.Tensor3D, r.one(1), "same"),
  }),
  depthwiseConv2d: (r) => {
    const w = window(r, ["same", "valid"]);
    const s = w.strides[0];
    const filter = [...w.kernel, w.x[3] ?? 1, r.integer(1, 2)];
    return {
      inputs: { x: { shape: w.x }, filter: { shape: filter } },
      apply: (t) =>
        tf.depthwiseConv2d(
          image(get(t, "x")),
          image(get(t, "filter")),
          [s, s],
          typeof w.pad === "string" ? w.pad : 0,
        ),
      tolerance: 1e-4,
    };
  },
  "depthwiseConv2d with gaps": (r) => {
    const pad = r.one("same" as const, "valid" as const);
    const gaps: [number, number] = [r.integer(1, 2), 2];
    return {
      inputs: { x: { shape: [2, 7, 6, 2] }, filter: { shape: [r.integer(2, 3), 2, 2, r.integer(1, 2)] } },
      apply: (t) => tf.depthwiseConv2d(image(get(t, "x")), image(get(t, "filter")), 1, pad, "NHWC", gaps),
      tolerance: 1e-4,
    };
  },
  "fused depthwiseConv2d": (r) => ({
    inputs: { x: { shape: [1, 5, 5, 2] }, filter: { shape: [3, 3, 2, 1] }, bias: { shape: [2] } },
    apply: (t) =>
      tf.fused.depthwiseConv2d({
        x: image(get(t, "x")),
        filter: image(get(t, "filter")),
        strides: r.one(1),
        pad: "same",
        bias: get(t, "bias"),
        activation: "relu",
      }),
    // Only without gradients does tfjs call the fused kernel.
    forwardOnly: r.flag(),
  }),
  separableConv2d: (r) => ({
    inputs: {
      x: { shape: [1, 5, 5, 2] },
      depthwise: { shape: [3, 3, 2, 2] },
      pointwise: { shape: [1, 1, 4, 3] },
    },
    apply: (t) =>
      tf.separableConv2d(
        image(get(t, "x")),
        image(get(t, "depthwise")),
        image(get(t, "pointwise")),
        r.one(1),
        "same",
      ),
    tolerance: 1e-4,
  }),

  maxPool: pool((x, w) => tf.maxPool(x, w.kernel, w.strides, w.pad), ["same", "valid"]),
  avgPool: pool((x, w) => tf.avgPool(x, w.kernel, w.strides, "valid"), ["valid"]),
  // tfjs divides the gradient by the window's full size also where it hangs over the edge.
  "avgPool over the edge": (r) => ({
    ...pool((x, w) => tf.avgPool(x, w.kernel, w.strides, "same"), ["same"])(r),
    differences: true,
  }),
  resizeBilinear: resized((x, size, align, half) => tf.image.resizeBilinear(x, size, align, half), false),
  "resizeBilinear at half pixels": resized(
    (x, size, align, half) => tf.image.resizeBilinear(x, size, align, half),
    true,
  ),
  resizeNearestNeighbor: resized(
    (x, size, align, half) => tf.image.resizeNearestNeighbor(x, size, align, half),
    false,
  ),
  "resizeNearestNeighbor at half pixels": resized(
    (x, size, align, half) => tf.image.resizeNearestNeighbor(x, size, align, half),
    true,
  ),
  upsampling: (r) => {
    const shape = [r.integer(1, 3), r.integer(1, 4), r.integer(1, 4), r.integer(1, 5)];
    const [fy, fx] = [r.integer(1, 3), r.integer(1, 3)];
    return {
      inputs: { x: { shape } },
      apply: (t) =>
        tf.image.resizeNearestNeighbor(image(get(t, "x")), [fy * (shape[1] ?? 1), fx * (shape[2] ?? 1)]),
      differences: true,
    };
  },

  gather: (r) => {
    const shape = r.shape(1, 3);
    const axis = r.integer(0, shape.length - 1);
    const indices = fixed(labels(r, r.shape(1, 2), shape[axis] ?? 1));
    return { inputs: { x: { shape } }, apply: (t) => tf.gather(get(t, "x"), indices(), axis) };
  },
  "gather in each row of a batch": (r) => {
    const batch = r.shape(1, 2);
    const between = r.flag() ? [r.integer(2, 3)] : [];
    const [length, after] = [r.integer(1, 5), r.shape(0, 1)];
    const indices = fixed(labels(r, [...batch, ...r.shape(0, 2)], length));
    const axis = batch.length + between.length;
    const batchDims =
      indices().rank === batch.length || r.flag() ? batch.length : batch.length - indices().rank;
    return {
      inputs: { x: { shape: [...batch, ...between, length, ...after] } },
      apply: (t) => tf.gather(get(t, "x"), indices(), axis, batchDims),
    };
  },
  "a codebook read at the nearest code": (r) => {
    const [codes, size] = [r.integer(2, 5), r.integer(1, 3)];
    return {
      inputs: { x: { shape: [4, size] }, codebook: { shape: [codes, size] } },
      apply: (t) => {
        const distance = tf.sum(
          tf.squaredDifference(tf.expandDims(get(t, "x"), 1), tf.expandDims(get(t, "codebook"), 0)),
          2,
        );
        return tf.mul(get(t, "x"), tf.gather(get(t, "codebook"), tf.argMin(distance, 1)));
      },
    };
  },
  topk: (r) => {
    const shape = r.shape(1, 3).with(-1, r.integer(1, 6));
    const k = r.integer(1, shape.at(-1) ?? 1);
    return {
      inputs: { x: { shape } },
      apply: (t) => {
        const { values, indices } = tf.topk(get(t, "x"), k);
        return [values, indices];
      },
    };
  },
  "topk of equal and of whole numbers": (r) => ({
    inputs: { x: { shape: [r.integer(1, 3), 6] } },
    apply: (t) => {
      const { values, indices } = tf.topk(tf.cast(get(t, "x"), "int32"), 4);
      return [values, indices];
    },
    forwardOnly: true,
  }),
  gatherND: (r) => {
    const shape = [r.integer(1, 4), r.integer(1, 4), r.integer(1, 3)];
    const rows = Array.from({ length: 5 }, () => [
      r.integer(0, (shape[0] ?? 1) - 1),
      r.integer(0, (shape[1] ?? 1) - 1),
    ]);
    return {
      inputs: { x: { shape } },
      apply: (t) => tf.gatherND(get(t, "x"), tf.tensor2d(rows, [5, 2], "int32")),
    };
  },
  scatterND: (r) => {
    const rows = Array.from({ length: 5 }, () => [r.integer(0, 3)]);
    return {
      inputs: { x: { shape: [5, 3] } },
      apply: (t) => tf.scatterND(tf.tensor2d(rows, [5, 1], "int32"), get(t, "x"), [4, 3]),
    };
  },
  unsortedSegmentSum: (r) => {
    const ids = fixed(labels(r, [6], 4));
    return {
      inputs: { x: { shape: [6, r.integer(1, 3)] } },
      apply: (t) => tf.unsortedSegmentSum(get(t, "x"), ids() as tf.Tensor1D, 4),
    };
  },
  oneHot: (r) => {
    const depth = r.integer(2, 5);
    const ids = fixed(labels(r, [4], depth));
    return {
      inputs: { x: { shape: [4, depth] } },
      apply: (t) => tf.mul(get(t, "x"), tf.cast(tf.oneHot(ids(), depth, 2, -1), "float32")),
    };
  },
  "oneHot of computed classes": (r) => ({
    inputs: { x: { shape: [r.integer(1, 4), 5] } },
    apply: (t) => tf.oneHot(tf.argMax(get(t, "x"), 1), 5),
    forwardOnly: true,
  }),

  batchNorm: (r) => {
    const shape = r.shape(2, 4);
    const c = [shape.at(-1) ?? 1];
    return {
      inputs: {
        x: { shape },
        mean: { shape: c },
        variance: { shape: c, low: 0.5, high: 2 },
        offset: { shape: c },
        scale: { shape: c },
      },
      apply: (t) =>
        tf.batchNorm(
          get(t, "x"),
          get(t, "mean"),
          get(t, "variance"),
          get(t, "offset"),
          get(t, "scale"),
          1e-3,
        ),
      tolerance: 1e-4,
    };
  },
  "layer normalisation": (r) => {
    const shape = r.shape(2, 3).with(-1, 6);
    return {
      inputs: { x: { shape }, scale: { shape: [6] } },
      apply: (t) => {
        const { mean, variance } = tf.moments(get(t, "x"), -1, true);
        return tf.mul(get(t, "scale"), tf.div(tf.sub(get(t, "x"), mean), tf.sqrt(tf.add(variance, 1e-2))));
      },
      tolerance: 1e-4,
    };
  },
  "group normalisation": (r) => {
    const groups = 2;
    return {
      inputs: { x: { shape: [r.integer(1, 2), 3, 3, 4] } },
      apply: (t) => {
        const x = get(t, "x");
        const grouped = tf.reshape(x, [x.shape[0] ?? 1, 9, groups, 2]);
        const { mean, variance } = tf.moments(grouped, [1, 3], true);
        return tf.reshape(tf.mul(tf.sub(grouped, mean), tf.rsqrt(tf.add(variance, 1e-2))), x.shape);
      },
      tolerance: 1e-4,
    };
  },
  attention: (r) => {
    const shape = [2, r.integer(1, 4), 3];
    return {
      inputs: { q: { shape }, k: { shape }, v: { shape } },
      apply: (t) =>
        tf.matMul(
          tf.softmax(tf.div(tf.matMul(get(t, "q"), get(t, "k"), false, true), Math.sqrt(3))),
          get(t, "v"),
        ),
    };
  },
  "LSTM, unrolled": (r) => {
    const [batch, units, steps] = [2, r.integer(1, 3), 3];
    return {
      inputs: {
        x: { shape: [batch, steps, 2] },
        kernel: { shape: [2 + units, 4 * units] },
        bias: { shape: [4 * units] },
      },
      apply: (t) => {
        let c: tf.Tensor2D = tf.zeros([batch, units]);
        let h: tf.Tensor2D = tf.zeros([batch, units]);
        for (let i = 0; i < steps; i++) {
          const x = tf.reshape<tf.Rank.R2>(tf.slice(get(t, "x"), [0, i, 0], [-1, 1, -1]), [batch, 2]);
          [c, h] = tf.basicLSTMCell(
            tf.scalar(1),
            get(t, "kernel") as tf.Tensor2D,
            get(t, "bias") as tf.Tensor1D,
            x,
            c,
            h,
          );
        }
        return h;
      },
      tolerance: 1e-4,
    };
  },
};
