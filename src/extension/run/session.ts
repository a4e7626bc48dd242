import * as vscode from "vscode";
import { KernelProcess } from "../../client/kernel";
import { type Event, type RequestName, type Requests, unreachable } from "../../protocol/messages";
import { asJsonObject } from "../file/exactJson";
import { toVscodeOutput } from "../file/serializer";
import { engineOf } from "./engine";
import { askForInput } from "./inputs";
import { kernelOptions } from "./kernelOptions";
import { OutputWriter } from "./outputWriter";
import { atRest, type Ending, type RunCommand, type RunEvent, type RunState, step } from "./runState";

type KernelEvent = Exclude<Event, { type: "reply" }>;

/** What people see of a kernel besides its outputs. */
export interface KernelFacts {
  readonly node?: string;
  readonly pid?: number;
  /** The engine of the last training that was shown. */
  readonly engine?: string;
}

/** One notebook's kernel and its runs: performs what the reducer commands, and tells it what happened. */
export class Session implements vscode.Disposable {
  private state: RunState = atRest;
  private kernel: KernelProcess | undefined;
  private ending: Promise<void> = Promise.resolve();
  private known: KernelFacts = {};
  private readonly queued = new Map<string, vscode.NotebookCellExecution>();
  private readonly started = new Map<string, vscode.NotebookCellExecution>();
  /** Open for a moment, to write to cells that have ended. */
  private readonly reopened = new Map<string, vscode.NotebookCellExecution>();
  private readonly writer: OutputWriter<vscode.NotebookCellOutput>;
  private readonly changed = new vscode.EventEmitter<void>();
  /** The state, or something that people are told of the kernel, is different now. */
  readonly onDidChange = this.changed.event;

  constructor(
    public notebook: vscode.NotebookDocument,
    private readonly controller: vscode.NotebookController,
    private readonly extensionFolder: string,
    private readonly log: vscode.LogOutputChannel,
  ) {
    this.writer = new OutputWriter({
      make: toVscodeOutput,
      open: (cell, work) => this.openCell(cell, work),
      now: () => performance.now(),
      after: (milliseconds, then) => setTimeout(then, milliseconds),
      hold: (wait) => (wait ? this.kernel?.pause() : this.kernel?.resume()),
    });
  }

  get run(): RunState {
    return this.state;
  }
  get facts(): KernelFacts {
    return this.known;
  }
  get isAlive(): boolean {
    return this.kernel?.isAlive ?? false;
  }

  execute(cells: readonly vscode.NotebookCell[]): void {
    this.tell({ type: "run", cells: cells.map(idOf) });
  }
  stop(): void {
    this.tell({ type: "stop" });
  }
  restart(): void {
    this.tell({ type: "restart" });
  }
  shutDown(): Promise<void> {
    this.tell({ type: "shutDown" });
    return this.ending;
  }
  removed(cell: vscode.NotebookCell): void {
    this.tell({ type: "cellRemoved", cell: idOf(cell) });
  }

  /** Asks the kernel; undefined where none runs. */
  request<K extends RequestName>(
    name: K,
    params: Requests[K]["params"],
  ): Promise<Requests[K]["result"]> | undefined {
    return this.kernel?.isAlive ? this.kernel.request(name, params) : undefined;
  }

  dispose(): void {
    this.tell({ type: "shutDown" });
    this.changed.dispose();
  }

  private tell(event: RunEvent): void {
    const [state, commands] = step(this.state, event);
    this.state = state;
    for (const command of commands) this.perform(command);
    this.changed.fire();
  }

  private perform(command: RunCommand): void {
    switch (command.type) {
      case "startKernel":
        return this.startKernel();
      case "endKernel":
        return this.endKernel();
      case "interrupt":
        return this.kernel?.interrupt();
      case "queueCell":
        return this.queue(command.cell);
      case "startCell":
        return this.start(command.cell, command.order);
      case "endCell":
        return void this.end(command.cell, command.ending, command.order);
      case "tellDeath":
        return this.tellDeath(command.text, command.cell);
      case "offerRestart":
        return void this.offerRestart(command.text);
      default:
        return unreachable(command);
    }
  }

  private tellDeath(text: string, cell: string | undefined): void {
    this.log.warn(text);
    this.known = {};
    if (cell === undefined) return;
    // The editor does not wrap an error's lines.
    const lines = text.replaceAll(/([.:]) (?=\S)/g, "$1\n");
    const error = { name: "KernelDied", message: text, text: lines, frames: [] };
    this.writer.take({ type: "error", cell, error });
  }

  private startKernel(): void {
    // The one before it must be gone: two kernels would write to the same checkpoints.
    this.ending = this.ending.then(() => {
      if (this.state.phase !== "starting" && this.state.phase !== "restarting") return;
      this.known = {};
      const options = kernelOptions(this.notebook, this.extensionFolder);
      this.log.info(`Starting a kernel for ${this.notebook.uri.fsPath} in ${options.folder}`);
      const kernel: KernelProcess = new KernelProcess(options, {
        onEvent: (event) => this.kernel === kernel && this.hear(event),
        onDeath: (death) => {
          if (this.kernel === kernel && !death.expected) this.tell({ type: "kernelDied", text: death.text });
        },
        onUnresponsive: () => this.kernel === kernel && this.tell({ type: "unresponsive" }),
      });
      this.kernel = kernel;
    });
  }

