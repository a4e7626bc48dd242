import { type ChildProcess, fork } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import type { Readable, Writable } from "node:stream";
import { BACKGROUND, descriptors, writeStop } from "../protocol/lines";
import { type Event, type RequestName, type Requests, requests } from "../protocol/messages";
import { type Death, describeDeath } from "./death";
import { FrameReader } from "./frames";
import { withoutNotices } from "./nativeNotices";
import { OutputLimit } from "./outputLimit";
import { Sequencer } from "./sequencer";

export interface KernelOptions {
  /** The kernel's bundle, `dist/kernel.cjs`. */
  readonly entry: string;
  /** The notebook's folder: where its imports and its files are. */
  readonly folder: string;
  readonly env?: NodeJS.ProcessEnv;
  /** For the engine: `--max-old-space-size=...`. */
  readonly execArgv?: readonly string[];
  readonly outputLimit?: OutputLimit;
}

export interface KernelListener {
  /** In the order in which things happened in the kernel. Replies are not among them. */
  onEvent(event: Exclude<Event, { type: "reply" }>): void;
  onDeath(death: Death): void;
  /** A Stop had no effect in time: native code blocks the kernel. Only a restart helps. */
  onUnresponsive?(): void;
}

/** The kernel ended before it answered. */
export class KernelDied extends Error {
  override readonly name = "KernelDied";
  constructor(readonly death: Death) {
    super(death.text);
  }
}

const UNRESPONSIVE_AFTER = 4_000;
const LAST_WORDS = 4_000;
/** How long to wait for pipes that a child process of the kernel may still hold open. */
const DRAIN_PATIENCE = 300;

interface Waiting {
  readonly name: RequestName;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** The front end's end of a kernel process: requests out, events in, and word of how it died. */
export class KernelProcess {
  private readonly child: ChildProcess;
  private readonly waiting = new Map<number, Waiting>();
  private readonly sequencer: Sequencer;
  private readonly limit: OutputLimit;
  private counter = 0;
  private runningCell = "";
  private expected = false;
  private lastWords = "";
  private unintelligible: string | undefined;
  private death: Death | undefined;
  private stuckTimer: NodeJS.Timeout | undefined;
  private resolveReady: () => void = () => {};
  private rejectReady: (error: Error) => void = () => {};
  /** Resolves when the kernel takes requests; rejects if it dies before. */
  readonly ready: Promise<void>;

