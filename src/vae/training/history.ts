/** The numbers of one point of a training curve. All in nats per example, averaged over the examples seen. */
export interface Losses {
  /** What is minimised: reconstruction + beta * KL, with free bits counted in; or the negative importance-weighted bound. */
  readonly loss: number;
  /** Negative log-likelihood of the data given the code, summed over the pixels. */
  readonly reconstruction: number;
  /** KL divergence from the prior, summed over the latent dimensions. */
  readonly kl: number;
}

/** Losses of a validation, and how sure they are. */
export interface ValidationLosses extends Losses {
  /**
   * Standard error of the loss in nats per example: how far chance in the choice of so many examples moves it. Points
   * of older checkpoints lack it.
   */
  readonly standardError?: number;
}

/** One point of the live curve. */
export interface HistoryPoint {
  readonly step: number;
  /** Position in epochs, fractional within one. */
  readonly epoch: number;
  readonly train: Losses;
  /** Present where the validation data was evaluated: at the end of each epoch. */
  readonly validation?: ValidationLosses;
  readonly learningRate: number;
  readonly beta: number;
}

/** What a warning is about, so that a view can place it; `text` is what the person reads. */
export interface TrainingWarning {
  readonly kind: "posterior-collapse" | "divergence" | "nan" | "overfitting" | "other";
  readonly step: number;
  readonly text: string;
}
