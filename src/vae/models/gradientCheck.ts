import type { Displayable } from "../host";

/**
 * Whether a weight's gradient is the loss's. It agrees within the tolerance, or differs by more. Where rounding and corners
 * leave more doubt than that, it may agree roughly, to a tenth or better; else its slopes are too small beside the rounding
 * of the loss to be told from 0, or change so fast that no comparison is sharp enough.
 */
export type Agreement = "agrees" | "differs" | "agrees roughly" | "too small" | "too uneven";

/**
 * One weight of a gradient check. A weight has as many partial derivatives as entries; compared are slopes, the
 * derivatives along single directions of length 1 in the space of the weight: along the gradient itself, and along
 * some of random ones. The row holds the direction that agrees least.
 */
export interface GradientCheckRow {
  readonly weight: string;
  readonly shape: readonly number[];
  readonly agreement: Agreement;
  /** Distance between the two slopes, relative to the larger one. */
  readonly relativeError: number;
  /** The two lie no farther apart than this for certain, relative to the larger one: the error and all doubt about it. */
  readonly within: number;
  /** Slope in nats per example and unit of length, by the gradient: averaged over the short way that was compared. */
  readonly gradient: number;
  /** The same by finite differences: the change of the loss from one end of that way to the other, by its length. */
  readonly finiteDifference: number;
}

/** Result of `model.checkGradients`: a table, worst weight first. */
export interface GradientCheck extends Displayable {
  readonly model: string;
  readonly engine: string;
  readonly rows: readonly GradientCheckRow[];
  /** The largest relative error of the weights that agree within the tolerance, or differ. */
  readonly worst: number;
  readonly tolerance: number;
  /** Whether no weight differs, and at least one agrees. */
  readonly ok: boolean;
}
