import * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import { onBackend } from "../../../../src/vae/engine/eager/tensors";
import { findTfjsNode } from "../../../../src/vae/engine/eager/tfjsNode";
import { eagerBackends, loadBackend } from "../../../../src/vae/engine/tfjs";
import { stream } from "../../../../src/vae/random";

/** An operation over float tensors of these shapes: run forwards and backwards on each backend. */
interface Case {
  readonly shapes: readonly (readonly number[])[];
  readonly apply: (...inputs: tf.Tensor[]) => tf.Tensor;
  /** Maps standard normal inputs into the operation's domain. */
  readonly domain?: (x: number) => number;
  /** A backend that has no such operation. */
  readonly lackedBy?: string;
}

const unary = (apply: (x: tf.Tensor) => tf.Tensor, domain?: Case["domain"]): Case => ({
  shapes: [[3, 4, 2]],
  apply: (x) => apply(first(x)),
  ...(domain && { domain }),
});
const binary = (apply: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor, domain?: Case["domain"]): Case => ({
  shapes: [
    [3, 1, 4],
    [2, 1],
  ],
  apply: (a, b) => apply(first(a), first(b)),
  ...(domain && { domain }),
});
const over = (shapes: Case["shapes"], apply: Case["apply"]): Case => ({ shapes, apply });
const first = (x: tf.Tensor | undefined): tf.Tensor => x ?? tf.scalar(NaN);
const positive = (x: number): number => Math.abs(x) + 0.3;
const fraction = (x: number): number => Math.tanh(x) * 0.9;
const rank4 = (x: tf.Tensor): tf.Tensor4D => tf.reshape(x, x.shape as [number, number, number, number]);
const rank3 = (x: tf.Tensor): tf.Tensor3D => tf.reshape(x, x.shape as [number, number, number]);
const image = [2, 6, 6, 3];

