import { describe, expect, test } from "vitest";
import type { HistoryPoint } from "../../../src/vae/training/history";
import { collapseWarning, divergenceWarning, overfittingWarning } from "../../../src/vae/training/warnings";

const losses = (loss: number) => ({ loss, reconstruction: loss, kl: 0 });
const curve = (train: number[], validation?: number[]): HistoryPoint[] =>
  train.map((loss, epoch) => ({
    step: (epoch + 1) * 10,
    epoch: epoch + 1,
    train: losses(loss),
    ...(validation && { validation: losses(validation[epoch] ?? NaN) }),
    learningRate: 0.3,
    beta: 1,
  }));

describe("posterior collapse", () => {
  test("names the dimensions, counted from 0, and how many are left", () => {
    const warning = collapseWarning(50, [1.2, 0.001, 0.5, 0.009], 1);
    expect(warning).toMatchObject({ kind: "posterior-collapse", step: 50 });
    expect(warning?.text).toMatch(/^KL is 0 in dimensions 1 and 3 of 4: .* the model uses 2\./);
  });
  test("in one dimension, and in all of them", () => {
    expect(collapseWarning(1, [1, 0], 1)?.text).toMatch(/^KL is 0 in dimension 1 of 2:/);
    expect(collapseWarning(1, [0, 0], 1)?.text).toMatch(/^KL is 0 in every dimension:/);
  });
  test("is not reported where every dimension carries something", () => {
    expect(collapseWarning(1, [0.02, 3], 1)).toBeUndefined();
  });
});

describe("divergence", () => {
  test("is reported with the losses, the learning rate and one to try", () => {
    expect(divergenceWarning(curve([100, 90, 400]))?.text).toBe(
      "The loss diverges: 90.0 nats per example at its best, 400.0 now. The learning rate 0.3 is probably too large; try 0.03, or clipNorm: 1.",
    );
    expect(divergenceWarning(curve([100, 90, 3e7]))?.text).toContain("3.0e7 now");
  });
  test("is not reported for a loss that is noisy or negative and falling", () => {
    expect(divergenceWarning(curve([100, 90, 130]))).toBeUndefined();
    expect(divergenceWarning(curve([100, -20, -40, -38]))).toBeUndefined();
  });
});

describe("a validation loss that rises", () => {
  test("three epochs in a row while the training loss falls is overfitting", () => {
    expect(overfittingWarning(curve([10, 9, 8, 7], [5, 5.1, 5.2, 5.3]))).toMatchObject({
      kind: "overfitting",
      step: 40,
    });
    expect(overfittingWarning(curve([10, 9, 8, 7], [5, 5.1, 5.2, 5.3]))?.text).toContain(
      "from 5.0 to 5.3 nats per example",
    );
  });
  test("is not reported when it wavers, or the training loss rises too", () => {
    expect(overfittingWarning(curve([10, 9, 8, 7], [5, 5.1, 5.05, 5.3]))).toBeUndefined();
    expect(overfittingWarning(curve([10, 11, 12, 13], [5, 5.1, 5.2, 5.3]))).toBeUndefined();
    expect(overfittingWarning(curve([10, 9, 8], [5, 5.1, 5.2]))).toBeUndefined();
  });
});
