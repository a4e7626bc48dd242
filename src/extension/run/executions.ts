import type * as vscode from "vscode";
import type { Ending } from "./runState";

/** What a cell's run left beside the cell. */
interface Mark {
  readonly order?: number | undefined;
  readonly startTime?: number | undefined;
  readonly endTime?: number | undefined;
  readonly success?: boolean | undefined;
}

/**
 * A cell that starts at once and is over sooner is told to the editor in one piece, that it waits, its start and its
 * outputs: the editor draws once, and the output is on the screen a frame or two earlier.
 */
const SHOWN_RUNNING_AFTER = 25;
/**
 * Such a cell's number and its end are told when its output is on the screen: the editor takes as long for them as for the
 * output, and people wait for the output.
 */
const SHOWN_ENDED_AFTER = 80;

/** A cell's run, of which the editor does not know before `tell`. */
class CellRun {
  private made: { readonly execution: vscode.NotebookCellExecution | undefined } | undefined;
  constructor(private readonly create: () => vscode.NotebookCellExecution | undefined) {}

  get isTold(): boolean {
    return this.made !== undefined;
  }
  /** Undefined where the editor does not take it. */
  tell(): vscode.NotebookCellExecution | undefined {
    this.made ??= { execution: this.create() };
    return this.made.execution;
  }
}

/**
 * The editor's marks on cells: which wait, which one runs since when, how the others ended. Also the only way to write
 * to a cell: a cell that has ended is opened for the moment of writing and closed with its marks as they were.
 */
export class Executions {
  private readonly queued = new Map<string, CellRun>();
  private readonly started = new Map<string, CellRun>();
  /** Those of `started` of which the editor does not know yet that they run. */
  private readonly untold = new Map<string, (mark?: Mark) => void>();
  /** The ends of which the editor does not know yet. */
  private readonly untoldEnds = new Set<() => void>();
  private readonly marks = new Map<string, Mark>();
  private readonly stopped = new Set<string>();
  /** The document is gone: cells run without marks, which wait for the next one. */
  private isDetached = false;
  /** Counts the changes of which cells were stopped. */
  stoppedVersion = 0;

  constructor(
    private readonly controller: vscode.NotebookController,
    private readonly cellOf: (name: string) => vscode.NotebookCell | undefined,
    private readonly log: vscode.LogOutputChannel,
  ) {}

  wasStopped(name: string): boolean {
    return this.stopped.has(name);
  }
  get hasStopped(): boolean {
    return this.stopped.size > 0;
  }
  isOpen(name: string): boolean {
    return this.started.has(name);
  }
  isWaiting(name: string): boolean {
    return this.queued.has(name);
  }

  queue(name: string): void {
    if (this.stopped.delete(name)) this.stoppedVersion += 1;
    const run = new CellRun(() => this.create(name));
    this.queued.set(name, run);
    // Only one that does not start at once is shown as waiting.
    queueMicrotask(() => {
      if (this.queued.get(name) === run && !run.tell()) this.queued.delete(name);
    });
  }

  /**
   * Resolves when the editor knows every cell that has started. It forgets those it was not told of when the handler of
   * its Run button returns.
   */
  told(): Promise<void> {
    // Set after the timer that tells, and as long: it ends after that.
    return this.untold.size === 0
      ? Promise.resolve()
      : new Promise((resolve) => setTimeout(resolve, SHOWN_RUNNING_AFTER));
  }

  /** False where there is no such cell any more, or the editor has given the notebook to another kernel. */
  start(name: string, order: number): boolean {
    const run = this.queued.get(name);
    this.queued.delete(name);
    const canRun = run && (run.isTold || this.cellOf(name) !== undefined);
    if (!canRun && !this.isDetached) return false;
    const mark: Mark = { order, startTime: Date.now() };
    this.marks.set(name, mark);
    if (!run) return true;
    this.started.set(name, run);
    const tell = (what = mark): void => open(run.tell(), what);
    this.untold.set(name, tell);
    setTimeout(() => this.untold.get(name) === tell && this.tellStart(name), SHOWN_RUNNING_AFTER);
    return true;
  }

