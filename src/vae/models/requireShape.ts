import * as tf from "@tensorflow/tfjs";
import type { Shape } from "../engine/engine";
import { written } from "../options";
import { sameShape, shapeText } from "./layers/layer";

/** @throws if one of the person's functions returned something else than a tensor of this shape */
export function requireShape(from: string, what: string, value: unknown, expected: Shape): void {
  const wanted = `${from} must return ${what} of shape ${shapeText(expected)}`;
  if (!isTensor(value)) throw new Error(`${wanted}, but returned ${returned(value)}`);
  if (!sameShape(value.shape, expected))
    throw new Error(`${wanted}, but returned ${shapeText(value.shape)}${overAll(value, expected)}.`);
}

/** The usual mistake where one value per example is wanted: a sum or a mean over the examples too. */
const overAll = ({ rank }: tf.Tensor, expected: Shape): string =>
  rank === 0 && expected.length === 1
    ? ", one number for all examples. Sum over the axes of an example alone, as in tf.sum(errors, 1)"
    : "";

/** What came instead of what a function should return, as the end of a sentence, with the way out where it is known. */
export function returned(value: unknown): string {
  if (value === undefined) return "nothing. Does it end in a return?";
  if (isTensor(value)) return `one tensor, ${shapeText(value.shape)}.`;
  if (value instanceof Promise) return "a promise. It must return at once: leave async and await out.";
  if (typeof value === "number")
    return `the number ${value}. Numbers become tensors by tf.scalar or tf.fill.`;
  return `${written(value)}.`;
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
