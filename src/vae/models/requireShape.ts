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

/** @throws if one of the person's functions returned something else than a matrix of this shape */
export function requireMatrix(
  from: string,
  what: string,
  value: unknown,
  expected: readonly [number, number],
): asserts value is tf.Tensor2D {
  requireShape(from, what, value, expected);
}

/** Whether a value is a tensor of tfjs. */
export const isTensor = (value: unknown): value is tf.Tensor => value instanceof tf.Tensor;