const cases: Readonly<Record<string, Case>> = {
  abs: unary(tf.abs),
  neg: unary(tf.neg),
  square: unary(tf.square),
  sqrt: unary(tf.sqrt, positive),
  rsqrt: unary(tf.rsqrt, positive),
  reciprocal: unary(tf.reciprocal, positive),
  exp: unary(tf.exp),
  expm1: unary(tf.expm1),
  log: unary(tf.log, positive),
  log1p: unary(tf.log1p, positive),
  sin: unary(tf.sin),
  cos: unary(tf.cos),
  erf: unary(tf.erf),
  tanh: unary(tf.tanh),
  atanh: unary(tf.atanh, fraction),
  sigmoid: unary(tf.sigmoid),
  softplus: unary(tf.softplus),
  logSigmoid: unary(tf.logSigmoid),
  relu: unary(tf.relu),
  relu6: unary((x) => tf.relu6(tf.mul(x, 4))),
  elu: unary(tf.elu),
  selu: unary(tf.selu),
  leakyRelu: unary((x) => tf.leakyRelu(x, 0.1)),
  clipByValue: unary((x) => tf.clipByValue(x, -0.5, 0.7)),
  softmax: unary((x) => tf.softmax(x)),
  logSoftmax: unary((x) => tf.logSoftmax(x)),
  logSumExp: unary((x) => tf.logSumExp(x, [0, 2])),
  sum: unary((x) => tf.sum(x, [0, 2])),
  mean: unary((x) => tf.mean(x, 1, true)),
  max: unary((x) => tf.max(x, 1)),
  min: unary((x) => tf.min(x, [0, 1])),
  prod: unary((x) => tf.prod(x, 1)),
  variance: unary((x) => tf.moments(x, [1]).variance),
  cumsum: unary((x) => tf.cumsum(x, 1)),
  norm: unary((x) => tf.norm(x, 2, 1)),
  add: binary(tf.add),
  sub: binary(tf.sub),
  mul: binary(tf.mul),
  div: binary(tf.div, positive),
  pow: binary(tf.pow, positive),
  maximum: binary(tf.maximum),
  minimum: binary(tf.minimum),
  squaredDifference: binary(tf.squaredDifference),
  where: binary((a, b) => tf.where(tf.greater(a, b), a, b)),
  "where a cast number is not zero": unary((x) => tf.where(tf.cast(x, "bool"), x, tf.zerosLike(x))),
  transpose: unary((x) => tf.transpose(x, [2, 0, 1])),
  reshape: unary((x) => tf.reshape(x, [6, 4])),
  tile: unary((x) => tf.tile(x, [2, 1, 3])),
  reverse: unary((x) => tf.reverse(x, 1)),
  slice: unary((x) => tf.slice(x, [1, 0, 1], [2, 3, 1])),
  pad: unary((x) =>
    tf.pad(
      x,
      [
        [1, 0],
        [0, 2],
        [1, 1],
      ],
      0.5,
    ),
  ),
  mirrorPad: unary((x) =>
    tf.mirrorPad(
      x,
      [
        [1, 1],
        [2, 1],
        [0, 1],
      ],
      "reflect",
    ),
  ),
  gather: unary((x) => tf.gather(x, tf.tensor1d([2, 0, 2], "int32"), 0)),
  "gather in each row of a batch": unary((x) =>
    tf.gather(
      x,
      tf.tensor2d(
        [
          [3, 0, 3],
          [1, 1, 2],
          [0, 2, 3],
        ],
        [3, 3],
        "int32",
      ),
      1,
      1,
    ),
  ),
  "gather in each row of two batch dimensions, along a later axis": over([[2, 2, 3, 4]], (x) =>
    tf.gather(first(x), tf.tensor([3, 0, 1, 1, 2, 2, 0, 3], [2, 2, 2], "int32"), 3, 2),
  ),
  "gather at an argMin": over(
    [
      [4, 3],
      [5, 3],
    ],
    (x, codes) => {
      const far = tf.sum(tf.squaredDifference(tf.expandDims(first(x), 1), tf.expandDims(first(codes), 0)), 2);
      return tf.mul(first(x), tf.gather(first(codes), tf.argMin(far, 1)));
    },
  ),
  topk: unary((x) => tf.square(tf.topk(x, 2).values)),
  "topk of some": over([[2, 3, 6]], (x) => tf.square(tf.topk(first(x), 4).values)),
  gatherND: unary((x) =>
    tf.square(
      tf.gatherND(
        x,
        tf.tensor2d(
          [
            [2, 1],
            [0, 3],
            [2, 1],
          ],
          [3, 2],
          "int32",
        ),
      ),
    ),
  ),
  scatterND: over([[4, 3]], (x) =>
    tf.square(tf.scatterND(tf.tensor2d([1, 0, 1, 4], [4, 1], "int32"), first(x), [5, 3])),
  ),
  stridedSlice: unary((x) => tf.square(tf.stridedSlice(x, [0, 3, 0], [3, 0, 2], [2, -2, 1]))),
  depthToSpace: over([[2, 2, 3, 12]], (x) => tf.square(tf.depthToSpace(rank4(first(x)), 2))),
  cumprod: unary((x) => tf.cumprod(x, 1)),
  "cumprod, exclusive and from the end": unary((x) => tf.cumprod(x, 0, true, true), positive),
  einsum: over(
    [
      [2, 3, 4],
      [3, 5],
    ],
    (a, b) => tf.einsum("bij,ik->kb", first(a), first(b)),
  ),
  "einsum over axes of one factor alone": over(
    [
      [2, 3, 4],
      [5, 2],
    ],
    (a, b) => tf.einsum("bij,cb->i", first(a), first(b)),
  ),
  "where any of a row is positive": unary((x) =>
    tf.where(tf.any(tf.greater(x, 0.8), 1, true), tf.square(x), x),
  ),
  split: unary((x) => tf.mul(first(tf.split(x, 2, 1)[0]), first(tf.split(x, 2, 1)[1]))),
  unstack: unary((x) => tf.mul(first(tf.unstack(x, 2)[0]), first(tf.unstack(x, 2)[1]))),
  concat: over(
    [
      [2, 3],
      [4, 3],
    ],
    (a, b) => tf.concat([first(a), first(b)], 0),
  ),
  stack: over(
    [
      [2, 3],
      [2, 3],
    ],
    (a, b) => tf.stack([first(a), first(b)], 1),
  ),
  addN: over(
    [
      [2, 3],
      [2, 3],
    ],
    (a, b) => tf.addN([first(a), first(b)]),
  ),
  matMul: over(
    [
      [3, 4],
      [5, 4],
    ],
    (a, b) => tf.matMul(first(a), first(b), false, true),
  ),
  "batched matMul": over(
    [
      [2, 4, 3],
      [2, 4, 5],
    ],
    (a, b) => tf.matMul(first(a), first(b), true, false),
  ),
  conv2d: over([image, [3, 3, 3, 4]], (x, w) => tf.conv2d(rank4(first(x)), rank4(first(w)), 2, "same")),
  "conv2d without padding": over([image, [2, 3, 3, 4]], (x, w) =>
    tf.conv2d(rank4(first(x)), rank4(first(w)), 1, "valid"),
  ),
  conv2dTranspose: over(
    [
      [2, 3, 3, 4],
      [3, 3, 2, 4],
    ],
    (x, w) => tf.conv2dTranspose(rank4(first(x)), rank4(first(w)), [2, 6, 6, 2], 2, "same"),
  ),
  depthwiseConv2d: over([image, [3, 3, 3, 2]], (x, w) =>
    tf.depthwiseConv2d(rank4(first(x)), rank4(first(w)), 1, "same"),
  ),
  "conv2d with gaps": over([image, [3, 2, 3, 4]], (x, w) =>
    tf.conv2d(rank4(first(x)), rank4(first(w)), 1, "same", "NHWC", [2, 3]),
  ),
  "conv2d with gaps, without padding": over([image, [2, 3, 3, 2]], (x, w) =>
    tf.conv2d(rank4(first(x)), rank4(first(w)), 1, "valid", "NHWC", 2),
  ),
  "conv1d with gaps": over(
    [
      [2, 9, 3],
      [3, 3, 2],
    ],
    (x, w) => tf.conv1d(rank3(first(x)), rank3(first(w)), 1, "same", "NWC", 3),
  ),
  "depthwiseConv2d with gaps": {
    ...over([image, [3, 3, 3, 2]], (x, w) =>
      tf.depthwiseConv2d(rank4(first(x)), rank4(first(w)), 1, "same", "NHWC", 2),
    ),
    lackedBy: "tfjs-node",
  },
  flipLeftRight: over([image], (x) => tf.square(tf.image.flipLeftRight(rank4(first(x))))),
  diag: over([[2, 3]], (x) => tf.diag(tf.square(first(x)))),
  avgPool: over([image], (x) => tf.avgPool(rank4(first(x)), 2, 2, "same")),
  "maxPool, also of negative maxima": over([image], (x) =>
    tf.maxPool(rank4(tf.sub(first(x), 0.5)), 2, 2, "same"),
  ),
  resizeNearestNeighbor: over([image], (x) => tf.image.resizeNearestNeighbor(rank4(first(x)), [12, 12])),
  resizeBilinear: over([image], (x) => tf.image.resizeBilinear(rank4(first(x)), [9, 7])),
  "resizeNearestNeighbor at half pixels": over([image], (x) =>
    tf.image.resizeNearestNeighbor(rank4(first(x)), [9, 4], false, true),
  ),
  "resizeBilinear at half pixels": over([image], (x) =>
    tf.image.resizeBilinear(rank4(first(x)), [9, 4], false, true),
  ),
  "cumsum along the last axis": over([image], (x) => tf.cumsum(tf.square(first(x)), -1, true, true)),
  batchNorm: over([[4, 3], [3], [3]], (x, offset, scale) => {
    const { mean, variance } = tf.moments(first(x), 0);
    return tf.batchNorm(first(x), tf.squeeze(mean), tf.squeeze(variance), first(offset), first(scale));
  }),
  sigmoidCrossEntropy: over([[4, 3]], (x) => tf.losses.sigmoidCrossEntropy(tf.onesLike(first(x)), first(x))),
  unsortedSegmentSum: over([[4, 3]], (x) =>
    tf.unsortedSegmentSum(first(x), tf.tensor1d([0, 1, 0, 2], "int32"), 3),
  ),
};

