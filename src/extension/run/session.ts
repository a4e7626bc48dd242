import * as vscode from "vscode";
import { type KernelOptions, KernelProcess } from "../../client/kernel";
import { type Event, type RequestName, type Requests, unreachable } from "../../protocol/messages";
import { textOf } from "../file/editorOutput";
import { workingFolderOf } from "../file/folderOf";
import { toVscodeOutput } from "../file/serializer";
import { CellNames } from "./cellNames";
import { folderInCell, type SavedTraining, savedTraining } from "./checkpoints";
import { runnable, tagsOf, titleOf } from "./cells";
import { cutOff } from "./cutOff";
import { engineOf } from "./engine";
import { Executions } from "./executions";
import type { Figures } from "./figures";
import { askForInput } from "./inputs";
import { kernelOptions } from "./kernelOptions";
import { isTraining } from "./trainingFigure";
import { OutputWriter } from "./outputWriter";
import { offerRestart } from "./restartOffer";
import { cellsToResume } from "./resume";
import { atRest, type RunCommand, type RunEvent, type RunState, step } from "./runState";

type KernelEvent = Exclude<Event, { type: "reply" }>;

/** What people see of a kernel besides its outputs. */
export interface KernelFacts {
  readonly node?: string;
  readonly pid?: number;
  /** The engine of the last training that was shown. */
  readonly engine?: string;
}

/** What a session has from the extension around it. */
export interface SessionContext {
  readonly extensionFolder: string;
  readonly log: vscode.LogOutputChannel;
  readonly figures: Figures;
}

/** One notebook's kernel and its runs: performs what the reducer commands, and tells it what happened. */
export class Session implements vscode.Disposable {
  private state: RunState = atRest;
  private kernel: KernelProcess | undefined;
  private options: KernelOptions | undefined;
  private ending: Promise<void> = Promise.resolve();
  private starts = 0;
  private isDisposed = false;
  private known: KernelFacts = {};
  /** Where the kernel's trainings left checkpoints, as it told; known also when it has died. */
  private readonly checkpointFolders = new Set<string>();
  /** The figures of trainings that go on, and their cells. */
  private readonly trainings = new Map<string, string>();
  /** The questions on the screen, by the cell that asks. */
  private readonly asking = new Map<string, vscode.CancellationTokenSource>();
  private readonly names = new CellNames();
  private readonly executions: Executions;
  private readonly writer: OutputWriter<vscode.NotebookCellOutput>;
  private readonly changed = new vscode.EventEmitter<void>();
  /** The state, or something that people are told of the kernel, is different now. */
  readonly onDidChange = this.changed.event;

  constructor(
    private document: vscode.NotebookDocument,
    controller: vscode.NotebookController,
    private readonly context: SessionContext,
  ) {
    const cellOf = (name: string): vscode.NotebookCell | undefined => this.cellOf(name);
    this.executions = new Executions(controller, cellOf, context.log);
    this.writer = new OutputWriter({
      make: toVscodeOutput,
      open: (cell, work) => this.executions.write(cell, work),
      isRunning: (cell) => this.executions.isOpen(cell),
      isWaiting: (cell) => this.executions.isWaiting(cell),
      redraw: (display, bundle) => context.figures.redraw(this.document, display, bundle),
      uriOf: (cell) => this.cellOf(cell)?.document.uri.toString(),
      now: () => performance.now(),
      after: (milliseconds, then) => setTimeout(then, milliseconds),
      hold: (wait) => (wait ? this.kernel?.pause() : this.kernel?.resume()),
    });
  }

  get notebook(): vscode.NotebookDocument {
    return this.document;
  }
  get run(): RunState {
    return this.state;
  }
  get facts(): KernelFacts {
    return this.known;
  }
  /** What would be lost with the kernel now: also a training that its cell did not wait for. */
  get work(): "a cell runs" | "a training goes on" | undefined {
    if (!this.isAlive) return undefined;
    if (this.state.running !== undefined) return "a cell runs";
    return this.trainings.size > 0 ? "a training goes on" : undefined;
  }
  get isAlive(): boolean {
    return this.kernel?.isAlive ?? false;
  }

  /** Resolves when the editor knows what runs and what waits. */
  execute(cells: readonly vscode.NotebookCell[]): Promise<void> {
    this.tell({ type: "run", cells: cells.map((cell) => this.names.give(cell)) });
    return this.executions.told();
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
    this.tell({ type: "cellRemoved", cell: this.names.of(cell) });
    this.names.release(cell);
  }

  /** The cell shows nothing any more. */
  emptied(cell: vscode.NotebookCell): void {
    this.writer.emptied(this.names.of(cell));
  }

  /** Whether a Stop ended the cell's last run. */
  wasStopped(cell: vscode.NotebookCell): boolean {
    return this.executions.wasStopped(this.names.of(cell));
  }

  /** Whether `wasStopped` of any cell. */
  get hasStopped(): boolean {
    return this.executions.hasStopped;
  }

  /** Changes whenever `wasStopped` does for some cell. */
  get stoppedVersion(): number {
    return this.executions.stoppedVersion;
  }

