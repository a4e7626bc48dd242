import type { ErrorReport, ExecuteResult, Origin, RequestName, Requests } from "../protocol/messages";
import { Evaluator } from "./cells/evaluator";
import { CodeError, Interrupt, isInstance } from "./cells/failure";
import { reportCodeError, reportError } from "./cells/report";
import { currentRun, Run } from "./cells/run";
import { StackTraces } from "./cells/stackTrace";
import type { Stop } from "./cells/stop";
import { Units } from "./cells/unit";
import type { Emit } from "./emit";

import { signatureAt } from "./language/call";
import { complete } from "./language/complete";
import { didYouMean } from "./language/didYouMean";
import { inspectAt } from "./language/inspect";
import { listVariables } from "./language/variables";
import { type Offered, offerModules } from "./offered";
import { asRecords, tableBundle } from "./output/table";
import { Displays } from "./output/displays";
import { Inputs } from "./output/inputs";
import { redirectStreams } from "./output/streams";
import { Unsaved } from "./unsaved";

/** Who forgets an await wonders why the cell has ended, and why what it gave is a promise. */
const LEFT_BEHIND =
  // The editor does not wrap lines.
  "[This cell has ended, and a training, an evaluation or a download that it began\ngoes on. With await before the call, as in await model.fit(...), the cell lasts\nas long, and Interrupt ends both.]\n";
/** How long the cleanup of a stopped cell may go on before the cell is reported as ended all the same. */
const CLEANUP_PATIENCE = 2_500;

type Execute = Requests["execute"]["params"];

/** One answer per request. */
type Handlers = {
  [K in RequestName]: (
    params: Requests[K]["params"],
    origin: Origin,
  ) => Promise<Requests[K]["result"]> | Requests[K]["result"];
};

/** One notebook's kernel: takes requests, emits events. Cells run one after the other. */
export class Kernel {
  private readonly units = new Units();
  private readonly traces: StackTraces;
  private readonly evaluator: Evaluator;
  private readonly offered: Offered;
  private readonly displays: Displays;
  private readonly inputs: Inputs;
  /** Shows what a cell that ends has printed of a character. */
  private readonly completeOutput: (cell: string) => void;
  private readonly sources = new Map<string, { title: string; source: string }>();
  private readonly unsaved = new Unsaved();
  private queue: Promise<unknown> = Promise.resolve();
  private lastRun: Run | undefined;
  private executionCount = 0;
  /** Executions that those behind them need not wait for: they failed, were stopped, or did not run themselves. */
  private readonly failed = new Set<number>();

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
    const offered = (this.offered = offerModules(
      this.displays,
      this.inputs,
      (wait) => emit({ type: "clear", cell: cellOf(), wait }),
      {
        keeps: (folder) => emit({ type: "checkpoint", folder }),
        saves: (work) => this.unsaved.add(work),
      },
    ));
    this.evaluator = new Evaluator(folder, offered.modules, stop, this.units, this.traces);
    this.completeOutput = redirectStreams(cellOf, emit, stop.check, (data, columns) =>
      this.showTable(data, columns),
    );

