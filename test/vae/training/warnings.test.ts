import { describe, expect, test } from "vitest";
import type { HistoryPoint } from "../../../src/vae/training/history";
import {
  collapseWarning,
  divergenceWarning,
  nanWarning,
  overfittingWarning,
} from "../../../src/vae/training/warnings";

const losses = (loss: number) => ({ loss, reconstruction: loss, kl: 0 });
const curve = (train: number[], validation?: number[], standardError = 0.03): HistoryPoint[] =>
  train.map((loss, epoch) => ({
    step: (epoch + 1) * 10,
    epoch: epoch + 1,
    train: losses(loss),
    ...(validation && { validation: { ...losses(validation[epoch] ?? NaN), standardError } }),
    learningRate: 0.3,
    beta: 1,
  }));

describe("posterior collapse", () => {
  test("names the dimensions, counted from 0, and how many are left", () => {
    const warning = collapseWarning(50, [1.2, 0.001, 0.5, 0.009], 1);
    expect(warning).toMatchObject({ kind: "posterior-collapse", step: 50 });
    expect(warning?.text).toMatch(/^KL is 0 in z\[1\] and z\[3\]: .* the model uses 2 of 4 dimensions\./);
  });
  test("in one dimension, and in all of them", () => {
    expect(collapseWarning(1, [1, 0], 1)?.text).toMatch(/^KL is 0 in z\[1\]:/);
    expect(collapseWarning(1, [0, 0], 1)?.text).toMatch(/^KL is 0 in every dimension:/);
  });
  test("is put down to beta where it makes KL dear", () => {
    expect(collapseWarning(1, [0, 0], 100)?.text).toMatch(
      /a smaller beta \(it is 100; that of the ELBO is 1\), KL warm-up .* or free bits can help\.$/,
    );
    expect(collapseWarning(1, [0, 0], 1)?.text).toMatch(
      /KL warm-up .*, free bits or a smaller beta can help\.$/,
    );
  });
  test("is not reported where every dimension carries something", () => {
    expect(collapseWarning(1, [0, 0], 1)?.text).not.toContain("tf.mean");
    expect(collapseWarning(1, [0, 0], 1, true)?.text).toContain(
      "summed over an example's values: a tf.mean weighs so little",
    );
    expect(collapseWarning(1, [0.02, 3], 1)).toBeUndefined();
  });
});

describe("divergence", () => {
  test("is reported with the losses, the learning rate and one to try", () => {
    expect(divergenceWarning(curve([100, 90, 400]))?.text).toBe(
      "The loss diverges: 90.0 nats per example at its best, 400.0 now. The learning rate 0.3 is probably too large; try 0.01, or clipNorm: 1.",
    );
    expect(divergenceWarning(curve([100, 90, 3e7]))?.text).toContain("3.0e7 now");
  });
  test("downwards is told as what it is: a wrong sign", () => {
    expect(divergenceWarning(curve([100, -5e5, -2e7]))?.text).toMatch(
      /^The loss falls without end: -2.0e7 nats per example now\. .* look for a wrong sign/,
    );
  });
  test("is not reported for a loss that is noisy or negative and falling", () => {
    expect(divergenceWarning(curve([100, 90, 130]))).toBeUndefined();
    expect(divergenceWarning(curve([100, -20, -40, -38]))).toBeUndefined();
    expect(divergenceWarning(curve([0, 0, 0]))).toBeUndefined();
  });
  test("is measured by the terms of a loss that is near zero", () => {
    const gaussian = (reconstruction: number) => {
      const [point] = curve([0]);
      if (!point) throw new Error("a curve of one point");
      return { ...point, train: { loss: reconstruction + 3.3, reconstruction, kl: 3.3 } };
    };
    expect(divergenceWarning([-3.4, -3.48, -3.04].map(gaussian))).toBeUndefined();
    expect(divergenceWarning([-3.4, -3.48, 20].map(gaussian))?.text).toContain(
      "-0.18 nats per example at its best",
    );
  });
});

describe("a validation loss that rises", () => {
  const falling = [10, 9, 8, 7];
  test("for three epochs, by more than chance explains, while the training loss falls, is overfitting", () => {
    expect(overfittingWarning(curve(falling, [5, 5.1, 5.3, 5.2]))).toMatchObject({
      kind: "overfitting",
      step: 40,
    });
    expect(overfittingWarning(curve(falling, [5, 5.1, 5.2, 5.3]))?.text).toMatch(
      /^The validation loss has risen from 5\.00 nats per example \(epoch 1\) to 5\.30, more than chance explains \(standard error 0\.03\), /,
    );
  });
  test("is chance where it rises by no more than its standard error", () => {
    expect(overfittingWarning(curve(falling, [5, 5.1, 5.2, 5.3], 0.1))).toBeUndefined();
  });
  test("is not reported when it wavers, or the training loss rises too", () => {
    expect(overfittingWarning(curve(falling, [5, 5.1, 5.05, 5.3]))).toBeUndefined();
    expect(overfittingWarning(curve([10, 11, 12, 13], [5, 5.1, 5.2, 5.3]))).toBeUndefined();
    expect(overfittingWarning(curve([10, 9, 8], [5, 5.1, 5.2]))).toBeUndefined();
  });
  test("is withdrawn when it falls below its lowest again, and not before", () => {
    const risen = [5, 5.1, 5.2, 5.3, 5.01];
    expect(overfittingWarning(curve([...falling, 6], risen))?.step).toBe(40);
    expect(overfittingWarning(curve([...falling, 6, 5], [...risen, 4.99]))).toBeUndefined();
  });
  test("counts half a percent as chance in a run of an older version, which kept no standard error", () => {
    const older = (validation: number[]) =>
      curve(falling).map((point, epoch) => ({ ...point, validation: losses(validation[epoch] ?? NaN) }));
    expect(overfittingWarning(older([200, 201, 201, 201]))).toBeUndefined();
    expect(overfittingWarning(older([200, 203, 203, 203]))?.step).toBe(40);
  });
});

describe("a loss that is no number", () => {
  const found = { tensor: "the output of Exp in encode", what: "Infinity" } as const;
  test("is told with the weights that are left and a learning rate below the one that was used", () => {
    const sane = { step: 4, loss: 543.21 };
    expect(nanWarning({ step: 9, found, learningRate: 0.05, sane, clips: false }).text).toBe(
      "The loss is no number any more. The first tensor that is not finite is the output of Exp in encode (Infinity). " +
        "The weights are again those after step 4, from before the loss ran away (543.2 nats per example). " +
        "The learning rate was 0.05: try learningRate: 0.005 or clipNorm: 1, and look for a log, an exp or a division in your own functions.",
    );
    expect(nanWarning({ step: 5, found, learningRate: 1e20, sane, clips: true }).text).toMatch(
      /step 4, the last ones that gave a loss .* try learningRate: 0\.01, and look/,
    );
  });
  test("in the very first step is not blamed on the learning rate", () => {
    const endless = { step: 4, loss: -8e17 };
    expect(nanWarning({ step: 5, found, learningRate: 1e-3, sane: endless, clips: false }).text).toMatch(
      /^The loss fell without end, to -8.*look for a wrong sign in your loss/,
    );
    const { text } = nanWarning({ step: 0, found, learningRate: 0.001, clips: false });
    expect(text).toMatch(/^The loss is no number in the very first step\. /);
    expect(text).not.toContain("learning rate");
    const later = nanWarning({ step: 3, found, learningRate: 0.001, clips: false });
    expect(later.text).toMatch(/^The loss is no number in step 4\. /);
  });
});
