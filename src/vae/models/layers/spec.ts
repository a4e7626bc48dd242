import type { Shape } from "../../engine/engine";
import { requireOptions, wholeNumber, written } from "../../options";
import { requireActivation, type Activation } from "./activation";

/**
 * Layers as a person writes them: plain values, so that a saved model can say what it is made of. `build.ts` turns
 * each into a function over tensors.
 */
export type Layer =
  | {
      readonly layer: "dense";
      readonly units: number;
      readonly activation: Activation;
      readonly bias: boolean;
    }
  | ({ readonly layer: "conv" } & ConvolutionSettings)
  | ({ readonly layer: "convTranspose" } & TransposedSettings)
  | { readonly layer: "maxPool"; readonly window: number }
  | { readonly layer: "averagePool"; readonly window: number }
  | { readonly layer: "upsample"; readonly factor: number; readonly size?: Size }
  | { readonly layer: "flatten" }
  | { readonly layer: "reshape"; readonly shape: Shape }
  | { readonly layer: "batchNorm"; readonly momentum: number; readonly epsilon: number }
  | { readonly layer: "layerNorm"; readonly epsilon: number }
  | { readonly layer: "dropout"; readonly rate: number }
  | { readonly layer: "activation"; readonly activation: Activation };

export interface ConvolutionSettings {
  readonly filters: number;
  readonly kernel: number;
  readonly stride: number;
  readonly padding: "same" | "valid";
  readonly activation: Activation;
  readonly bias: boolean;
}

/** Rows and columns of an image. */
export type Size = readonly [rows: number, columns: number];

export interface TransposedSettings extends ConvolutionSettings {
  readonly size?: Size;
}

/**
 * A fully connected layer: `[batch, n]` to `[batch, units]`. Images are flattened first. ReLU unless another
 * activation is given.
 */
export function dense(
  units: number,
  options: { readonly activation?: Activation; readonly bias?: boolean } = {},
): Layer {
  requireOptions("dense", options, { activation: true, bias: true });
  const { activation = "relu", bias = true } = options;
  requireActivation(activation);
  return { layer: "dense", units: wholeNumber("dense: units", units), activation, bias };
}

const convolutionOptions = {
  kernel: true,
  stride: true,
  padding: true,
  activation: true,
  bias: true,
} as const;

const convolution = (
  name: string,
  filters: number,
  options: Partial<Omit<ConvolutionSettings, "filters">> = {},
  names: Readonly<Record<string, true>> = convolutionOptions,
): ConvolutionSettings => {
  requireOptions(name, options, names);
  const { kernel = 3, stride = 2, padding = "same", activation = "relu", bias = true } = options;
  requireActivation(activation);
  if (!["same", "valid"].includes(padding))
    throw new Error(`${name}: padding must be "same" or "valid", but is ${JSON.stringify(padding)}.`);
  return {
    filters: wholeNumber(`${name}: filters`, filters),
    kernel: wholeNumber(`${name}: kernel`, kernel),
    stride: wholeNumber(`${name}: stride`, stride),
    padding,
    activation,
    bias,
  };
};

/**
 * A convolution: `[batch, height, width, channels]` to `[batch, height / stride, width / stride, filters]`. Unless
 * told otherwise a 3 x 3 kernel with stride 2 (each layer halves the image), "same" padding and ReLU.
 */
export const conv = (filters: number, settings?: Partial<Omit<ConvolutionSettings, "filters">>): Layer => ({
  layer: "conv",
  ...convolution("conv", filters, settings),
});

/**
 * A transposed convolution, the gradient of `conv` as a layer: each doubles the image unless told otherwise. Several
 * sizes shrink to the same one; `size` chooses which of them comes back: `conv` makes 4 x 4 of 7 x 7 and of 8 x 8, so
 * `convTranspose(64, { size: [7, 7] })` gives 7 x 7, and without `size` 8 x 8.
 */
export function convTranspose(
  filters: number,
  settings: Partial<Omit<TransposedSettings, "filters">> = {},
): Layer {
  const { size } = settings;
  return {
    layer: "convTranspose",
    ...convolution("convTranspose", filters, settings, { ...convolutionOptions, size: true }),
    ...(size !== undefined && { size: requireSize("convTranspose", size) }),
  };
}

/** The largest value of each `window` x `window` square. */
export const maxPool = (window = 2): Layer => ({
  layer: "maxPool",
  window: wholeNumber("maxPool: window", window),
});

/** The mean of each `window` x `window` square. */
export const averagePool = (window = 2): Layer => ({
  layer: "averagePool",
  window: wholeNumber("averagePool: window", window),
});

/**
 * Repeats every pixel `factor` times in both directions. With `size`, rows and columns beyond it are left out: pooling
 * makes 4 x 4 of 7 x 7, `upsample(2, { size: [7, 7] })` leads back.
 */
export function upsample(factor = 2, options: { readonly size?: Size } = {}): Layer {
  requireOptions("upsample", options, { size: true });
  const { size } = options;
  return {
    layer: "upsample",
    factor: wholeNumber("upsample: factor", factor),
    ...(size !== undefined && { size: requireSize("upsample", size) }),
  };
}

function requireSize(layer: string, size: Size): Size {
  const lengths: readonly unknown[] = Array.isArray(size) ? size : [];
  if (lengths.length !== 2)
    throw new TypeError(
      `${layer}: size is a list of rows and columns, such as [7, 7], but is ${written(size)}.`,
    );
  const [rows, columns] = size;
  return [
    wholeNumber(`${layer}: rows of the size`, rows),
    wholeNumber(`${layer}: columns of the size`, columns),
  ];
}

/** Any shape to a vector. */
export const flatten = (): Layer => ({ layer: "flatten" });

function requireShape(shape: Shape): void {
  if (!Array.isArray(shape))
    throw new TypeError(`reshape takes a list, such as reshape([7, 7, 64]), but got ${written(shape)}.`);
}

/** The same values in another shape, without the batch: `reshape([7, 7, 64])`. */
export function reshape(shape: Shape): Layer {
  requireShape(shape);
  return { layer: "reshape", shape: shape.map((length) => wholeNumber("reshape: a length", length)) };
}

/** Batch normalisation over the last axis (Ioffe and Szegedy 2015); running statistics keep `momentum` (0.9 unless given) of their value at each step. */
export function batchNorm(options: { readonly momentum?: number; readonly epsilon?: number } = {}): Layer {
  requireOptions("batchNorm", options, { momentum: true, epsilon: true });
  const { momentum = 0.9, epsilon = 1e-3 } = options;
  if (!(momentum >= 0 && momentum < 1))
    throw new RangeError(`batchNorm: momentum must lie in [0, 1), but is ${written(momentum)}.`);
  return { layer: "batchNorm", momentum, epsilon };
}

/** Layer normalisation over the last axis (Ba, Kiros and Hinton 2016). */
export function layerNorm(options: { readonly epsilon?: number } = {}): Layer {
  requireOptions("layerNorm", options, { epsilon: true });
  const { epsilon = 1e-5 } = options;
  return { layer: "layerNorm", epsilon };
}

/** Zeroes each value with probability `rate` while training, and scales the others up (Srivastava et al. 2014). */
export function dropout(rate: number): Layer {
  if (!(rate >= 0 && rate < 1))
    throw new RangeError(`dropout: rate must lie in [0, 1), but is ${written(rate)}.`);
  return { layer: "dropout", rate };
}

/** A nonlinearity of its own, for example after `batchNorm`. */
export function activation(name: Activation): Layer {
  requireActivation(name);
  return { layer: "activation", activation: name };
}
