import { backend_util } from "@tensorflow/tfjs";
import type { Shape } from "../../engine";
import type { Node } from "../graph";
import { add, concat, like, multiply, operation, reshape, sum, transpose } from "../operations";
import type { Windows } from "../windows";
import { padForWindows, readTap, tapsOf, windowsOfInfo } from "../windows";
import { activate } from "./elementwise";
import type { Rule, RuleAttributes, RuleTable } from "./rule";

/**
 * Rules for convolutions and their two gradients. The dense ones become structured nodes, `Convolution`,
 * `ConvolutionInput` and `ConvolutionFilter`, so that a later pass can choose how to compute them.
 */

type Four = [number, number, number, number];

export function four(shape: Shape): Four {
  const [a, b, c, d] = shape;
  if (a === undefined || b === undefined || c === undefined || d === undefined || shape.length > 4)
    throw new Error(`a convolution needs four axes, got [${shape.join(", ")}]`);
  return [a, b, c, d];
}

export const pairOf = (values: readonly number[] | undefined): [number, number] => [
  values?.[0] ?? 1,
  values?.[1] ?? values?.[0] ?? 1,
];

export function paddingOf(
  attributes: RuleAttributes,
): "valid" | "same" | number | backend_util.ExplicitPadding {
  const value = attributes.raw("pad");
  if (value === "valid" || value === "same" || typeof value === "number") return value;
  const [, rows = [0, 0], columns = [0, 0]] = attributes.pairs("pad");
  return [
    [0, 0],
    [rows[0], rows[1]],
    [columns[0], columns[1]],
    [0, 0],
  ];
}

export function roundingOf(attributes: RuleAttributes): "floor" | "round" | "ceil" | undefined {
  const value = attributes.raw("dimRoundingMode");
  return value === "floor" || value === "round" || value === "ceil" ? value : undefined;
}

/** The geometry as tfjs works it out, for an image `[batch, h, w, c]` and a filter `[h, w, in, out]`. */
function windowsOf(image: Shape, filter: Shape, attributes: RuleAttributes, depthwise: boolean): Windows {
  const info = backend_util.computeConv2DInfo(
    four(image),
    four(filter),
    pairOf(attributes.optionalNumbers("strides")),
    pairOf(attributes.optionalNumbers("dilations")),
    paddingOf(attributes),
    roundingOf(attributes),
    depthwise,
  );
  return windowsOfInfo(info);
}

const attributesOf = (windows: Windows): Record<string, readonly number[]> => ({
  input: windows.input,
  output: windows.output,
  kernel: windows.kernel,
  strides: windows.strides,
  dilations: windows.dilations,
  before: windows.before,
  after: windows.after,
});

const isNCHW = (attributes: RuleAttributes): boolean => attributes.raw("dataFormat") === "NCHW";
const toLast = (x: Node, attributes: RuleAttributes): Node =>
  isNCHW(attributes) ? transpose(x, [0, 2, 3, 1]) : x;
const fromLast = (x: Node, attributes: RuleAttributes): Node =>
  isNCHW(attributes) ? transpose(x, [0, 3, 1, 2]) : x;

function shapeToLast(shape: Shape, attributes: RuleAttributes): Shape {
  const [n, a, b, c] = four(shape);
  return isNCHW(attributes) ? [n, b, c, a] : [n, a, b, c];
}

function convolution(x: Node, filter: Node, attributes: RuleAttributes): Node {
  const image = toLast(x, attributes);
  const windows = windowsOf(image.shape, filter.shape, attributes, false);
  const shape = [image.shape[0] ?? 1, ...windows.output, filter.shape[3] ?? 1];
  return fromLast(
    operation("Convolution", [image, filter], shape, "float32", attributesOf(windows)),
    attributes,
  );
}

function depthwise(x: Node, filter: Node, attributes: RuleAttributes): Node {
  const image = toLast(x, attributes);
  const windows = windowsOf(image.shape, filter.shape, attributes, true);
  return fromLast(
    operation(
      "DepthwiseConvolution",
      [image, filter],
      [image.shape[0] ?? 1, ...windows.output, (filter.shape[2] ?? 1) * (filter.shape[3] ?? 1)],
      "float32",
      attributesOf(windows),
    ),
    attributes,
  );
}

const fused =
  (convolve: typeof convolution): Rule =>
  (inputs, attributes) => {
    const plain = convolve(inputs.get("x"), inputs.get("filter"), attributes);
    const perChannel = (node: Node): Node =>
      isNCHW(attributes) && node.shape.length === 1 ? reshape(node, [...node.shape, 1, 1]) : node;
    const bias = inputs.optional("bias");
    const biased = bias ? add(plain, perChannel(bias)) : plain;
    const slope = inputs.optional("preluActivationWeights");
    const leak = slope ? perChannel(slope) : like(biased, attributes.number("leakyreluAlpha", 0.2));
    return activate(biased, attributes.text("activation", "linear"), leak);
  };

export const convolutions: RuleTable = {
  Conv2D: (inputs, attributes) => convolution(inputs.get("x"), inputs.get("filter"), attributes),
  FusedConv2D: fused(convolution),
  Conv2DBackpropInput: (inputs, attributes) => {
    const [dy, filter] = [toLast(inputs.get("dy"), attributes), inputs.get("filter")];
    const shape = shapeToLast(attributes.numbers("inputShape"), attributes);
    const windows = windowsOf(shape, filter.shape, attributes, false);
    return fromLast(
      operation("ConvolutionInput", [dy, filter], shape, "float32", attributesOf(windows)),
      attributes,
    );
  },
  Conv2DBackpropFilter: (inputs, attributes) => {
    const [x, dy] = [toLast(inputs.get("x"), attributes), toLast(inputs.get("dy"), attributes)];
    const shape = attributes.numbers("filterShape");
    const windows = windowsOf(x.shape, shape, attributes, false);
    return operation("ConvolutionFilter", [x, dy], shape, "float32", attributesOf(windows));
  },

  DepthwiseConv2dNative: (inputs, attributes) => depthwise(inputs.get("x"), inputs.get("filter"), attributes),
  FusedDepthwiseConv2D: fused(depthwise),
  DepthwiseConv2dNativeBackpropInput: (inputs, attributes) => {
    const [dy, filter] = [inputs.get("dy"), inputs.get("filter")];
    const shape = attributes.numbers("inputShape");
    const windows = windowsOf(shape, filter.shape, attributes, true);
    return operation("DepthwiseConvolutionInput", [dy, filter], shape, "float32", attributesOf(windows));
  },
  DepthwiseConv2dNativeBackpropFilter: (inputs, attributes) => {
    const [x, dy] = [inputs.get("x"), inputs.get("dy")];
    const shape = four(attributes.numbers("filterShape"));
    const windows = windowsOf(x.shape, shape, attributes, true);
    const [batch, , , channels] = four(x.shape);
    const padded = padForWindows(x, windows);
    const gradient = reshape(dy, [batch, ...windows.output, channels, shape[3]]);
    const taps = tapsOf(windows).map((tap) => {
      const seen = reshape(readTap(padded, windows, tap), [batch, ...windows.output, channels, 1]);
      return reshape(sum(multiply(seen, gradient), [0, 1, 2]), [1, channels, shape[3]]);
    });
    return reshape(concat(taps, 0), shape);
  },
};
