import { NotebookOutputs } from "../client/outputs";
import { type Cell, type CodeCell, type Notebook, tagsOf } from "../notebook";
import type { ErrorReport, Event, ExecuteResult } from "../protocol/messages";
import { failedTraining, goesOn } from "./trainings";
import { fileOutput } from "./fileOutputs";
import type { KernelPort, Reporter, StartKernel } from "./ports";

export interface RunOptions {
  /** For each cell. */
  readonly timeoutSeconds?: number;
  /** Go on after a cell that fails. */
  readonly allowErrors: boolean;
  /** How long a cell that ran out of time may take to stop, before its kernel is killed. */
  readonly graceSeconds?: number;
}

export interface RunResult {
  /** With what the cells showed in this run, and nothing of earlier ones. */
  readonly notebook: Notebook;
  readonly outcome: Outcome;
  /** Code cells that ran, also those that failed. */
  readonly cellsRun: number;
  /** Code cells that did not have their turn. */
  readonly cellsLeft: number;
  /** Those that failed and were allowed to. */
  readonly allowedFailures: number;
}
/** `cell` is the number of a cell in the file, from 1. */
export type Outcome =
  | { readonly kind: "completed" }
  /** The run ended at this cell. */
  | { readonly kind: "failed"; readonly cell: number; readonly reason: string }
  /** The cell caused an error that nobody awaited, and the run went on. */
  | { readonly kind: "strayError"; readonly cell: number; readonly reason: string }
  /** A training in the cell ended without a number, and the run went on. */
  | { readonly kind: "failedTraining"; readonly cell: number; readonly reason: string }
  | { readonly kind: "stopped" };

/** A run that is going on. */
export interface NotebookRun {
  readonly finished: Promise<RunResult>;
  /** Stops the running cell and runs no other; said again, kills the kernel. */
  stop(): void;
}

/** Runs a notebook's code cells from top to bottom; in words alone, without files, processes or signals. */
export function startRun(
  notebook: Notebook,
  startKernel: StartKernel,
  reporter: Reporter,
  options: RunOptions,
): NotebookRun {
  const run = new Run(notebook, startKernel, reporter, options);
  return { finished: run.finish(), stop: () => run.stop() };
}

type Ending =
  | { readonly kind: "ok" }
  | { readonly kind: "failed"; readonly reason: string }
  | { readonly kind: "stopped" }
  | { readonly kind: "kernelGone"; readonly reason: string };

class Run {
  private readonly outputs = new NotebookOutputs();
  private readonly counts = new Map<string, number>();
  private readonly errors = new Map<string, ErrorReport>();
  private readonly kernel: KernelPort;
  private stops = 0;
  private timedOut = false;

  constructor(
    private readonly notebook: Notebook,
    startKernel: StartKernel,
    private readonly reporter: Reporter,
    private readonly options: RunOptions,
  ) {
    this.kernel = startKernel({
      onEvent: (event) => this.hear(event),
      onUnresponsive: () => this.reporter.notes("The kernel does not stop; Ctrl-C once more kills it."),
    });
  }

  stop(): void {
    this.stops += 1;
    if (this.stops === 1) this.kernel.interrupt();
    else this.kernel.kill();
  }

  async finish(): Promise<RunResult> {
    const numbered = this.notebook.cells.map((cell, i) => ({ cell, number: i + 1 }));
    const toRun = numbered.filter((one): one is { cell: CodeCell; number: number } => isRun(one.cell));
    let outcome: Outcome = { kind: "completed" };
    let cellsRun = 0;
    for (const [i, { cell, number }] of toRun.entries()) {
      if (this.isStopped()) outcome = { kind: "stopped" };
      if (outcome.kind === "stopped") break;
      this.reporter.cellBegins({ number, position: i + 1, total: toRun.length, source: cell.source });
      const ending = await this.runCell(cell, number);
      this.reporter.cellEnds();
      cellsRun += 1;
      if (ending.kind === "stopped") outcome = ending;
      else if (ending.kind === "kernelGone")
        outcome = { kind: "failed", cell: number, reason: ending.reason };
      else if (ending.kind === "failed" && !this.mayFail(cell))
        outcome = { kind: "failed", cell: number, reason: ending.reason };
      if (outcome.kind !== "completed") break;
    }
    if (outcome.kind === "completed") outcome = (await this.trainingsEnd(toRun)) ?? outcome;
    if (this.isStopped() && outcome.kind === "completed") outcome = { kind: "stopped" };
    await this.kernel.shutdown();
    if (outcome.kind === "completed")
      outcome = this.strayFailure(numbered) ?? this.trainingFailure(numbered) ?? outcome;
    const allowedFailures = toRun.filter(({ cell }) => this.errors.has(cell.id) && this.mayFail(cell)).length;
    const cellsLeft = toRun.length - cellsRun;
    return { notebook: this.written(), outcome, cellsRun, cellsLeft, allowedFailures };
  }