  /** `tellRest` is called with the cell still open, and answers whether it shows anything. */
  end(
    name: string,
    ending: Ending,
    order: number | undefined,
    tellRest: (execution: vscode.NotebookCellExecution) => boolean,
  ): void {
    const waited = this.queued.get(name);
    this.queued.delete(name);
    // A cell that never ran keeps no mark; one whose kernel died while it waited says so.
    if (waited && ending !== "failed") return waited.tell()?.end(undefined);
    if (waited) this.begin(name, waited, { startTime: Date.now() });
    const run = this.started.get(name);
    const began = this.marks.get(name);
    if (!began || began.endTime !== undefined) return; // It has ended already.
    const mark = { ...began, order: order ?? began.order, endTime: Date.now(), success: successes[ending] };
    this.marks.set(name, mark);
    if (ending === "stopped") {
      this.stopped.add(name);
      this.stoppedVersion += 1;
    }
    if (!run) return; // Its notebook is closed: the mark waits until it is opened again.
    this.started.delete(name);
    const isQuick = this.untold.has(name);
    this.tellStart(name, { startTime: mark.startTime });
    const execution = run.tell();
    if (!execution) return;
    const showsAnything = tellRest(execution);
    const tell = (): void => close(execution, mark, isQuick ? undefined : began.order);
    if (isQuick && showsAnything) this.tellEndSoon(tell);
    else tell();
  }

  /** The editor knows now how the cells ended that have ended. */
  settle(): void {
    for (const tell of this.untoldEnds) tell();
  }

  /** Calls `work` with the cell open; not at all where there is no such cell, or it is about to run again. */
  async write(name: string, work: (execution: vscode.NotebookCellExecution) => Promise<void>): Promise<void> {
    const running = this.started.get(name);
    if (running) {
      this.tellStart(name);
      const execution = running.tell();
      return execution ? work(execution) : undefined;
    }
    if (this.queued.has(name)) return;
    const mark = this.marks.get(name) ?? summaryOf(this.cellOf(name));
    const execution = this.create(name);
    if (!execution) return;
    this.marks.set(name, mark);
    open(execution, mark);
    // Closed before the editor draws: nothing on the screen looks like another run.
    const told = work(execution);
    close(execution, mark, mark.order);
    return told;
  }

  /** The document is gone, and its marks with it; what runs goes on without. */
  detach(): void {
    this.isDetached = true;
    this.settle();
    for (const run of [...this.queued.values(), ...this.started.values()]) {
      try {
        if (run.isTold) run.tell()?.end(undefined);
      } catch (error) {
        this.log.debug(String(error));
      }
    }
    this.queued.clear();
    this.started.clear();
    this.untold.clear();
  }

  /** The cells are in a document again: the one that runs and those that wait get their marks back. */
  attach(running: string | undefined, queue: readonly string[]): void {
    this.isDetached = false;
    if (running !== undefined)
      this.begin(running, new CellRun(() => this.create(running)), this.marks.get(running) ?? {});
    for (const name of queue) this.queue(name);
  }

  private begin(name: string, run: CellRun, mark: Mark): void {
    this.marks.set(name, mark);
    this.started.set(name, run);
    open(run.tell(), mark);
  }

  private tellStart(name: string, mark?: Mark): void {
    const tell = this.untold.get(name);
    this.untold.delete(name);
    tell?.(mark);
  }

  private tellEndSoon(tellEnd: () => void): void {
    const tell = (): void => {
      clearTimeout(timer);
      this.untoldEnds.delete(tell);
      try {
        tellEnd();
      } catch (error) {
        this.log.debug(String(error)); // The notebook was closed meanwhile.
      }
    };
    const timer = setTimeout(tell, SHOWN_ENDED_AFTER);
    this.untoldEnds.add(tell);
  }

  private create(name: string): vscode.NotebookCellExecution | undefined {
    // The editor takes no second execution of a cell, and draws once for all that it is told together.
    this.settle();
    const cell = this.cellOf(name);
    try {
      return cell && this.controller.createNotebookCellExecution(cell);
    } catch (error) {
      // The person chose another kernel for this notebook, or it was closed just now.
      this.log.warn(`Cell ${name} cannot be marked: ${String(error)}`);
      return undefined;
    }
  }
}

function open(execution: vscode.NotebookCellExecution | undefined, { order, startTime }: Mark): void {
  if (!execution) return;
  if (order !== undefined) execution.executionOrder = order;
  execution.start(startTime);
}

/** `known`: the number that this execution was given. What it answers itself is the number of the run before. */
function close(
  execution: vscode.NotebookCellExecution,
  { order, success, endTime }: Mark,
  known: number | undefined,
): void {
  if (order !== known) execution.executionOrder = order;
  execution.end(success, endTime);
}

/** A stopped cell has neither a check mark nor a cross: a word beside it says it (`stoppedMarks.ts`). */
const successes: Readonly<Record<Ending, boolean | undefined>> = {
  ok: true,
  failed: false,
  stopped: undefined,
  cancelled: undefined,
};

function summaryOf(cell: vscode.NotebookCell | undefined): Mark {
  const { executionOrder, success, timing } = cell?.executionSummary ?? {};
  return { order: executionOrder, success, startTime: timing?.startTime, endTime: timing?.endTime };
}
