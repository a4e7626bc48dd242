import * as tf from "@tensorflow/tfjs";
import { activate } from "./activation";
import { firstBias, firstKernel } from "./firstWeights";
import type { BuiltLayer } from "./layer";
import type { ConvolutionSettings } from "./spec";

type ImageShape = readonly [height: number, width: number, channels: number];

const title = (name: string, { filters, kernel, stride, activation }: ConvolutionSettings): string =>
  `${name} ${filters}, ${kernel} x ${kernel}, stride ${stride}${activation === "linear" ? "" : `, ${activation}`}`;

/** `[batch, height, width, channels]` with a kernel `[kernel, kernel, channels, filters]`. */
export function buildConvolution(settings: ConvolutionSettings, input: ImageShape): BuiltLayer {
  const { filters, kernel, stride, padding, activation, bias } = settings;
  const [height, width, channels] = input;
  const shrunk = (length: number): number =>
    padding === "same" ? Math.ceil(length / stride) : Math.floor((length - kernel) / stride) + 1;
  const output = [shrunk(height), shrunk(width), filters];
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

/** The gradient of a convolution as a layer: kernel `[kernel, kernel, filters, channels]`. */
export function buildTransposedConvolution(settings: ConvolutionSettings, input: ImageShape): BuiltLayer {
  const { filters, kernel, stride, padding, activation, bias } = settings;
  const [height, width, channels] = input;
  const grown = (length: number): number =>
    padding === "same" ? length * stride : (length - 1) * stride + kernel;
  const larger: [number, number, number] = [grown(height), grown(width), filters];
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
