import * as tf from "@tensorflow/tfjs";
import type { Shape, Tensors, TensorFunction, Values, WeightStore } from "../engine";

const sizeOf = (shape: Shape): number => shape.reduce((size, length) => size * length, 1);

/**
 * Runs `body` on a tfjs backend that was loaded before, then goes back to the one that was in use: cells may be in the
 * middle of their own tfjs work. Every tensor that `body` makes is freed.
 */
export function onBackend<T>(backend: string, body: () => T): T {
  const before = tf.getBackend();
  // For a backend that is loaded, setBackend does its work before it returns its promise.
  if (before !== backend) void tf.setBackend(backend);
  const engine = tf.engine();
  engine.startScope("eager");
  try {
    return body();
  } catch (error) {
    // tfjs keeps what a gradient saves until it has used it, which after an error is never.
    for (const node of engine.state.activeTape ?? []) for (const tensor of node.saved ?? []) tensor.dispose();
    throw error;
  } finally {
    engine.endScope();
    if (before && before !== backend) void tf.setBackend(before);
  }
}

/** Uploads a call's inputs; copies, so that the caller's arrays stay theirs. */
export function inputTensors(fn: TensorFunction, values: Values): Tensors {
  return mapRecord(fn.inputs, (shape, name) => {
    const given = values[name];
    if (given?.length === sizeOf(shape)) return tf.tensor(given.slice(), [...shape], "float32");
    const found = given ? `${String(given.length)} values` : "nothing";
    throw new RangeError(
      `${fn.name} takes an input "${name}" of shape [${shape.join(", ")}], ${String(sizeOf(shape))} values, ` +
        `but was given ${found}.`,
    );
  });
}

/** Uploads the weights' current values. */
export function weightTensors(weights: WeightStore): Record<string, tf.Tensor> {
  const tensors: Record<string, tf.Tensor> = {};
  for (const { name, shape } of weights.specs) {
    tensors[name] = tf.tensor(weights.read(name), [...shape], "float32");
  }
  return tensors;
}

/** Downloads as float32. Copies: a backend may hand out the array that it works on. */
export function valuesOf(tensor: tf.Tensor): Float32Array {
  return Float32Array.from(tensor.dataSync<"float32">());
}

export function mapRecord<T, U>(
  record: Readonly<Record<string, T>>,
  change: (value: T, name: string) => U,
): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value, name)]));
}