  /** Before the document is saved: resolves when it has everything that the screen shows. */
  async settle(): Promise<void> {
    await this.writer.settle();
    this.executions.settle();
  }

  /** The document is closed and the kernel is kept: what it shows waits for the next document. */
  detach(): void {
    this.executions.detach();
    this.writer.detach(this.state.running, (cell) => this.cellOf(cell)?.outputs.map(textOf) ?? []);
  }

  /** Goes on in another document of the same cells: the file was opened again, renamed or saved under another name. */
  attach(notebook: vscode.NotebookDocument): void {
    this.context.log.info(`The kernel of ${this.document.uri.fsPath} goes on for ${notebook.uri.fsPath}`);
    this.document = notebook;
    this.names.forget();
    this.executions.attach(this.state.running, this.state.queue);
    this.writer.attach();
    this.changed.fire();
    if (this.isAlive && this.options) tellOldFolder(notebook, this.options.folder);
  }

  /** Asks the kernel; undefined where none runs. */
  request<K extends RequestName>(
    name: K,
    params: Requests[K]["params"],
  ): Promise<Requests[K]["result"]> | undefined {
    return this.kernel?.isAlive ? this.kernel.request(name, params) : undefined;
  }

  dispose(): void {
    this.isDisposed = true;
    this.tell({ type: "shutDown" });
    this.changed.dispose();
  }

