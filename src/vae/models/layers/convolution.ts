import * as tf from "@tensorflow/tfjs";
import { activate } from "./activation";
import { firstBias, firstKernel } from "./firstWeights";
import type { BuiltLayer } from "./layer";
import type { ConvolutionSettings, TransposedSettings } from "./spec";

type ImageShape = readonly [height: number, width: number, channels: number];

const title = (name: string, { filters, kernel, stride, activation }: ConvolutionSettings): string =>
  `${name} ${filters}, ${kernel} x ${kernel}, stride ${stride}${activation === "linear" ? "" : `, ${activation}`}`;

/** How many pixels a convolution makes of so many in a row. */
const shrunk = (length: number, { kernel, stride, padding }: ConvolutionSettings): number =>
  padding === "same" ? Math.ceil(length / stride) : Math.floor((length - kernel) / stride) + 1;

/** How many a transposed one makes, unless it is told. */
const grown = (length: number, { kernel, stride, padding }: ConvolutionSettings): number =>
  padding === "same" ? length * stride : (length - 1) * stride + kernel;

/** `[batch, height, width, channels]` with a kernel `[kernel, kernel, channels, filters]`. */
export function buildConvolution(settings: ConvolutionSettings, input: ImageShape): BuiltLayer {
  const { filters, kernel, stride, padding, activation, bias } = settings;
  const [height, width, channels] = input;
  const output = [shrunk(height, settings), shrunk(width, settings), filters];
  if (output.some((length) => length < 1))
    throw new Error(
      `conv: a ${kernel} x ${kernel} kernel without padding does not fit into ${height} x ${width} pixels. Use padding: "same".`,
    );
  return {
    title: title("conv", settings),
    output,
    weights: {
      kernel: firstKernel.convolution([kernel, kernel, channels, filters], activation),
      ...(bias ? { bias: firstBias(filters, kernel * kernel * channels) } : {}),
    },
    randoms: {},
    apply(x, pass) {
      const kernels = pass.weight("kernel") as tf.Tensor4D;
      const convolved = tf.conv2d(x as tf.Tensor4D, kernels, stride, padding);
      return activate(bias ? tf.add(convolved, pass.weight("bias")) : convolved, activation);
    },
  };
}

/**
 * The gradient of a convolution as a layer: kernel `[kernel, kernel, filters, channels]`.
 * @throws if no convolution of these settings makes the input of the size that is asked for
 */
export function buildTransposedConvolution(settings: TransposedSettings, input: ImageShape): BuiltLayer {
  const { filters, kernel, stride, padding, activation, bias, size } = settings;
  const [height, width, channels] = input;
  const [rows, columns] = size ?? [grown(height, settings), grown(width, settings)];
  if (shrunk(rows, settings) !== height || shrunk(columns, settings) !== width)
    throw new Error(
      `convTranspose: ${height} x ${width} pixels do not become ${rows} x ${columns} with stride ${stride}, kernel ${kernel} and "${padding}" padding. Without size they become ${grown(height, settings)} x ${grown(width, settings)}.`,
    );
  const larger: [number, number, number] = [rows, columns, filters];
  return {
    title: title("convTranspose", settings),
    output: larger,
    weights: {
      kernel: firstKernel.convolution([kernel, kernel, filters, channels], activation),
      ...(bias ? { bias: firstBias(filters, kernel * kernel * filters) } : {}),
    },
    randoms: {},
    apply(x, pass) {
      const kernels = pass.weight("kernel") as tf.Tensor4D;
      const convolved = tf.conv2dTranspose(
        x as tf.Tensor4D,
        kernels,
        [x.shape[0] ?? 1, ...larger],
        stride,
        padding,
      );
      return activate(bias ? tf.add(convolved, pass.weight("bias")) : convolved, activation);
    },
  };
}
