import { executionAsyncResource } from "node:async_hooks";
import { BACKGROUND } from "../../protocol/lines";
import { Interrupt, isInstance } from "./failure";
import { cleanMessage } from "./names";
import { currentRun, type Run } from "./run";
import { flagIndex, runningIndex, upToIndex, WORDS } from "./stopWords";

/** How long tasks that cooperate (a training run) may take to end by themselves. */
const PATIENCE = 2_000;
/** Cells whose leftovers a Stop still reaches when no cell runs. */
const MAX_BACKGROUND = 1_000;
/** For how long, in milliseconds, a callback of an earlier cell leaves a Stop to the event loop. */
const GRACE = 100;

/**
 * Stop, on the thread that runs the cells. Another thread hears the front end and raises the flag; whichever comes first
 * takes it down and acts: a check in a busy loop (`stopped`), or the event loop if nothing is busy (`request`).
 */
export class Stop {
  /** See `stopWords.ts`. Code of cells reads the flag, its first word. */
  readonly words = new Int32Array(new SharedArrayBuffer(4 * WORDS));
  private running: Run | undefined;
  private readonly background = new Set<Run>();
  /** Since when a callback of an earlier cell has left the flag up. */
  private leftSince: number | undefined;

  /** Whether a Stop was meant for this request, also where the event loop had no moment yet to hear of it. */
  isMeantFor(request: number): boolean {
    return request <= Atomics.load(this.words, upToIndex);
  }

  begin(run: Run): void {
    Atomics.store(this.words, flagIndex, 0);
    Atomics.store(this.words, runningIndex, run.request);
    // A Stop that came just before found no running cell to raise the flag for.
    if (this.isMeantFor(run.request)) Atomics.store(this.words, flagIndex, run.request);
    this.running = run;
    this.background.add(run);
    const [oldest] = this.background;
    if (oldest && this.background.size > MAX_BACKGROUND) this.background.delete(oldest);
  }

  end(): void {
    this.running?.end();
    this.running = undefined;
    Atomics.store(this.words, runningIndex, 0);
    Atomics.store(this.words, flagIndex, 0);
  }

  /** Called by checks in code of cells while the flag is up. Throws, unless the Stop was meant for a cell that has ended. */
  readonly stopped = (): void => {
    if (this.leavesToEventLoop() || !this.act(this.takeFlag())) return;
    endRepetition();
    throw new Interrupt();
  };

  /** Called by the event loop with a Stop that was heard. If a check was faster, the running cell knows already. */
  request(upTo: number): void {
    const wasRaised = this.takeFlag() !== 0;
    // The cell may have begun just after the other thread looked for it.
    if (wasRaised || this.running?.interrupted === false) this.act(upTo);
  }

  /**
   * The running cell waits, and what runs now is a callback of an earlier one, which nobody wants to stop: the event loop
   * tells the cell as soon as the callback is over. One that does not end in time is what holds up everything.
   */
  private leavesToEventLoop(): boolean {
    const own = currentRun.getStore();
    if (!this.running || !own || own === this.running) return false;
    this.leftSince ??= performance.now();
    return performance.now() - this.leftSince < GRACE;
  }

  private takeFlag(): number {
    this.leftSince = undefined;
    return Atomics.exchange(this.words, flagIndex, 0);
  }

  private act(upTo: number): boolean {
    const run = this.running;
    if (upTo === 0) return false;
    if (run ? upTo < run.request : upTo !== BACKGROUND) return false;
    for (const one of run ? [run] : this.background) void this.stopRun(one);
    return true;
  }

  private async stopRun(run: Run): Promise<void> {
    const wasCooperating = run.isCooperating;
    await run.stop(PATIENCE);
    // The task gave its value to the cell, which now ends at its next step.
    if (wasCooperating && run === this.running) Atomics.store(this.words, flagIndex, run.request);
  }

  /** Called first in every `catch` of a cell: a Stop passes, and messages speak of the person's own names. */
  readonly caught = (error: unknown): void => {
    if (isInstance(error, Interrupt)) throw error;
    cleanError(error);
  };

  /** `setTimeout` and its like in code of cells, whose result this is. */
  readonly started = <T>(timer: T): T => {
    (currentRun.getStore() ?? this.running)?.started(timer);
    return timer;
  };

  /** For what takes long without being code of a cell. Throws where a Stop ends it. */
  readonly check = (): void => {
    if (Atomics.load(this.words, flagIndex) !== 0) this.stopped();
  };

  /** `await` in code of cells. */
  wait(value: unknown): unknown {
    this.check();
    const run = currentRun.getStore() ?? this.running;
    return run ? run.wait(value) : value;
  }
}

/** A callback that blocks and repeats would only block again. While it runs, its timer is known. */
function endRepetition(): void {
  const resource: object = executionAsyncResource();
  if (isInterval(resource)) clearInterval(resource);
}

/** Node's timers keep their period under this name. */
const isInterval = (resource: object): resource is NodeJS.Timeout =>
  "_repeat" in resource && typeof resource._repeat === "number";

function cleanError(error: unknown): void {
  try {
    if (isInstance(error, Error) && typeof error.message === "string" && error.message.includes("__"))
      error.message = cleanMessage(error.message);
  } catch {
    // An error with a message of its own making keeps it.
  }
}
