import * as tf from "@tensorflow/tfjs";

/**
 * Gradients that tfjs 4.22 lacks, or gets wrong; with them a model may mask with `tf.where(tf.greater(a, b), ...)`, take
 * the maximum of tensors that broadcast, and sum cumulatively along any axis. Both engines differentiate with them.
 */
export function correctGradients(): void {
  if (corrected) return;
  corrected = true;
  for (const config of [...comparisons, negation, maximum, minimum, squaredDifference, cumsum, mirrorPad]) {
    if (tf.getGradient(config.kernelName)) tf.unregisterGradient(config.kernelName);
    tf.registerGradient(config);
  }
}
let corrected = false;

/** Steps of 0 and 1: flat wherever they have a slope. */
const comparisons: readonly tf.GradConfig[] = [
  "Greater",
  "GreaterEqual",
  "Less",
  "LessEqual",
  "Equal",
  "NotEqual",
  "LogicalAnd",
  "LogicalOr",
  "LogicalXor",
].map((kernelName) =>
  binary(kernelName, () => ({ a: (a) => tf.zeros(a.shape), b: (_, b) => tf.zeros(b.shape) })),
);

const negation: tf.GradConfig = {
  kernelName: "LogicalNot",
  inputsToSave: ["x"],
  gradFunc: (_, [x]) => ({ x: () => tf.zeros(x?.shape ?? []) }),
};

const where = (condition: tf.Tensor, dy: tf.Tensor): tf.Tensor => tf.mul(dy, tf.cast(condition, "float32"));
const maximum = binary("Maximum", (dy) => ({
  a: (a, b) => where(tf.greaterEqual(a, b), dy),
  b: (a, b) => where(tf.less(a, b), dy),
}));
const minimum = binary("Minimum", (dy) => ({
  a: (a, b) => where(tf.lessEqual(a, b), dy),
  b: (a, b) => where(tf.greater(a, b), dy),
}));
const squaredDifference = binary("SquaredDifference", (dy) => ({
  a: (a, b) => tf.mul(dy, tf.mul(2, tf.sub(a, b))),
  b: (a, b) => tf.mul(dy, tf.mul(2, tf.sub(b, a))),
}));

const cumsum: tf.GradConfig = {
  kernelName: "Cumsum",
  gradFunc: (dy, _, { axis, exclusive, reverse }) => ({
    x: () => tf.cumsum(one(dy), Number(axis), Boolean(exclusive), !reverse),
  }),
};

/** Each padded value is a copy of one inside, whose gradient it adds to; tfjs drops it. */
const mirrorPad: tf.GradConfig = {
  kernelName: "MirrorPad",
  inputsToSave: ["x"],
  gradFunc: (dy, [x], { paddings, mode }) => ({
    x: () => {
      const inside = mode === "reflect" ? 1 : 0;
      const widths = paddings as unknown as readonly (readonly [number, number])[];
      return widths.reduce((gradient, [before, after], axis) => {
        const length = x?.shape[axis] ?? 0;
        const fold = (begin: number, size: number, to: number): tf.Tensor => {
          const margins = gradient.shape.map((_, other): [number, number] =>
            other === axis ? [to, length - to - size] : [0, 0],
          );
          return tf.pad(tf.reverse(along(gradient, axis, begin, size), axis), margins);
        };
        const middle = along(gradient, axis, before, length);
        const folded = [
          ...(before > 0 ? [fold(0, before, inside)] : []),
          ...(after > 0 ? [fold(before + length, after, length - after - inside)] : []),
        ];
        return folded.reduce((sum, part) => tf.add(sum, part), middle);
      }, one(dy));
    },
  }),
};

function along(x: tf.Tensor, axis: number, begin: number, size: number): tf.Tensor {
  const at = (on: number, off: readonly number[]): number[] =>
    off.map((value, other) => (other === axis ? on : value));
  return tf.slice(
    x,
    at(
      begin,
      x.shape.map(() => 0),
    ),
    at(size, x.shape),
  );
}

type Side = (a: tf.Tensor, b: tf.Tensor) => tf.Tensor;

/** The gradient of an operation on two tensors that broadcast: summed over the axes along which an input was repeated. */
function binary(
  kernelName: string,
  sides: (dy: tf.Tensor) => { readonly a: Side; readonly b: Side },
): tf.GradConfig {
  return {
    kernelName,
    inputsToSave: ["a", "b"],
    gradFunc: (dy, [a, b]) => {
      if (!a || !b) throw new Error(`the gradient of ${kernelName} needs its two inputs`);
      const { a: ofA, b: ofB } = sides(one(dy));
      return { a: () => sumTo(ofA(a, b), a.shape), b: () => sumTo(ofB(a, b), b.shape) };
    },
  };
}

function sumTo(gradient: tf.Tensor, shape: number[]): tf.Tensor {
  const repeated = tf.broadcast_util.getReductionAxes(shape, gradient.shape);
  return tf.reshape(repeated.length > 0 ? tf.sum(gradient, repeated) : gradient, shape);
}

function one(dy: tf.Tensor | tf.Tensor[]): tf.Tensor {
  const [single] = Array.isArray(dy) ? dy : [dy];
  if (!single) throw new Error("a gradient has no upstream");
  return single;
}