    this.handlers = {
      execute: (params, origin) => this.enqueue(params, origin),
      complete: ({ code, cursor }) =>
        complete(code, cursor, this.evaluator.scope, this.offered.documentation),
      inspect: ({ code, cursor }) =>
        inspectAt(
          code,
          cursor,
          this.evaluator.scope,
          [...this.sources.values()].map((one) => one.source),
          this.offered.documentation,
        ),
      signature: ({ code, cursor }) =>
        signatureAt(code, cursor, this.evaluator.scope, this.offered.documentation),
      variables: () => ({ variables: listVariables(this.evaluator.scope) }),
      inputReply: ({ input, value }) => this.inputs.reply(input, value) as undefined,
      viewMessage: async ({ display, question, payload }) => ({
        payload: await this.displays.ask(display, question, payload),
      }),
      shutdown: async () => {
        await this.unsaved.settled();
        return undefined;
      },
    };
  }

  /** An error that no code of a cell awaited or caught: told in the cell that caused it; the kernel lives on. */
  strayError(error: unknown): void {
    if (isInstance(error, Interrupt)) return;
    const cell = currentRun.getStore()?.cell ?? this.cellOfTrace(error) ?? this.lastRun?.cell ?? "";
    this.emit({ type: "error", cell, error: this.report(error) });
  }

  /** A Stop, heard by the event loop; see `protocol/lines.ts`. */
  interrupt(upTo: number): void {
    this.stop.request(upTo);
  }

  private runHere(): Run | undefined {
    return currentRun.getStore() ?? this.lastRun;
  }

  private cellOfTrace(error: unknown): string | undefined {
    if (!isInstance(error, Error)) return undefined;
    return this.traces.framesOf(error).find((frame) => frame.position?.cell)?.position?.cell;
  }

  private enqueue(params: Execute, { request, behind }: Origin): Promise<ExecuteResult> {
    const execution = this.queue.then(async () => {
      const waitedInVain = behind !== undefined && this.failed.has(behind);
      const result: ExecuteResult =
        waitedInVain || this.stop.isMeantFor(request)
          ? { status: "aborted", executionCount: 0, milliseconds: 0 }
          : await this.execute(params, request);
      const { stopOnError = true } = params;
      if (result.status !== "ok" && (result.status !== "error" || stopOnError)) this.failed.add(request);
      return result;
    });
    this.queue = execution.catch(() => {});
    return execution;
  }

  private async execute({ cell, code, title }: Execute, request: number): Promise<ExecuteResult> {
    const run = new Run(cell, title ?? `Cell ${this.executionCount + 1}`, request);
    const started = performance.now();
    this.sources.delete(cell); // The newest comes last.
    this.sources.set(cell, { title: run.title, source: code });
    this.lastRun = run;
    run.onLeftBehind(() => this.emit({ type: "stream", cell, name: "stderr", text: LEFT_BEHIND }));
    this.executionCount += 1;
    this.displays.forget(cell);
    this.stop.begin(run);
    this.emit({ type: "status", state: "busy", cell });
    try {
      const status = await this.outcome(run, code);
      return { status, executionCount: this.executionCount, milliseconds: performance.now() - started };
    } finally {
      this.stop.end();
      this.completeOutput(cell);
      this.emit({ type: "status", state: "idle", cell });
    }
  }

  /** Runs the cell to its end, which is one of three; an error is told where it happened. */
  private async outcome(run: Run, code: string): Promise<"ok" | "error" | "interrupted"> {
    try {
      const tell = (text: string): void =>
        this.emit({ type: "stream", cell: run.cell, name: "stderr", text });
      await currentRun.run(run, () => giveUpAfterStop(this.evaluate(run, code), run, tell));
    } catch (error) {
      if (!isInstance(error, Interrupt)) {
        // A Stop ends this wait, and the error is told all the same.
        await this.displays.settled(run).catch(() => this.displays.abandon());
        this.emit({ type: "error", cell: run.cell, error: this.report(error, run) });
        return run.interrupted ? "interrupted" : "error";
      }
      this.displays.abandon();
      return "interrupted";
    }
    return run.interrupted ? "interrupted" : "ok";
  }

  private async evaluate(run: Run, code: string): Promise<void> {
    const compiled = await this.evaluator.compile(run.cell, run.title, code);
    const outcome = await this.evaluator.run(compiled, run);
    if (outcome) this.displays.showResult(outcome.value);
    await this.displays.settled(run);
  }

  private showTable(data: unknown, columns: readonly string[] | undefined): boolean {
    const records = asRecords(data);
    if (records) this.displays.showBundle(tableBundle(records, columns));
    return records !== undefined;
  }

  private report(error: unknown, run?: Run): ErrorReport {
    // A stack is prepared when it is first read, and libraries put ways of their own in our place.
    this.traces.install();
    const source = run && this.sources.get(run.cell);
    // A syntax error of the cell itself has a place, but nothing that ran.
    if (isInstance(error, CodeError) && run && source && this.traces.framesOf(error).length === 0)
      return reportCodeError(error, run.cell, source.title, source.source);
    const { scope } = this.evaluator;
    return reportError(
      error,
      this.traces,
      ({ cell, file }) => {
        const known = cell === undefined ? undefined : this.sources.get(cell);
        return known ?? this.units.sourceOf(file);
      },
      (message, place, source) =>
        didYouMean(message, { ...place, source, scope, exporterOf: this.offered.exporterOf }),
    );
  }
}

/**
 * A stopped cell whose code neither ends nor fails (it swallowed the Stop, or cleans up for long) ends anyway. Cleanup
 * that leaves the event loop no turn is broken off by the listener, a moment later.
 */
async function giveUpAfterStop<T>(work: Promise<T>, run: Run, tell: (text: string) => void): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  let stoppedAt = Infinity;
  let hasGivenUp = false;
  const givenUp = new Promise<never>((_, reject) => {
    run.onStop(() => {
      stoppedAt = run.lastStop;
      timer = setTimeout(() => {
        hasGivenUp = true;
        reject(new Interrupt());
      }, CLEANUP_PATIENCE);
    });
  });
  try {
    return await Promise.race([work, givenUp]);
  } finally {
    clearTimeout(timer);
    // Slow cleanup that came to its own end is nothing to tell of.
    if (hasGivenUp || run.lastStop - stoppedAt > CLEANUP_PATIENCE)
      tell(
        hasGivenUp
          ? "[Stopped, but the cell's cleanup (finally) takes long and still goes on. Pressed twice, Stop ends it too.]\n"
          : "[Stopped. The cell's cleanup (finally) did not end and was broken off.]\n",
      );
  }
}
