import * as tf from "@tensorflow/tfjs";
import type { Shape } from "../../engine/engine";
import { activate, type Activation } from "./activation";
import { buildConvolution, buildTransposedConvolution } from "./convolution";
import { firstBias, firstKernel } from "./firstWeights";
import { shapeText, size, weightless, type BuiltLayer } from "./layer";
import { buildBatchNorm, buildLayerNorm } from "./normalization";
import type { Layer, Size } from "./spec";

/**
 * Sets a layer up for inputs of a shape (without the batch).
 * @throws if the layer cannot take that shape
 */
export function buildLayer(layer: Layer, input: Shape): BuiltLayer {
  switch (layer.layer) {
    case "dense":
      return buildDense(layer, input);
    case "conv":
      return buildConvolution(layer, image("conv", input));
    case "convTranspose":
      return buildTransposedConvolution(layer, image("convTranspose", input));
    case "maxPool":
    case "averagePool":
      return buildPool(layer.layer, layer.window, image(layer.layer, input));
    case "upsample":
      return buildUpsample(layer, image("upsample", input));
    case "flatten":
      return buildReshape("flatten", input, [size(input)]);
    case "reshape":
      return buildReshape(`reshape ${shapeText(layer.shape)}`, input, layer.shape);
    case "batchNorm":
      return buildBatchNorm(layer, input);
    case "layerNorm":
      return buildLayerNorm(layer, input);
    case "dropout":
      return buildDropout(layer.rate, input);
    case "activation":
      return weightless(layer.activation, input, (x) => activate(x, layer.activation));
  }
}

type ImageShape = readonly [height: number, width: number, channels: number];

function image(name: string, shape: Shape): ImageShape {
  const [height, width, channels] = shape;
  if (shape.length !== 3 || height === undefined || width === undefined || channels === undefined)
    throw new Error(
      `${name} takes images [height, width, channels], but its input has the shape ${shapeText(shape)}. Put reshape([height, width, channels]) before it.`,
    );
  return [height, width, channels];
}

function buildDense(
  { units, activation, bias }: { units: number; activation: Activation; bias: boolean },
  input: Shape,
): BuiltLayer {
  const inputs = size(input);
  return {
    title: `dense ${units}${activation === "linear" ? "" : ` ${activation}`}`,
    output: [units],
    weights: {
      kernel: firstKernel.dense([inputs, units], activation),
      ...(bias ? { bias: firstBias(units, inputs) } : {}),
    },
    randoms: {},
    apply(x, pass) {
      const flat = x.rank === 2 ? x : tf.reshape(x, [x.shape[0] ?? 1, inputs]);
      const product = tf.matMul(flat, pass.weight("kernel"));
      return activate(bias ? tf.add(product, pass.weight("bias")) : product, activation);
    },
  };
}

function buildReshape(title: string, input: Shape, output: Shape): BuiltLayer {
  if (size(input) !== size(output))
    throw new Error(
      `${title}: ${shapeText(input)} holds ${size(input)} values, ${shapeText(output)} would hold ${size(output)}.`,
    );
  return weightless(title, output, (x) => tf.reshape(x, [x.shape[0] ?? 1, ...output]));
}

function buildPool(
  kind: "maxPool" | "averagePool",
  window: number,
  [height, width, channels]: ImageShape,
): BuiltLayer {
  const output = [Math.ceil(height / window), Math.ceil(width / window), channels];
  const pool = kind === "maxPool" ? tf.maxPool : tf.avgPool;
  return weightless(`${kind} ${window}`, output, (x) => pool(x as tf.Tensor4D, window, window, "same"));
}

/**
 * Repeats rows, then columns, by multiplying with ones: tfjs's own `resizeNearestNeighbor` has a wrong gradient on its
 * cpu backend.
 */
function buildUpsample(
  { factor, size }: { readonly factor: number; readonly size?: Size },
  [height, width, channels]: ImageShape,
): BuiltLayer {
  const larger = [height * factor, width * factor] as const;
  const [rows, columns] = size ?? larger;
  if (Math.ceil(rows / factor) !== height || Math.ceil(columns / factor) !== width)
    throw new Error(
      `upsample ${factor}: ${height} x ${width} pixels become ${larger.join(" x ")} or up to ${factor - 1} less each way, not ${rows} x ${columns}.`,
    );
  const repeated = (x: tf.Tensor, times: number, length: number): tf.Tensor =>
    tf.mul(tf.reshape(x, [-1, 1, length]), tf.ones([1, times, 1]));
  return weightless(`upsample ${factor}`, [rows, columns, channels], (x) => {
    const batch = x.shape[0] ?? 1;
    const wide = repeated(repeated(x, factor, width * channels), factor, channels);
    const whole = tf.reshape(wide, [batch, ...larger, channels]);
    return size ? tf.slice(whole, [0, 0, 0, 0], [batch, rows, columns, channels]) : whole;
  });
}

function buildDropout(rate: number, input: Shape): BuiltLayer {
  return weightless(
    `dropout ${rate}`,
    input,
    (x, pass) => {
      if (!pass.training || rate === 0) return x;
      const kept = tf.cast(tf.greaterEqual(pass.random("kept"), rate), "float32");
      return tf.mul(x, tf.mul(kept, 1 / (1 - rate)));
    },
    rate === 0 ? {} : { kept: input },
  );
}
