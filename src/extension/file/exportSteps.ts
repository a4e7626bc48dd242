/** How long the editor may wait for us at a time. */
const patience = 20;

export interface Watcher {
  /** The share that is done, 0 to 1. */
  readonly progress: (share: number) => void;
  readonly isCancelled: () => boolean;
}

/** Tells the editor's progress, and asks its Cancel button each time anew. */
export function watcherOf(
  progress: { report(value: { readonly increment: number }): void },
  cancel: { readonly isCancellationRequested: boolean },
): Watcher {
  let shown = 0;
  return {
    progress: (share) => {
      progress.report({ increment: (share - shown) * 100 });
      shown = share;
    },
    isCancelled: () => cancel.isCancellationRequested,
  };
}

/**
 * Takes the steps of a long task one after the other and lets the editor breathe between them. Undefined when it was
 * cancelled.
 */
export async function takeSteps<Result>(
  steps: Generator<number, Result>,
  { progress, isCancelled }: Watcher,
): Promise<Result | undefined> {
  let rested = performance.now();
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    if (performance.now() - rested < patience) continue;
    progress(step.value);
    await new Promise((resolve) => setImmediate(resolve));
    if (isCancelled()) return undefined;
    rested = performance.now();
  }
}
