import { backend_util } from "@tensorflow/tfjs";
import type { Shape } from "../../engine";
import type { Node } from "../graph";
import { add, compare, equal, float, like, multiply, not, operation, transpose, where } from "../operations";
import type { Windows } from "../windows";
import { padForWindows, readTap, tapsOf, windowsOfInfo, writeTap } from "../windows";
import { four, paddingOf, pairOf, roundingOf } from "./convolution";
import type { Rule, RuleAttributes, RuleTable } from "./rule";

/** Rules for pooling and its gradients, on images `[batch, h, w, c]`. */

function windowsOf(image: Shape, attributes: RuleAttributes): Windows {
  const info = backend_util.computePool2DInfo(
    four(image),
    pairOf(attributes.numbers("filterSize")),
    pairOf(attributes.numbers("strides")),
    1,
    paddingOf(attributes),
    roundingOf(attributes),
  );
  return windowsOfInfo(info);
}

const pool =
  (op: "MaxPool" | "AveragePool"): Rule =>
  (inputs, attributes) => {
    const x = inputs.get("x");
    const windows = windowsOf(x.shape, attributes);
    const [batch, , , channels] = four(x.shape);
    const pooled = operation(
      op,
      [transpose(x, [0, 3, 1, 2])],
      [batch, channels, ...windows.output],
      "float32",
      {
        kernel_shape: windows.kernel,
        strides: windows.strides,
        pads: [...windows.before, ...windows.after],
      },
    );
    return transpose(pooled, [0, 2, 3, 1]);
  };

/** How many pixels of the image each window covers, `[1, h, w, 1]`: padding does not count in an average. */
function coverage({ input, output, kernel, strides, before }: Windows): Node {
  const along = (axis: 0 | 1): number[] =>
    Array.from({ length: output[axis] }, (_, i) => {
      const start = i * strides[axis] - before[axis];
      return Math.min(input[axis], start + kernel[axis]) - Math.max(0, start);
    });
  const columns = along(1);
  return float(
    along(0).flatMap((row) => columns.map((column) => 1 / (row * column))),
    [1, ...output, 1],
  );
}

export const pooling: RuleTable = {
  MaxPool: pool("MaxPool"),
  AvgPool: pool("AveragePool"),
  /** The exact gradient. tfjs's own kernels divide by the window's full size also where it hangs over the edge. */
  AvgPoolGrad: (inputs, attributes) => {
    const [dy, x] = [inputs.get("dy"), inputs.get("input")];
    const windows = windowsOf(x.shape, attributes);
    const share = multiply(dy, coverage(windows));
    return tapsOf(windows)
      .map((tap) => writeTap(share, windows, tap))
      .reduce(add);
  },
  /** The gradient goes to the first pixel of each window that holds its maximum. */
  MaxPoolGrad: (inputs, attributes) => {
    const [dy, x, y] = [inputs.get("dy"), inputs.get("input"), inputs.get("output")];
    const windows = windowsOf(x.shape, attributes);
    const padded = padForWindows(x, windows, -Infinity);
    const parts: Node[] = [];
    let taken: Node | undefined;
    for (const tap of tapsOf(windows)) {
      const holds = equal(readTap(padded, windows, tap), y);
      const first = taken ? compare("And", holds, not(taken)) : holds;
      taken = taken ? compare("Or", taken, holds) : holds;
      parts.push(writeTap(where(first, dy, like(dy, 0)), windows, tap));
    }
    return parts.reduce(add);
  },
};
