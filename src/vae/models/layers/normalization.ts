import * as tf from "@tensorflow/tfjs";
import type { Shape } from "../../engine/engine";
import { frozen, ones, zeros } from "../initializers";
import type { BuiltLayer } from "./layer";

const scaleAndShift = (channels: number) => ({ scale: ones([channels]), shift: zeros([channels]) });

const normalized = (x: tf.Tensor, mean: tf.Tensor, variance: tf.Tensor, epsilon: number): tf.Tensor =>
  tf.mul(tf.sub(x, mean), tf.rsqrt(tf.add(variance, epsilon)));

/** Mean and variance over some axes, as plain reductions that every engine has. */
function momentsOver(x: tf.Tensor, axes: number[], keepDims: boolean) {
  const mean = tf.mean(x, axes, true);
  const variance = tf.mean(tf.square(tf.sub(x, mean)), axes, keepDims);
  return { mean: keepDims ? mean : tf.reshape(mean, variance.shape), variance };
}

/** Normalises each channel over batch and positions; outside of training, with the running statistics. */
export function buildBatchNorm(
  { momentum, epsilon }: { momentum: number; epsilon: number },
  input: Shape,
): BuiltLayer {
  const channels = input.at(-1) ?? 1;
  return {
    title: "batchNorm",
    output: input,
    weights: {
      ...scaleAndShift(channels),
      runningMean: frozen(zeros([channels])),
      runningVariance: frozen(ones([channels])),
    },
    randoms: {},
    apply(x, pass) {
      const scaled = (mean: tf.Tensor, variance: tf.Tensor) =>
        tf.add(tf.mul(normalized(x, mean, variance, epsilon), pass.weight("scale")), pass.weight("shift"));
      const running = { mean: pass.weight("runningMean"), variance: pass.weight("runningVariance") };
      if (!pass.training) return scaled(running.mean, running.variance);
      const axes = x.shape.slice(0, -1).map((_, axis) => axis);
      const { mean, variance } = momentsOver(x, axes, false);
      const moved = (from: tf.Tensor, to: tf.Tensor) =>
        tf.add(tf.mul(from, momentum), tf.mul(to, 1 - momentum));
      pass.update("runningMean", moved(running.mean, mean));
      pass.update("runningVariance", moved(running.variance, variance));
      return scaled(mean, variance);
    },
  };
}

/** Normalises each position of each example over its channels. */
export function buildLayerNorm({ epsilon }: { epsilon: number }, input: Shape): BuiltLayer {
  return {
    title: "layerNorm",
    output: input,
    weights: scaleAndShift(input.at(-1) ?? 1),
    randoms: {},
    apply(x, pass) {
      const { mean, variance } = momentsOver(x, [x.rank - 1], true);
      return tf.add(
        tf.mul(normalized(x, mean, variance, epsilon), pass.weight("scale")),
        pass.weight("shift"),
      );
    },
  };
}