  private tell(event: RunEvent): void {
    // A question may be answered when its notebook is closed: nobody would end what starts then.
    if (this.isDisposed && event.type !== "shutDown") return;
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
        return this.executions.queue(command.cell);
      case "startCell":
        return this.start(command.cell, command.order);
      case "endCell":
        this.askNoMore(command.cell);
        return this.executions.end(command.cell, command.ending, command.order, (execution) =>
          this.writer.finish(command.cell, execution),
        );
      case "tellDeath":
        return this.tellDeath(command.text, command.cell);
      case "offerRestart":
        return void this.offerRestart(command);
      default:
        return unreachable(command);
    }
  }

  private tellDeath(text: string, cell: string | undefined): void {
    this.context.log.warn(text);
    this.known = {};
    this.writer.ended(cutOff);
    if (cell === undefined) return;
    // The editor does not wrap an error's lines.
    const lines = text.replaceAll(/([.:]) (?=\S)/g, "$1\n");
    const error = { name: "KernelDied", message: text, text: lines, frames: [] };
    this.writer.take({ type: "error", cell, error });
  }

  private startKernel(): void {
    const start = (this.starts += 1);
    // The one before it must be gone: two kernels would write to the same checkpoints.
    this.ending = this.ending.then(() => {
      // Restarted once more, or shut down, while the one before it was ending.
      if (start !== this.starts) return;
      if (this.state.phase !== "starting" && this.state.phase !== "restarting") return;
      try {
        this.fork();
      } catch (error) {
        this.tell({ type: "kernelDied", text: `The kernel could not be started: ${String(error)}` });
      }
    });
  }

  private fork(): void {
    const { extensionFolder, log } = this.context;
    this.known = {};
    const options = kernelOptions(this.document, extensionFolder);
    this.options = options;
    this.checkpointFolders.clear();
    this.trainings.clear();
    log.info(`Starting a kernel for ${this.document.uri.fsPath} in ${options.folder}`);
    const kernel: KernelProcess = new KernelProcess(options, {
      onEvent: (event) => this.kernel === kernel && this.hear(event),
      onDeath: (death) => {
        if (this.kernel === kernel && !death.expected) this.tell({ type: "kernelDied", text: death.text });
      },
      onUnresponsive: () => this.kernel === kernel && this.tell({ type: "unresponsive" }),
    });
    this.kernel = kernel;
  }

  private endKernel(): void {
    const kernel = this.kernel;
    this.kernel = undefined;
    this.known = {};
    for (const cell of this.asking.keys()) this.askNoMore(cell);
    this.writer.ended(cutOff);
    if (kernel) this.ending = this.ending.then(() => kernel.shutdown());
  }

  private hear(event: KernelEvent): void {
    switch (event.type) {
      case "ready":
        this.known = { node: event.node, pid: event.pid };
        this.context.log.info(`Kernel ${event.pid} runs on Node ${event.node}`);
        return this.tell({ type: "kernelReady" });
      case "inputRequest":
        return void this.answerInput(event);
      case "display":
      case "update":
        this.note(engineOf(event.bundle));
        this.noteTraining(event);
        return this.writer.take(event);
      case "checkpoint":
        return void this.checkpointFolders.add(event.folder);
      case "status":
      case "viewMessage":
        return;
      default:
        return this.writer.take(event);
    }
  }

  private async answerInput(event: Extract<KernelEvent, { type: "inputRequest" }>): Promise<void> {
    const { kernel } = this;
    this.askNoMore(event.cell);
    const asked = new vscode.CancellationTokenSource();
    this.asking.set(event.cell, asked);
    const value = await askForInput(event, asked.token);
    asked.dispose();
    if (this.asking.get(event.cell) === asked) this.asking.delete(event.cell);
    const reply = { input: event.input, ...(value === undefined ? {} : { value }) };
    // The kernel that asked may be gone by now, and another one has questions of its own.
    if (this.kernel === kernel)
      await this.request("inputReply", reply)?.catch((error: unknown) =>
        this.context.log.debug(String(error)),
      );
  }

  /** Takes a cell's question off the screen: the cell has ended, and nobody would hear the answer. */
  private askNoMore(cell: string): void {
    this.asking.get(cell)?.cancel();
    this.asking.delete(cell);
  }

  private note(engine: string | undefined): void {
    if (engine === undefined || engine === this.known.engine) return;
    this.known = { ...this.known, engine };
    this.changed.fire();
  }

  private noteTraining(event: Extract<KernelEvent, { type: "display" | "update" }>): void {
    const { display, bundle } = event;
    if (display === undefined) return;
    const had = this.trainings.size;
    if (!isTraining(bundle)) this.trainings.delete(display);
    else if (event.type === "display") this.trainings.set(display, event.cell ?? "");
    if (had !== this.trainings.size) this.changed.fire();
  }

  private start(name: string, order: number): void {
    const cell = this.cellOf(name);
    const { kernel } = this;
    if (!cell || !kernel || !this.executions.start(name, order)) {
      queueMicrotask(() => this.tell({ type: "cellEnded", cell: name, result: neverRan }));
      return;
    }
    this.writer.start(name, order);
    // What it showed before is followed no further.
    for (const [display, of] of this.trainings) if (of === name) this.trainings.delete(display);
    const stopOnError = !tagsOf(cell).includes("raises-exception");
    kernel
      .request("execute", { cell: name, code: cell.document.getText(), title: titleOf(cell), stopOnError })
      .then(
        (result) => {
          if (this.kernel !== kernel) return;
          const mayFail = result.status === "error" && !stopOnError;
          if (mayFail)
            this.perform({ type: "endCell", cell: name, ending: "failed", order: result.executionCount });
          this.tell({
            type: "cellEnded",
            cell: name,
            result: mayFail ? { ...result, status: "ok" } : result,
          });
        },
        // The kernel died: `onDeath` says so. Or it refused the request: the cell is over all the same.
        (error: unknown) => {
          this.context.log.debug(String(error));
          if (this.kernel === kernel && kernel.isAlive)
            this.tell({ type: "cellEnded", cell: name, result: neverRan });
        },
      );
  }

  private cellOf(name: string): vscode.NotebookCell | undefined {
    return this.document.getCells().find((cell) => this.names.of(cell) === name);
  }

  /** What the kernel that just died was training. */
  private async savedTraining(): Promise<SavedTraining | undefined> {
    const pid = this.kernel?.pid;
    return pid === undefined ? undefined : savedTraining([...this.checkpointFolders], pid);
  }

  private async offerRestart(command: Extract<RunCommand, { type: "offerRestart" }>): Promise<void> {
    const cell = command.because === "death" && command.cell !== undefined ? command.cell : undefined;
    const { starts, state } = this;
    const training = cell === undefined ? undefined : await this.savedTraining();
    const choice = await offerRestart(command.text, training);
    const cutOff = cell === undefined ? undefined : this.cellOf(cell);
    if (choice === undefined) return;
    // The offer stays on the screen: what it is about may be long over.
    const hasStopped = command.because === "unresponsive" && this.state.running !== state.running;
    if (this.isDisposed || this.starts !== starts || hasStopped) return void tellOver();
    this.restart();
    if (choice === "runAll") void this.execute(runnable(this.document));
    if (choice === "resume" && cutOff && training && this.options) {
      const { folder, env = {} } = this.options;
      const named = await folderInCell(training.folder, folder, env);
      const cells = await cellsToResume(this.document, cutOff, named);
      void this.execute(cells);
      reveal(cells.at(-1));
    }
  }
}

/** A kernel that runs cannot be moved: who imports a file beside the notebook would wonder. */
function tellOldFolder(notebook: vscode.NotebookDocument, folder: string): void {
  if (workingFolderOf(notebook) === folder) return;
  const name = notebook.uri.path.split("/").at(-1) ?? "The notebook";
  void vscode.window.showInformationMessage(
    `${name} is in another folder now. Its kernel goes on in ${folder}, where it looks for files and keeps checkpoints, until it is restarted.`,
  );
}

const tellOver = (): Thenable<unknown> =>
  vscode.window.showInformationMessage(
    "Nothing was restarted: that notice was about a cell or a kernel that has ended since. To restart the kernel of an open notebook, use the command Restart Kernel.",
  );

/** Scrolls to the cell where its notebook is on the screen. */
function reveal(cell: vscode.NotebookCell | undefined): void {
  if (!cell) return;
  for (const editor of vscode.window.visibleNotebookEditors) {
    if (editor.notebook === cell.notebook)
      editor.revealRange(
        new vscode.NotebookRange(cell.index, cell.index + 1),
        vscode.NotebookEditorRevealType.AtTop,
      );
  }
}

const neverRan = { status: "aborted", executionCount: 0, milliseconds: 0 } as const;
