import { cleanMessage } from "./names";
import { Interrupt } from "./failure";
import { currentRun, type Run } from "./run";

/** How long tasks that cooperate (a training run) may take to end by themselves. */
const PATIENCE = 2_000;

/**
 * Stop, on the thread that runs the cells. Another thread hears the front end and sets the flag; whichever comes first
 * takes it down and acts: a check in a busy loop (`stopped`), or the event loop if nothing is busy (`request`).
 */
export class Stop {
  /** One word of shared memory: 1 while a Stop waits to be noticed. */
  readonly flag = new Int32Array(new SharedArrayBuffer(4));
  private running: Run | undefined;
  private readonly background = new Set<Run>();

  begin(run: Run): void {
    Atomics.store(this.flag, 0, 0);
    this.running = run;
    this.background.add(run);
    if (this.background.size > 1_000)
      for (const oldest of this.background) return void this.background.delete(oldest);
  }

  end(): void {
    this.running = undefined;
    Atomics.store(this.flag, 0, 0);
  }

  /** Called by checks in code of cells while the flag is up. Throws. */
  readonly stopped = (): never => {
    this.act();
    throw new Interrupt();
  };

  /** Called by the event loop. Nothing to do if a check was faster. */
  request(): void {
    if (Atomics.load(this.flag, 0) === 1) this.act();
  }

  private act(): void {
    Atomics.store(this.flag, 0, 0);
    const run = this.running;
    // With no cell running, what earlier cells left behind is meant.
    for (const one of run ? [run] : this.background) void this.stopRun(one);
  }

  private async stopRun(run: Run): Promise<void> {
    const wasCooperating = run.isCooperating;
    await run.stop(PATIENCE);
    // The task gave its value to the cell, which now ends at its next step.
    if (wasCooperating && run === this.running) Atomics.store(this.flag, 0, 1);
  }

  /** Called first in every `catch` of a cell: a Stop passes, and messages speak of the person's own names. */
  readonly caught = (error: unknown): void => {
    if (error instanceof Interrupt) throw error;
    if (error instanceof Error && typeof error.message === "string" && error.message.includes("__"))
      error.message = cleanMessage(error.message);
  };

  /** `await` in code of cells. */
  wait(value: unknown): unknown {
    if (Atomics.load(this.flag, 0) === 1) this.stopped();
    const run = currentRun.getStore() ?? this.running;
    return run ? run.wait(value) : value;
  }
}