function inputsOf(name: string, { shapes, domain = (x) => x }: Case): Float32Array[] {
  const random = stream(3, `operation ${name}`);
  return shapes.map((shape, index) => {
    const size = shape.reduce((product, length) => product * length, 1);
    return random.fillNormal(new Float32Array(size), index).map(domain);
  });
}

/** The operation's output as one number, in which each element counts differently. */
const weighted =
  ({ apply }: Case) =>
  (...given: tf.Tensor[]): tf.Tensor => {
    const result = apply(...given);
    return tf.sum(tf.mul(result, tf.reshape(tf.linspace(1, 2, result.size), result.shape)));
  };

/** The operation's value and its gradients. */
function valueAndGradients(operation: Case, values: readonly Float32Array[]): number[][] {
  const inputs = values.map((value, index) => tf.tensor(value, [...(operation.shapes[index] ?? [])]));
  const gradients = tf.grads(weighted(operation))(inputs);
  return [operation.apply(...inputs), ...gradients].map((tensor) => Array.from(tensor.dataSync()));
}

describe("on cpu, gradients equal finite differences along the gradient", () => {
  test.each(Object.entries(cases))("%s", async (name, operation) => {
    await loadBackend("cpu");
    const values = inputsOf(name, operation);
    const gradients = onBackend("cpu", () => valueAndGradients(operation, values)).slice(1);
    const norm = Math.hypot(...gradients.flat());
    const at = (by: number): number =>
      onBackend("cpu", () => {
        const moved = values.map((value, k) =>
          value.map((x, i) => x + (by * (gradients[k]?.[i] ?? 0)) / norm),
        );
        const tensors = moved.map((value, k) => tf.tensor(value, [...(operation.shapes[k] ?? [])]));
        return weighted(operation)(...tensors).dataSync()[0] ?? NaN;
      });
    const h = 2e-3;
    const slope = (at(h) - at(-h)) / (2 * h);
    expect(Math.abs(slope - norm), `slope ${String(slope)}, gradient ${String(norm)}`).toBeLessThan(
      0.02 * norm + 0.02,
    );
  });
});

for (const backend of eagerBackends.filter((name) => name !== "cpu")) {
  const skipped = backend === "tfjs-node" && findTfjsNode() === undefined;
  const title = skipped ? `${backend} (skipped: not installed)` : backend;
  describe.skipIf(skipped)(`on ${title}, value and gradients equal the cpu backend's`, () => {
    const had = Object.entries(cases).filter(([, { lackedBy }]) => lackedBy !== backend);
    test.each(had)("%s", async (name, operation) => {
      const { tfjsName } = await loadBackend(backend);
      const values = inputsOf(name, operation);
      const expected = onBackend("cpu", () => valueAndGradients(operation, values));
      const actual = onBackend(tfjsName, () => valueAndGradients(operation, values));
      expect(actual.map((values) => values.length)).toEqual(expected.map((values) => values.length));
      expected.flat().forEach((value, index) => {
        const difference = Math.abs((actual.flat()[index] ?? NaN) - value);
        expect(difference, `${String(actual.flat()[index])} for ${String(value)}`).toBeLessThan(
          1e-4 * Math.max(1, Math.abs(value)),
        );
      });
    });
  });
}
