const batchHint = "Batches differ in size: write -1 or x.shape[0] where a shape has the number of examples.";

/** Calls one of the person's functions; what it throws says which one it was and what it was given, in words. */
export function calling<T>(
  name: string,
  given: string,
  call: () => T,
  missed: () => string | undefined = () => undefined,
): T {
  try {
    return call();
  } catch (error) {
    const missing = missed();
    if (!(error instanceof Error)) throw error;
    // The engine knows of no functions but the whole step.
    if (error.name === "RandomOperationError")
      throw new Error(error.message.replace(/^\S+/, `Your function ${name}`), { cause: error });
    // Errors of JavaScript's own kinds say enough by themselves, unless a weight that is not there led to them.
    const isOfTensors = error.constructor === Error || error.name === "ShapeError";
    if (!isOfTensors && missing === undefined) throw error;
    const failed = `Your function ${name}, given ${given}, failed: ${error.message}`;
    const sentence = /[.!?]$/.test(failed) ? failed : `${failed}.`;
    const hint = missing ?? (/reshape/i.test(error.message) ? batchHint : undefined);
    throw new Error(hint === undefined ? failed : `${sentence} ${hint}`, { cause: error });
  }
}