  private endKernel(): void {
    const kernel = this.kernel;
    this.kernel = undefined;
    this.known = {};
    if (kernel) this.ending = this.ending.then(() => kernel.shutdown());
  }

  private hear(event: KernelEvent): void {
    switch (event.type) {
      case "ready":
        this.known = { node: event.node, pid: event.pid };
        this.log.info(`Kernel ${event.pid} runs on Node ${event.node}`);
        return this.tell({ type: "kernelReady" });
      case "inputRequest":
        return void askForInput(event).then((value) =>
          this.request("inputReply", { input: event.input, ...(value === undefined ? {} : { value }) }),
        );
      case "display":
      case "update":
        this.note(engineOf(event.bundle));
        return this.writer.take(event);
      case "status":
      case "viewMessage":
        return;
      default:
        return this.writer.take(event);
    }
  }

  private note(engine: string | undefined): void {
    if (engine === undefined || engine === this.known.engine) return;
    this.known = { ...this.known, engine };
    this.changed.fire();
  }

  private queue(id: string): void {
    const cell = this.cellOf(id);
    if (!cell) return;
    this.closeAgain(id);
    this.queued.set(id, this.controller.createNotebookCellExecution(cell));
  }

  private start(id: string, order: number): void {
    const cell = this.cellOf(id);
    const execution = this.queued.get(id);
    const { kernel } = this;
    if (!cell || !execution || !kernel) {
      queueMicrotask(() => this.tell({ type: "cellEnded", cell: id, result: neverRan }));
      return;
    }
    this.queued.delete(id);
    this.started.set(id, execution);
    execution.executionOrder = order;
    execution.start(Date.now());
    this.writer.start(id, order);
    const stopOnError = !tagsOf(cell).includes("raises-exception");
    kernel
      .request("execute", { cell: id, code: cell.document.getText(), title: titleOf(cell), stopOnError })
      .then(
        (result) => {
          if (this.kernel !== kernel) return;
          const goesOn = result.status === "error" && !stopOnError;
          if (goesOn) void this.end(id, "failed", result.executionCount);
          this.tell({ type: "cellEnded", cell: id, result: goesOn ? { ...result, status: "ok" } : result });
        },
        // The kernel died: `onDeath` says so.
        (error: unknown) => this.log.debug(String(error)),
      );
  }

  private async end(id: string, ending: Ending, order?: number): Promise<void> {
    const waited = this.queued.get(id);
    this.queued.delete(id);
    // A cell that never ran keeps no mark; its kernel may have died while it waited.
    if (waited && ending !== "failed") return waited.end(undefined);
    if (waited) {
      waited.start(Date.now());
      this.started.set(id, waited);
    }
    const execution = this.started.get(id);
    if (!execution) return;
    const now = Date.now();
    // What the cell showed until now, and why it ended, is told before it is closed.
    await this.writer.finish(id);
    if (this.started.get(id) !== execution) return; // It was ended meanwhile.
    this.started.delete(id);
    if (order !== undefined) execution.executionOrder = order;
    execution.end(ending === "ok", now);
  }

  /** Lends a cell's execution to the writer; one that has ended is opened again, with its times as they were. */
  private async openCell(
    id: string,
    work: (execution: vscode.NotebookCellExecution) => Promise<void>,
  ): Promise<void> {
    const running = this.started.get(id);
    if (running) return work(running);
    const cell = this.cellOf(id);
    if (!cell || this.queued.has(id)) return;
    const { executionOrder, success, timing } = cell.executionSummary ?? {};
    const execution = this.controller.createNotebookCellExecution(cell);
    this.reopened.set(id, execution);
    execution.executionOrder = executionOrder;
    execution.start(timing?.startTime);
    try {
      await work(execution);
    } finally {
      if (this.reopened.delete(id)) execution.end(success, timing?.endTime);
    }
  }

  /** A cell that runs again takes its execution from the writer. */
  private closeAgain(id: string): void {
    for (const open of [this.reopened, this.started]) {
      const execution = open.get(id);
      if (open.delete(id)) execution?.end(undefined);
    }
  }

  private cellOf(id: string): vscode.NotebookCell | undefined {
    return this.notebook.getCells().find((cell) => idOf(cell) === id);
  }

  private async offerRestart(text: string): Promise<void> {
    const restart = "Restart Kernel";
    const runAll = "Restart and Run All";
    const choice = await vscode.window.showErrorMessage(text, restart, runAll);
    if (choice === undefined) return;
    this.restart();
    if (choice === runAll) this.execute(runnable(this.notebook));
  }
}

/** A cell's name between the editor and the kernel: stays when the cell moves. */
export const idOf = (cell: vscode.NotebookCell): string => cell.document.uri.toString();

export const titleOf = (cell: vscode.NotebookCell): string => `Cell ${cell.index + 1}`;

/** The cells that "Run All" runs. */
export const runnable = (notebook: vscode.NotebookDocument): vscode.NotebookCell[] =>
  notebook
    .getCells()
    .filter(
      (cell) =>
        cell.kind === vscode.NotebookCellKind.Code &&
        cell.document.languageId === "typescript" &&
        !tagsOf(cell).includes("skip-execution"),
    );

const tagsOf = (cell: vscode.NotebookCell): readonly unknown[] => {
  const { tags } = asJsonObject(cell.metadata.metadata);
  return Array.isArray(tags) ? tags : [];
};

const neverRan = { status: "aborted", executionCount: 0, milliseconds: 0 } as const;
