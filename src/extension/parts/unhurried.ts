/**
 * A run's output comes first: what else a run changes is told to the editor a moment later, and what has changed back by
 * then is not told at all.
 */
const MOMENT = 120;

export interface Unhurried {
  /** Asks for the work; asked for again before it is done, it is done once. */
  readonly soon: () => void;
  readonly dispose: () => void;
}

export function unhurried(work: () => void): Unhurried {
  let timer: NodeJS.Timeout | undefined;
  const soon = (): void => {
    timer ??= setTimeout(() => {
      timer = undefined;
      work();
    }, MOMENT);
  };
  return { soon, dispose: () => clearTimeout(timer) };
}
