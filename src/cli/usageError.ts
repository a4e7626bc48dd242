/** What a person asked for cannot be done as they asked: told without a stack, and the process exits with 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** What the process ends with. */
export const exitCode = {
  ok: 0,
  /** A cell failed, took too long, or lost its kernel. */
  cellFailed: 1,
  usage: 2,
  /** 128 and the number of the signal, as shells have it. */
  interrupted: 130,
  terminated: 143,
} as const;
