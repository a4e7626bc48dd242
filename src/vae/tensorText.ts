import { inspect, type InspectOptions } from "node:util";
import * as tf from "@tensorflow/tfjs";
import { shapeCode } from "./figures/format";

/** Beyond this many values, only the first ones are written. */
const most = 1_000;
const first = 6;

/**
 * Lets `console.log` write tensors by type, shape and values, also inside of objects; by itself it shows tfjs's
 * bookkeeping. Values that are not known, because the tensor stands for one of a model that is being compiled, are left out.
 */
export function writeTensorsAsText(): void {
  Object.defineProperty(tf.Tensor.prototype, inspect.custom, {
    configurable: true,
    value(this: tf.Tensor, _depth: number, options: InspectOptions): string {
      return tensorText(this, options);
    },
  });
}

function tensorText(tensor: tf.Tensor, options: InspectOptions): string {
  const kind = `Tensor ${tensor.dtype} ${shapeCode(tensor.shape)}`;
  if (tensor.isDisposed) return `${kind}, disposed`;
  const written = (values: unknown): string => inspect(values, { ...options, depth: null });
  try {
    if (tensor.size <= most) return `${kind} ${written(tensor.arraySync())}`;
    const values = Array.from<unknown>(tensor.dataSync().subarray(0, first)).map(written);
    return `${kind} ${values.join(", ")}, ...`;
  } catch {
    return `${kind}, whose values are not known yet`;
  }
}