  constructor(
    options: KernelOptions,
    private readonly listener: KernelListener,
  ) {
    this.limit = options.outputLimit ?? new OutputLimit();
    this.ready = new Promise((resolve, reject) => {
      this.resolveReady = resolve;
      this.rejectReady = reject;
    });
    this.ready.catch(() => {}); // Who cares awaits it; who does not hears of the death.

    if (!existsSync(options.folder))
      throw new Error(
        `its folder is not there any more: ${options.folder}. Save the notebook in another one`,
      );
    this.child = fork(options.entry, [], {
      cwd: options.folder,
      env: options.env ?? process.env,
      execArgv: [...(options.execArgv ?? [])],
      serialization: "advanced",
      // A terminal's Ctrl-C goes to the front end alone, which then asks the kernel to stop.
      detached: process.platform !== "win32",
      stdio: ["ignore", "pipe", "pipe", "ipc", "pipe", "pipe"],
    });
    this.sequencer = new Sequencer(
      (event) => this.handle(event),
      (name, text) => this.native(name, text),
    );
    this.listen();
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  get isAlive(): boolean {
    return this.death === undefined;
  }

  /** Resolves with the answer; rejects with `KernelDied` or with the kernel's reason. */
  request<K extends RequestName>(name: K, params: Requests[K]["params"]): Promise<Requests[K]["result"]> {
    return new Promise((resolve, reject) => {
      if (this.death) return reject(new KernelDied(this.death));
      const request = ++this.counter;
      const behind = this.executions().at(-1);
      this.waiting.set(request, {
        name,
        resolve: (result) => resolve(result as Requests[K]["result"]),
        reject,
      });
      this.child.send({ request, behind, name, params }, (error) => {
        // A broken channel means a dying kernel: its requests are answered when the cause of death is known.
        if (error && !isBrokenChannel(error)) reject(error);
      });
    });
  }

  /** Stop: works while the kernel is busy; the running cell ends as interrupted and those that wait do not run. */
  interrupt(): void {
    this.resume();
    const asked = this.executions();
    this.line().write(writeStop(asked.at(-1) ?? BACKGROUND));
    clearTimeout(this.stuckTimer);
    if (asked.length === 0) return;
    this.stuckTimer = setTimeout(() => {
      if (this.executions().some((one) => asked.includes(one))) this.listener.onUnresponsive?.();
    }, UNRESPONSIVE_AFTER);
  }

  /** The cells that were asked for and have not ended, by request, in order. */
  private executions(): readonly number[] {
    return [...this.waiting].flatMap(([request, { name }]) => (name === "execute" ? [request] : []));
  }

  /** Asks the kernel to end, and kills it if it does not. Resolves when it is gone. */
  async shutdown(patience = 1_000): Promise<void> {
    this.expected = true;
    if (this.death) return;
    this.request("shutdown", undefined).catch(() => {});
    const timer = setTimeout(() => this.kill(), patience);
    await this.gone();
    clearTimeout(timer);
  }

  kill(): void {
    this.expected = true;
    this.child.kill("SIGKILL");
  }

  /** Resolves when the process has ended and all that it said was heard. */
  gone(): Promise<void> {
    if (this.death) return Promise.resolve();
    return new Promise((resolve) => this.deathListeners.push(resolve));
  }
  private readonly deathListeners: (() => void)[] = [];

  /** Stops reading what the kernel prints: it waits until `resume`. */
  pause(): void {
    for (const stream of this.readables()) stream.pause();
  }

  resume(): void {
    for (const stream of this.readables()) stream.resume();
  }

  private readables(): readonly Readable[] {
    return [descriptors.stdout, descriptors.stderr, descriptors.events].map(
      (fd) => this.stdio[fd] as Readable,
    );
  }

  private line(): Writable {
    return this.stdio[descriptors.stopLine] as Writable;
  }

  /** Node's type knows five streams at most; we asked for six. */
  private get stdio(): readonly unknown[] {
    return this.child.stdio;
  }

  private listen(): void {
    const frames = new FrameReader((event) => this.sequencer.event(event));
    const [stdout, stderr, events] = this.readables();
    stdout?.on("data", (bytes: Buffer) => this.sequencer.native("stdout", bytes));
    stderr?.on("data", (bytes: Buffer) => this.sequencer.native("stderr", bytes));
    events?.on("data", (bytes: Buffer) => this.read(frames, bytes));
    stdout?.on("end", () => this.sequencer.end("stdout"));
    stderr?.on("end", () => this.sequencer.end("stderr"));
    // A kernel that dies breaks its lines; its death says why.
    for (const stream of [...this.readables(), this.line()]) stream.on("error", () => {});
    this.child.on("error", (error) => this.die(describeDeath(null, null, "", false), error));
    this.child.on("exit", (code, signal) => {
      const end = (): void => {
        clearTimeout(timer);
        this.sequencer.end("stdout");
        this.sequencer.end("stderr");
        this.die(describeDeath(code, signal, this.lastWords, this.expected));
      };
      const timer = setTimeout(end, DRAIN_PATIENCE);
      this.child.once("close", end);
    });
  }

  private read(frames: FrameReader, bytes: Buffer): void {
    try {
      frames.write(bytes);
    } catch (error) {
      // Bytes that are no events: no use in going on, and what follows cannot be told apart.
      this.unintelligible = error instanceof Error ? error.message : String(error);
      this.child.kill("SIGKILL");
    }
  }

  private handle(event: Event): void {
    switch (event.type) {
      case "ready":
        this.resolveReady();
        break;
      case "status":
        if (event.state === "busy") {
          this.runningCell = event.cell ?? "";
          this.limit.restart(this.runningCell);
        }
        break;
      case "reply":
        this.reply(event.request, event.result, event.error);
        return;
      case "stream": {
        const text = this.limit.pass(event.cell, event.text);
        if (text) this.tell({ ...event, text });
        return;
      }
      default:
        break;
    }
    this.tell(event);
  }

  /** A fault of the one who listens is theirs, and no fault in what the kernel sent. */
  private tell(event: Exclude<Event, { type: "reply" }>): void {
    try {
      this.listener.onEvent(event);
    } catch (error) {
      queueMicrotask(() => {
        throw error;
      });
    }
  }

  private native(name: "stdout" | "stderr", text: string): void {
    if (name === "stderr") this.lastWords = (this.lastWords + text).slice(-LAST_WORDS);
    const shown = name === "stderr" ? withoutNotices(text) : text;
    if (shown !== "") this.handle({ type: "stream", cell: this.runningCell, name, text: shown });
  }

  private reply(request: number, result: unknown, error: string | undefined): void {
    const waiting = this.waiting.get(request);
    this.waiting.delete(request);
    if (!waiting) return;
    if (error !== undefined) return waiting.reject(new Error(error));
    try {
      waiting.resolve(requests[waiting.name].result(result, `${waiting.name}.result`));
    } catch (mismatch) {
      waiting.reject(mismatch instanceof Error ? mismatch : new Error(String(mismatch)));
    }
  }

  private die(death: Death, cause?: Error): void {
    if (this.death) return;
    const text = cause
      ? `The kernel could not be started: ${cause.message}`
      : this.unintelligible === undefined
        ? death.text
        : `The kernel was ended: it said what this front end does not understand (${this.unintelligible}).`;
    this.death = { ...death, text };
    clearTimeout(this.stuckTimer);
    const error = new KernelDied(this.death);
    this.rejectReady(error);
    for (const { reject } of this.waiting.values()) reject(error);
    this.waiting.clear();
    for (const stream of [...this.readables(), this.line()]) stream.destroy();
    this.listener.onDeath(this.death);
    for (const listener of this.deathListeners) listener();
  }
}

const isBrokenChannel = (error: Error): boolean =>
  "code" in error &&
  (error.code === "EPIPE" || error.code === "ERR_IPC_CHANNEL_CLOSED" || error.code === "ECONNRESET");

/** Where a front end's bundle finds the kernel's: beside it. */
export const kernelEntry = (folder: string): string => path.join(folder, "kernel.cjs");
