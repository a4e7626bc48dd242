import type { Values } from "../engine/engine";
import type { Losses } from "./history";

/** The sums behind one point of the curve: plain numbers, so that a checkpoint in mid-point loses nothing. */
export interface MeterState {
  readonly steps: number;
  readonly loss: number;
  readonly reconstruction: number;
  readonly kl: number;
  readonly klPerDimension: readonly number[];
}

const empty: MeterState = { steps: 0, loss: 0, reconstruction: 0, kl: 0, klPerDimension: [] };

/** Averages what the steps report until a point of the curve is due. */
export class Meter {
  constructor(private sums: MeterState = empty) {}

  get state(): MeterState {
    return this.sums;
  }

  /** Takes a step's outputs in; gives back its losses. */
  add(outputs: Values): Losses {
    const loss = scalar(outputs, "loss");
    const reconstruction = scalar(outputs, "reconstruction");
    const kl = scalar(outputs, "kl");
    const perDimension = outputs.klPerDimension ?? new Float32Array();
    const { sums } = this;
    this.sums = {
      steps: sums.steps + 1,
      loss: sums.loss + loss,
      reconstruction: sums.reconstruction + reconstruction,
      kl: sums.kl + kl,
      klPerDimension: Array.from(perDimension, (kl, dimension) => (sums.klPerDimension[dimension] ?? 0) + kl),
    };
    return { loss, reconstruction, kl };
  }

  /** The averages since the last call. */
  take(): Losses & { readonly klPerDimension: readonly number[] } {
    const { steps, loss, reconstruction, kl, klPerDimension } = this.sums;
    this.sums = empty;
    return {
      loss: loss / steps,
      reconstruction: reconstruction / steps,
      kl: kl / steps,
      klPerDimension: klPerDimension.map((sum) => sum / steps),
    };
  }
}

function scalar(outputs: Values, name: string): number {
  const value = outputs[name]?.[0];
  if (value === undefined) throw new Error(`The training step did not report "${name}".`);
  return value;
}