  /** No training is cut off because its cell did not wait for it: what a later run would resume, this one ends. */
  private async trainingsEnd(
    cells: readonly { readonly cell: CodeCell; readonly number: number }[],
  ): Promise<Outcome | undefined> {
    const going = () => cells.find(({ cell }) => goesOn(this.outputs.of(cell.id)));
    const first = going();
    if (!first) return undefined;
    this.reporter.notes(
      "A training goes on that its cell did not wait for; it is waited for now. Put await before fit: the cell then waits by itself, and later cells see the trained weights.",
    );
    this.timedOut = false;
    const timers = this.startClock();
    while (going() && !this.kernel.died() && !this.isStopped())
      await new Promise((resolve) => setTimeout(resolve, 50));
    timers.forEach(clearTimeout);
    const { cell, number } = going() ?? first;
    const died = this.kernel.died();
    const ending = died ? this.kernelGone(cell, died) : this.timedOut ? this.tooLong(cell) : undefined;
    if (ending?.kind === "kernelGone" || (ending?.kind === "failed" && !this.mayFail(cell)))
      return { kind: "failed", cell: number, reason: ending.reason };
    return undefined;
  }

  private async runCell(cell: CodeCell, number: number): Promise<Ending> {
    this.timedOut = false;
    const timers = this.startClock();
    try {
      const result = await this.kernel.execute({
        cell: cell.id,
        code: cell.source,
        title: `Cell ${number}`,
        stopOnError: !this.mayFail(cell),
      });
      this.counts.set(cell.id, result.executionCount);
      return this.endingOf(cell, result);
    } catch (error) {
      return this.kernelGone(cell, error);
    } finally {
      timers.forEach(clearTimeout);
    }
  }

  /** After the timeout the cell is stopped as by hand; native code that does not stop costs the kernel. */
  private startClock(): NodeJS.Timeout[] {
    const { timeoutSeconds, graceSeconds = 5 } = this.options;
    if (timeoutSeconds === undefined) return [];
    const interrupt = (): void => {
      this.timedOut = true;
      this.kernel.interrupt();
    };
    return [
      setTimeout(interrupt, timeoutSeconds * 1000),
      setTimeout(() => this.kernel.kill(), (timeoutSeconds + graceSeconds) * 1000),
    ];
  }

  private endingOf(cell: CodeCell, { status }: ExecuteResult): Ending {
    if (status === "ok") return { kind: "ok" };
    if (status === "error") return { kind: "failed", reason: this.reasonOf(cell) };
    if (this.timedOut) return this.tooLong(cell);
    if (status === "interrupted") this.tell(cell, "Interrupted", "The cell was stopped.");
    return { kind: "stopped" };
  }

  private tooLong(cell: CodeCell): Ending {
    return { kind: "failed", reason: this.tell(cell, "Timeout", this.timeoutText()) };
  }

  private kernelGone(cell: CodeCell, error: unknown): Ending {
    if (this.timedOut) {
      const text = `${this.timeoutText()} It did not stop, so its kernel was killed.`;
      return { kind: "kernelGone", reason: this.tell(cell, "Timeout", text) };
    }
    if (this.isStopped()) {
      this.tell(cell, "Interrupted", "The cell was stopped by killing its kernel.");
      return { kind: "stopped" };
    }
    const message = error instanceof Error ? error.message : String(error);
    const name = error instanceof Error ? error.name : "Error";
    return { kind: "kernelGone", reason: this.tell(cell, name, message) };
  }

  private hear(event: Event): void {
    this.outputs.apply(event);
    if (event.type === "error") this.errors.set(event.cell, event.error);
    this.reporter.shows(event);
    if (event.type === "inputRequest") {
      void this.reporter
        .asks(event.prompt, event.password)
        .then((value) => this.kernel.answerInput(event.input, value));
    }
  }

  /** Puts an error of the run's own into the cell, as if the kernel had said it; returns it in one line. */
  private tell(cell: CodeCell, name: string, message: string): string {
    this.hear({
      type: "error",
      cell: cell.id,
      error: { name, message, text: `${name}: ${message}`, frames: [] },
    });
    return this.reasonOf(cell);
  }

  private reasonOf(cell: Cell): string {
    const error = this.errors.get(cell.id);
    return error === undefined
      ? "it failed"
      : (`${error.name}: ${error.message}`.split("\n")[0] ?? error.name);
  }

  /** An error that nobody awaited: the cell had ended, or did not notice. The run went on, and yet it failed. */
  private strayFailure(cells: readonly { cell: Cell; number: number }[]): Outcome | undefined {
    const failed = cells.find(({ cell }) => this.errors.has(cell.id) && !this.mayFail(cell));
    return failed && { kind: "strayError", cell: failed.number, reason: this.reasonOf(failed.cell) };
  }

  private trainingFailure(cells: readonly { cell: Cell; number: number }[]): Outcome | undefined {
    for (const { cell, number } of cells) {
      const reason = this.mayFail(cell) ? undefined : failedTraining(this.outputs.of(cell.id));
      if (reason !== undefined) return { kind: "failedTraining", cell: number, reason };
    }
    return undefined;
  }

  private written(): Notebook {
    const cells = this.notebook.cells.map((cell): Cell => {
      if (cell.type !== "code") return cell;
      const executionCount = this.counts.get(cell.id) ?? null;
      const outputs = this.outputs.of(cell.id).map((output) => fileOutput(output, executionCount));
      return { ...cell, executionCount, outputs };
    });
    return { ...this.notebook, cells };
  }

  private isStopped = (): boolean => this.stops > 0;
  private mayFail = (cell: Cell): boolean =>
    this.options.allowErrors || tagsOf(cell).includes("raises-exception");
  private timeoutText = (): string => `The cell took longer than ${this.options.timeoutSeconds} s.`;
}

const isRun = (cell: Cell): boolean =>
  cell.type === "code" && cell.source.trim() !== "" && !tagsOf(cell).includes("skip-execution");
