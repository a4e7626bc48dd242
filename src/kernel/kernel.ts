import type { ErrorReport, ExecuteResult, RequestName, Requests } from "../protocol/messages";
import { Evaluator } from "./cells/evaluator";
import { CodeError, Interrupt } from "./cells/failure";
import { reportCodeError, reportError } from "./cells/report";
import { currentRun, Run } from "./cells/run";
import { StackTraces } from "./cells/stackTrace";
import type { Stop } from "./cells/stop";
import { Units } from "./cells/unit";
import type { Emit } from "./emit";
import { complete } from "./language/complete";
import { inspectAt } from "./language/inspect";
import { listVariables } from "./language/variables";
import { offerModules } from "./offered";
import { asRecords, tableBundle } from "./output/table";
import { Displays } from "./output/displays";
import { Inputs } from "./output/inputs";
import { redirectStreams } from "./output/streams";

/** How long the cleanup of a stopped cell may go on before the cell is reported as ended all the same. */
const CLEANUP_PATIENCE = 2_500;

type Handlers = {
  [K in RequestName]: (
    params: Requests[K]["params"],
  ) => Promise<Requests[K]["result"]> | Requests[K]["result"];
};

/** One notebook's kernel: takes requests, emits events. Cells run one after the other. */
export class Kernel {
  private readonly units = new Units();
  private readonly traces: StackTraces;
  private readonly evaluator: Evaluator;
  private readonly displays: Displays;
  private readonly inputs: Inputs;
  private readonly sources = new Map<string, { title: string; source: string }>();
  private queue: Promise<unknown> = Promise.resolve();
  private lastRun: Run | undefined;
  private executionCount = 0;
  /** Cells that were asked for before this moment in the count of requests do not run any more. */
  private abortedUpTo = 0;
  private asked = 0;

  readonly handlers: Handlers;

  constructor(
    folder: string,
    private readonly stop: Stop,
    private readonly emit: Emit,
    ownCode: string,
  ) {
    const cellOf = (): string => this.runHere()?.cell ?? "";
    this.traces = new StackTraces(this.units, ownCode);
    this.traces.install();
    this.displays = new Displays(emit, cellOf, (value) => offered.present(value));
    this.inputs = new Inputs(emit, cellOf);
    const offered = offerModules(this.displays, this.inputs, (options) =>
      emit({ type: "clear", cell: cellOf(), wait: options?.wait ?? false }),
    );
    this.evaluator = new Evaluator(folder, offered.modules, stop, this.units, this.traces);
    redirectStreams(cellOf, emit, (data, columns) => this.showTable(data, columns));

    this.handlers = {
      execute: (params) => this.enqueue(params),
      complete: ({ code, cursor }) => complete(code, cursor, this.evaluator.scope),
      inspect: ({ code, cursor }) =>
        inspectAt(
          code,
          cursor,
          this.evaluator.scope,
          [...this.sources.values()].map((one) => one.source),
        ),
      variables: () => ({ variables: listVariables(this.evaluator.scope) }),
      inputReply: ({ input, value }) => this.inputs.reply(input, value) as undefined,
      viewMessage: async ({ display, question, payload }) => ({
        payload: await this.displays.ask(display, question, payload),
      }),
      shutdown: () => undefined,
    };
  }

  /** An error that no code of a cell awaited or caught: told in the cell that caused it; the kernel lives on. */
  strayError(error: unknown): void {
    if (error instanceof Interrupt) return;
    const run = currentRun.getStore() ?? this.runOfTrace(error) ?? this.lastRun;
    this.emit({ type: "error", cell: run?.cell ?? "", error: this.report(error) });
  }

  /** Stops the running cell, called from the event loop; cells that wait behind it do not run. */
  interrupt(): void {
    this.abortedUpTo = this.asked;
    this.stop.request();
  }

  private runHere(): Run | undefined {
    return currentRun.getStore() ?? this.lastRun;
  }

  private runOfTrace(error: unknown): Run | undefined {
    if (!(error instanceof Error)) return undefined;
    const cell = this.traces.framesOf(error).find((frame) => frame.position?.cell)?.position?.cell;
    return cell === undefined ? undefined : new Run(cell, this.sources.get(cell)?.title ?? cell);
  }

  private enqueue(params: Requests["execute"]["params"]): Promise<ExecuteResult> {
    const number = ++this.asked;
    const execution = this.queue.then(() =>
      number <= this.abortedUpTo
        ? ({ status: "aborted", executionCount: 0, milliseconds: 0 } as const)
        : this.execute(params),
    );
    this.queue = execution.catch(() => {});
    return execution;
  }

  private async execute({
    cell,
    code,
    title = `Cell ${this.executionCount + 1}`,
    stopOnError = true,
  }: Requests["execute"]["params"]): Promise<ExecuteResult> {
    const run = new Run(cell, title);
    const started = performance.now();
    this.sources.set(cell, { title, source: code });
    this.lastRun = run;
    this.executionCount += 1;
    this.stop.begin(run);
    this.emit({ type: "status", state: "busy", cell });
    let status: ExecuteResult["status"] = "ok";
    try {
      await currentRun.run(run, () => this.evaluate(run, code));
    } catch (error) {
      if (!(error instanceof Interrupt)) {
        status = "error";
        const own = error instanceof CodeError && this.traces.framesOf(error).length === 0;
        this.emit({
          type: "error",
          cell,
          error: own ? reportCodeError(error, cell, title, code) : this.report(error),
        });
      } else status = "interrupted";
    }
    await this.displays.settled();
    if (run.interrupted) status = "interrupted";
    if (status === "interrupted" || (status === "error" && stopOnError)) {
      await requestsThatArrived();
      this.abortedUpTo = this.asked;
    }
    this.stop.end();
    this.emit({ type: "status", state: "idle", cell });
    return { status, executionCount: this.executionCount, milliseconds: performance.now() - started };
  }

  private async evaluate(run: Run, code: string): Promise<void> {
    const compiled = await this.evaluator.compile(run.cell, run.title, code);
    const outcome = await giveUpAfterStop(this.evaluator.run(compiled, run), run);
    if (outcome) this.displays.show(outcome.value, { result: true });
  }

  private showTable(data: unknown, columns: readonly string[] | undefined): boolean {
    const records = asRecords(data);
    if (records) this.displays.showBundle(tableBundle(records, columns));
    return records !== undefined;
  }

  private report(error: unknown): ErrorReport {
    return reportError(error, this.traces, ({ cell, file }) => {
      const known = cell === undefined ? undefined : this.sources.get(cell);
      return known ?? this.units.sourceOf(file);
    });
  }
}

/** Cells that were asked for while this one held up the event loop are read from the channel in its next turns. */
async function requestsThatArrived(): Promise<void> {
  for (let turn = 0; turn < 2; turn++) await new Promise((resolve) => setImmediate(resolve));
}

/** A stopped cell whose code neither ends nor fails (it swallowed the Stop, or cleans up forever) ends anyway. */
async function giveUpAfterStop<T>(work: Promise<T>, run: Run): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const givenUp = new Promise<never>((_, reject) => {
    run.onStop(() => {
      timer = setTimeout(() => reject(new Interrupt()), CLEANUP_PATIENCE);
    });
  });
  try {
    return await Promise.race([work, givenUp]);
  } finally {
    clearTimeout(timer);
  }
}
