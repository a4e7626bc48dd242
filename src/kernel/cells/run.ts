import { AsyncLocalStorage } from "node:async_hooks";
import { inspect } from "node:util";
import { Interrupt } from "./failure";
import { Timers } from "./timers";

/**
 * One execution of a cell. Everything that its code starts (timers, promises, callbacks) carries the run along, so that
 * output and failures find their cell long after it ended.
 */
export class Run {
  /** A Stop hit this run: it ends as interrupted, whatever its code makes of that. */
  interrupted = false;
  /** When the last Stop hit it: the first ends what the cell does, a later one its cleanup. */
  lastStop = -Infinity;
  private readonly pending = new Set<(reason: Interrupt) => void>();
  private readonly cooperating = new Map<Promise<unknown>, AbortController>();

  private readonly stopListeners: (() => void)[] = [];
  private readonly timers = new Timers();
  private hasEnded = false;
  private leftBehind: (() => void) | undefined;

  constructor(
    readonly cell: string,
    readonly title: string,
    /** The number of the request that it answers. */
    readonly request: number,
  ) {}

  /** Node keeps it on whatever a cell's code starts, where a person may come across it. */
  [inspect.custom](): string {
    return this.title;
  }

  /** Waits for a value as `await` does, but a Stop ends the wait. */
  wait(value: unknown): unknown {
    if (!isThenable(value)) return value;
    return new Promise((resolve, reject) => {
      this.pending.add(reject);
      Promise.resolve(value).then(
        (result) => {
          this.pending.delete(reject);
          resolve(result);
        },
        (reason: unknown) => {
          this.pending.delete(reject);
          // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- passed on as it came
          reject(reason);
        },
      );
    });
  }

  /** Runs a task that finishes by itself when its signal aborts; see `Host.cooperate`. */
  async cooperate<T>(task: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const controller = new AbortController();
    const running = task(controller.signal);
    this.cooperating.set(running, controller);
    this.lookBehind();
    try {
      return await running;
    } finally {
      this.cooperating.delete(running);
    }
  }

  /** Keeps a timer that the cell's code started, so that a Stop ends it with the cell. */
  started(timer: unknown): void {
    this.timers.add(timer);
  }

  /** The cell has ended, its cleanup too. What a Stop left to the cleanup goes now. */
  end(): void {
    this.hasEnded = true;
    this.timers.endCondemned();
    this.lookBehind();
  }

  /** Calls the listener once, when a task that cooperates goes on without the cell that began it. */
  onLeftBehind(listener: () => void): void {
    this.leftBehind = listener;
  }

  private lookBehind(): void {
    if (!this.hasEnded || this.interrupted || this.cooperating.size === 0) return;
    this.leftBehind?.();
    this.leftBehind = undefined;
  }

  /** Calls the listener when a Stop hits this run, at once if one did. */
  onStop(listener: () => void): void {
    if (this.interrupted) listener();
    else this.stopListeners.push(listener);
  }

  /** For the steps between waits: compiling, loading modules. */
  throwIfStopped(): void {
    if (this.interrupted) throw new Interrupt();
  }

  get isCooperating(): boolean {
    return this.cooperating.size > 0;
  }

  /** Ends every wait. Tasks that cooperate come first: what they return on a Stop is worth having. */
  async stop(patience: number): Promise<void> {
    this.interrupted = true;
    this.lastStop = performance.now();
    // Cleanup may wait for a timer, so those of a cell that runs go with its end.
    this.timers.condemn();
    if (this.hasEnded) this.timers.endCondemned();
    for (const listener of this.stopListeners.splice(0)) listener();
    for (const controller of this.cooperating.values()) controller.abort();
    if (this.cooperating.size > 0) {
      const settled = Promise.allSettled(this.cooperating.keys());
      await Promise.race([settled, new Promise((resolve) => setTimeout(resolve, patience))]);
      // The awaiting code gets its value before the waits that remain are ended.
      await new Promise((resolve) => setImmediate(resolve));
    }
    for (const reject of [...this.pending]) reject(new Interrupt());
    this.pending.clear();
  }
}

const isThenable = (value: unknown): value is PromiseLike<unknown> =>
  (typeof value === "object" || typeof value === "function") &&
  value !== null &&
  "then" in value &&
  typeof value.then === "function";

/** The run whose code is executing, in any callback of it. */
export const currentRun = new AsyncLocalStorage<Run>();
