import type { Displayable } from "../host";

/** One weight of a gradient check. */
export interface GradientCheckRow {
  readonly weight: string;
  readonly shape: readonly number[];
  /** Largest difference between gradient and finite difference over the directions tried, relative to the gradient. */
  readonly relativeError: number;
  /** Derivative of the loss along the worst direction, in nats per unit: by the gradient, and by finite differences. */
  readonly gradient: number;
  readonly finiteDifference: number;
}

/** Result of `model.checkGradients`: a table, worst weight first. */
export interface GradientCheck extends Displayable {
  readonly model: string;
  readonly engine: string;
  readonly rows: readonly GradientCheckRow[];
  readonly worst: number;
  readonly tolerance: number;
  /** Whether every weight's error is within the tolerance. */
  readonly ok: boolean;
}
