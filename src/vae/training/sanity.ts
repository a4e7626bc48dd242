import type { Snapshot } from "./snapshot";
import { hasRunAway } from "./warnings";

/** A step with a loss that had not run away, and the snapshot before it from which its weights can be made again. */
export interface SaneStep {
  /** Steps done: the loss is that of the weights after so many. */
  readonly step: number;
  readonly loss: number;
  readonly from: Pick<Snapshot, "step" | "weights" | "optimizer">;
}

/**
 * Remembers the last step whose loss had not run away. Weights that a divergence leaves are finite for a few steps, and
 * ruined: after a NaN, these are the ones to go back to. Costs nothing but that the snapshot lives on for a while.
 */
export class LastSane {
  private losses: { readonly first: number; readonly best: number } | undefined;
  private last: SaneStep | undefined;

  add(step: number, loss: number, from: SaneStep["from"] | undefined): void {
    const { first, best } = this.losses ?? { first: loss, best: loss };
    this.losses = { first, best: Math.min(best, loss) };
    if (from && !hasRunAway(loss, this.losses)) this.last = { step, loss, from };
  }

  /** The last one that was before a step; nothing if no loss was measured yet. */
  before(step: number): SaneStep | undefined {
    return this.last && this.last.step <= step ? this.last : undefined;
  }
}
