import type { Node } from "../graph";
import { float, matMul, reshape } from "../operations";
import { four } from "./convolution";
import type { Rule, RuleAttributes, RuleTable } from "./rule";

/**
 * Rules for resizing images `[batch, h, w, c]`. Resizing is linear and works on rows and columns separately, so it is
 * a product with one constant matrix per axis, and its gradient is the product with their transposes.
 */
interface Sampling {
  readonly from: number;
  readonly to: number;
  readonly alignCorners: boolean;
  readonly halfPixelCenters: boolean;
}

const scaleOf = ({ from, to, alignCorners }: Sampling): number =>
  alignCorners && to > 1 ? (from - 1) / (to - 1) : from / to;

/** Row i of the matrix `[to, from]` says which source pixels make output pixel i. */
function matrix(
  sampling: Sampling,
  weightsOf: (position: number) => readonly (readonly [index: number, weight: number])[],
): Float32Array {
  const weights = new Float32Array(sampling.to * sampling.from);
  for (let i = 0; i < sampling.to; i++)
    for (const [index, weight] of weightsOf(i)) {
      const clamped = Math.min(sampling.from - 1, Math.max(0, index));
      weights[i * sampling.from + clamped] = (weights[i * sampling.from + clamped] ?? 0) + weight;
    }
  return weights;
}

function bilinear(sampling: Sampling): Float32Array {
  const scale = scaleOf(sampling);
  return matrix(sampling, (i) => {
    const source = Math.max(0, sampling.halfPixelCenters ? (i + 0.5) * scale - 0.5 : i * scale);
    const low = Math.floor(source);
    const fraction = source - low;
    return [
      [low, 1 - fraction],
      [low + 1, fraction],
    ];
  });
}

function nearest(sampling: Sampling): Float32Array {
  const scale = scaleOf(sampling);
  return matrix(sampling, (i) => {
    const source = sampling.halfPixelCenters ? (i + 0.5) * scale : i * scale;
    return [[sampling.alignCorners ? Math.round(source) : Math.floor(source), 1]];
  });
}

type Matrices = (sampling: Sampling) => Float32Array;

function matricesOf(
  small: readonly number[],
  large: readonly number[],
  attributes: RuleAttributes,
  make: Matrices,
): [Float32Array, Float32Array] {
  const along = (axis: 0 | 1): Float32Array =>
    make({
      from: small[axis + 1] ?? 1,
      to: large[axis + 1] ?? 1,
      alignCorners: attributes.boolean("alignCorners"),
      halfPixelCenters: attributes.boolean("halfPixelCenters"),
    });
  return [along(0), along(1)];
}

function transposed(values: Float32Array, rows: number, columns: number): Float32Array {
  return values.map((_, i) => values[(i % rows) * columns + Math.floor(i / rows)] ?? 0);
}

/** Multiplies the rows and then the columns of every image. */
function apply(x: Node, size: readonly [number, number], rows: Float32Array, columns: Float32Array): Node {
  const [batch, height, width, channels] = four(x.shape);
  const tall = matMul(float(rows, [size[0], height]), reshape(x, [batch, height, width * channels]));
  const wide = matMul(float(columns, [size[1], width]), reshape(tall, [batch * size[0], width, channels]));
  return reshape(wide, [batch, ...size, channels]);
}

const resize =
  (make: Matrices): Rule =>
  (inputs, attributes) => {
    const images = inputs.get("images");
    const [height = 1, width = 1] = attributes.numbers("size");
    const [rows, columns] = matricesOf(images.shape, [0, height, width], attributes, make);
    return apply(images, [height, width], rows, columns);
  };

const gradient =
  (make: Matrices): Rule =>
  (inputs, attributes) => {
    const [images, dy] = [inputs.get("images"), inputs.get("dy")];
    const [, height, width] = four(images.shape);
    const [, tall, wide] = four(dy.shape);
    const [rows, columns] = matricesOf(images.shape, dy.shape, attributes, make);
    return apply(dy, [height, width], transposed(rows, tall, height), transposed(columns, wide, width));
  };

export const resizing: RuleTable = {
  ResizeBilinear: resize(bilinear),
  ResizeBilinearGrad: gradient(bilinear),
  ResizeNearestNeighbor: resize(nearest),
  ResizeNearestNeighborGrad: gradient(nearest),
};
