import type { Shape } from "../engine/engine";
import { written } from "../options";
import type { RandomStream } from "../random";

/** A weight to be: its shape, and how its first values are drawn. */
export interface Initializer<S extends Shape = Shape> {
  readonly shape: S;
  readonly trainable: boolean;
  /** The first values, row-major; the same stream gives the same values. */
  values(random: RandomStream): Float32Array;
}

function requireList(shape: Shape): void {
  if (!Array.isArray(shape))
    throw new TypeError(
      `A weight's shape is a list, such as [784, 400] in vae.glorot([784, 400]), but got ${written(shape)}.`,
    );
}

const count = (shape: Shape): number => shape.reduce((product, size) => product * size, 1);

/** Inputs and outputs of one unit: for convolutions, the receptive field times the channels. */
function fans(shape: Shape): { readonly fanIn: number; readonly fanOut: number } {
  requireList(shape);
  if (shape.length < 2) return { fanIn: count(shape), fanOut: count(shape) };
  const field = count(shape.slice(0, -2));
  return { fanIn: field * (shape.at(-2) ?? 1), fanOut: field * (shape.at(-1) ?? 1) };
}

function initializer<const S extends Shape>(
  shape: S,
  fill: (into: Float32Array, random: RandomStream) => void,
): Initializer<S> {
  requireList(shape);
  const bad = shape.find((size) => !Number.isInteger(size) || size < 1);
  if (bad !== undefined)
    throw new RangeError(`A weight's shape holds whole numbers from 1 on, but got [${shape.join(", ")}].`);
  return {
    shape,
    trainable: true,
    values(random) {
      const values = new Float32Array(count(shape));
      fill(values, random);
      return values;
    },
  };
}

const uniformWithin = (limit: number) => (into: Float32Array, random: RandomStream) => {
  random.fillUniform(into, 0);
  for (let i = 0; i < into.length; i++) into[i] = ((into[i] ?? 0) * 2 - 1) * limit;
};
const normalWith = (deviation: number) => (into: Float32Array, random: RandomStream) => {
  random.fillNormal(into, 0);
  for (let i = 0; i < into.length; i++) into[i] = (into[i] ?? 0) * deviation;
};

/** A weight that starts at zero: biases. */
export const zeros = <const S extends Shape>(shape: S): Initializer<S> => initializer(shape, () => {});

/** A weight that starts at one: scales. */
export const ones = <const S extends Shape>(shape: S): Initializer<S> =>
  initializer(shape, (into) => into.fill(1));

/** A weight that starts at one value everywhere. */
export const constant = <const S extends Shape>(shape: S, value: number): Initializer<S> =>
  initializer(shape, (into) => into.fill(value));

/** Uniform within `sqrt(6 / (fan in + fan out))`, which keeps the variance through tanh and linear layers (Glorot and Bengio 2010). */
export const glorot = <const S extends Shape>(shape: S): Initializer<S> => {
  const { fanIn, fanOut } = fans(shape);
  return initializer(shape, uniformWithin(Math.sqrt(6 / (fanIn + fanOut))));
};

/** Uniform within `sqrt(6 / fan in)`, which keeps the variance through ReLU layers (He et al. 2015). */
export const he = <const S extends Shape>(shape: S): Initializer<S> =>
  initializer(shape, uniformWithin(Math.sqrt(6 / fans(shape).fanIn)));

/** Uniform within `sqrt(1 / fan in)`, as PyTorch's layers start (its `kaiming_uniform` with a = sqrt(5)). */
export const small = <const S extends Shape>(shape: S): Initializer<S> =>
  initializer(shape, uniformWithin(Math.sqrt(1 / fans(shape).fanIn)));

/** Uniform within `sqrt(3 / fan in)`, for SELU networks (LeCun et al. 1998). */
export const lecun = <const S extends Shape>(shape: S): Initializer<S> =>
  initializer(shape, uniformWithin(Math.sqrt(3 / fans(shape).fanIn)));

/** Normal with mean 0 and this standard deviation. */
export const normal = <const S extends Shape>(shape: S, deviation = 0.02): Initializer<S> =>
  initializer(shape, normalWith(deviation));

/** Uniform in [-limit, limit). */
export const uniform = <const S extends Shape>(shape: S, limit = 0.05): Initializer<S> =>
  initializer(shape, uniformWithin(limit));

/** A weight that training does not change: a running statistic. */
export const frozen = <S extends Shape>(of: Initializer<S>): Initializer<S> => ({ ...of, trainable: false });
