/**
 * A model function that cannot be compiled, though tfjs itself could run it: the caller falls back to the eager
 * engine and shows the message as a notice.
 */
export class UntraceableError extends Error {
  override readonly name = "UntraceableError";

  constructor(
    /** The model's function, such as "encode". */
    readonly functionName: string,
    /** The tfjs operation, or what else stood in the way. */
    readonly operation: string,
    readonly reason: string,
  ) {
    super(`${functionName} cannot be compiled: ${reason}`);
  }
}

/** A function drew random numbers of its own: compiled, they would be the same in every step. */
export class RandomOperationError extends Error {
  override readonly name = "RandomOperationError";

  constructor(readonly functionName: string) {
    super(
      `${functionName} draws random numbers of its own, which a compiled model would repeat in every step. ` +
        `Use the noise that it is given as an argument (reparameterize: (posterior, noise) => ...), or give the ` +
        `random operation a seed if it is meant to be constant.`,
    );
  }
}

/** Shapes that do not go together: a mistake in the model, which no other engine could run either. */
export class ShapeError extends Error {
  override readonly name = "ShapeError";
}
