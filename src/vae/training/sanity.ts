import type { Losses } from "./history";
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
  private losses: { readonly first: Losses; readonly best: Losses } | undefined;
  private last: SaneStep | undefined;

  add(step: number, losses: Losses, from: SaneStep["from"] | undefined): void {
    const { first, best } = this.losses ?? { first: losses, best: losses };
    this.losses = { first, best: losses.loss < best.loss ? losses : best };
    if (from && !hasRunAway(losses.loss, this.losses)) this.last = { step, loss: losses.loss, from };
  }

  /** The last one that was before a step; nothing if no loss was measured yet. */
  before(step: number): SaneStep | undefined {
    return this.last && this.last.step <= step ? this.last : undefined;
  }
}
