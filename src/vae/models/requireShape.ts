import * as tf from "@tensorflow/tfjs";
import type { Shape } from "../engine/engine";
import { sameShape, shapeText } from "./layers/layer";

/** @throws if one of the person's functions returned something else than a tensor of this shape */
export function requireShape(from: string, what: string, value: unknown, expected: Shape): void {
  if (!isTensor(value))
    throw new Error(
      `${from} must return ${what} of shape ${shapeText(expected)}, but returned ${value === undefined ? "nothing" : typeof value}. Does it end in a return?`,
    );
  if (!sameShape(value.shape, expected))
    throw new Error(
      `${from} must return ${what} of shape ${shapeText(expected)}, but returned ${shapeText(value.shape)}.`,
    );
}

/** Whether a value is a tensor of tfjs. */
export const isTensor = (value: unknown): value is tf.Tensor => value instanceof tf.Tensor;
