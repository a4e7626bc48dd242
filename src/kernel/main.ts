import type { EventEmitter } from "node:events";
import path from "node:path";
import { Worker } from "node:worker_threads";
import { parseRequest, type Request, type RequestName, type RequestOf } from "../protocol/messages";
import { Stop } from "./cells/stop";
import { Kernel } from "./kernel";
import { hideTracking } from "./output/tracking";
import { openEvents } from "./transport";

/** The kernel process: forked by a front end, which gives it its lines (`protocol/lines.ts`) and the notebook's folder. */
function start(): void {
  const emit = openEvents();
  const stop = new Stop();
  const listener = new Worker(path.join(__dirname, "listener.cjs"), {
    workerData: stop.words.buffer,
    stdin: false,
  });
  listener.unref();

  hideTracking();
  const kernel = new Kernel(process.cwd(), stop, emit, __dirname);
  listener.on("message", (upTo: number) => kernel.interrupt(upTo));
  // Signals reach the cell through the stop line alone; a terminal's Ctrl-C is the front end's to act on.
  process.on("SIGINT", () => {});
  listenForGood({
    uncaughtException: (error) => kernel.strayError(error),
    unhandledRejection: (reason) => kernel.strayError(reason),
    disconnect: () => process.exit(0),
    message: (message) => void receive(message),
  });
  // Code of cells is not this process's front end.
  Reflect.deleteProperty(process, "send");

  async function receive(message: unknown): Promise<void> {
    let request: Request;
    try {
      request = parseRequest(message);
    } catch (error) {
      return refuse(message, error instanceof Error ? error.message : String(error));
    }
    try {
      const result = await answer(kernel, request);
      emit({ type: "reply", request: request.request, result });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      emit({ type: "reply", request: request.request, result: undefined, error: reason });
    }
    if (request.name === "shutdown") process.exit(0);
  }

  /** Also what is not of the protocol is answered, if it says whom. */
  function refuse(message: unknown, reason: string): void {
    const number =
      typeof message === "object" && message !== null && "request" in message ? message.request : undefined;
    if (typeof number === "number")
      emit({ type: "reply", request: number, result: undefined, error: reason });
    else process.stderr.write(`${reason}\n`);
  }

  emit({ type: "ready", node: process.version, pid: process.pid });
}

/** Cells and packages may remove all listeners of the process; without these, the kernel would die or go deaf. */
function listenForGood(listeners: Readonly<Record<string, (argument: unknown) => void>>): void {
  const events: EventEmitter = process;
  const listen = (): void => {
    for (const [event, listener] of [...Object.entries(listeners), ["removeListener", again] as const])
      if (!events.listeners(event).includes(listener)) events.on(event, listener);
  };
  // At once, and when all are removed after each one was: then also this is gone.
  const again = (_: string | symbol, removed: unknown): void => {
    if (!Object.values(listeners).some((listener) => listener === removed)) return;
    listen();
    process.nextTick(listen);
  };
  listen();
}

const answer = <K extends RequestName>({ handlers }: Kernel, request: RequestOf<K>): unknown =>
  handlers[request.name](request.params, request);

start();
