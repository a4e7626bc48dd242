import { StringDecoder } from "node:string_decoder";
import { Writable } from "node:stream";
import { Console } from "node:console";
import type { Emit } from "../emit";

/** The cell that the executing code belongs to. */
export type CellOf = () => string;

type StreamName = "stdout" | "stderr";

/**
 * `process.stdout` and `process.stderr` of cells. Writes are synchronous: they are on their way, in order, when `write`
 * returns, and a front end that reads slowly makes the writer wait.
 */
class CellStream extends Writable {
  private readonly decoders = new Map<string, StringDecoder>();

  constructor(
    private readonly name: StreamName,
    private readonly cellOf: CellOf,
    private readonly send: Emit,
    readonly fd: number,
  ) {
    super({ decodeStrings: false });
  }

  override write(chunk: unknown, encoding?: unknown, callback?: unknown): boolean {
    const done = typeof encoding === "function" ? encoding : callback;
    const cell = this.cellOf();
    const text =
      typeof chunk === "string" && !isBinary(encoding) ? chunk : this.decode(cell, chunk, encoding);
    if (text) this.send({ type: "stream", cell, name: this.name, text });
    if (typeof done === "function") process.nextTick(done);
    return true;
  }

  /** Bytes may end in the middle of a character; the rest comes with the cell's next write. */
  private decode(cell: string, chunk: unknown, encoding: unknown): string {
    const decoder = this.decoders.get(cell) ?? new StringDecoder("utf8");
    this.decoders.set(cell, decoder);
    if (typeof chunk === "string") return decoder.write(Buffer.from(chunk, encoding as BufferEncoding));
    if (chunk instanceof Uint8Array)
      return decoder.write(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
    throw new TypeError(`The "chunk" argument must be a string or bytes, not ${typeof chunk}.`);
  }

  /** As with a process's real streams, this closes nothing; whoever waits for the end is told. */
  override end(chunk?: unknown, encoding?: unknown, callback?: unknown): this {
    const done = [chunk, encoding, callback].find((one) => typeof one === "function");
    if (typeof chunk === "string" || chunk instanceof Uint8Array) this.write(chunk, encoding);
    process.nextTick(() => {
      this.emit("finish");
      this.emit("close");
      if (typeof done === "function") Reflect.apply(done, this, []);
    });
    return this;
  }
}

const isBinary = (encoding: unknown): boolean => typeof encoding === "string" && !/^utf-?8$/i.test(encoding);

/** Takes the place of the process's own streams, so that all that JavaScript prints finds its cell. */
export function redirectStreams(
  cellOf: CellOf,
  emit: Emit,
  showTable: (data: unknown, columns?: readonly string[]) => boolean,
): void {
  const stdout = new CellStream("stdout", cellOf, emit, 1);
  const stderr = new CellStream("stderr", cellOf, emit, 2);
  for (const [name, stream] of [
    ["stdout", stdout],
    ["stderr", stderr],
  ] as const)
    Object.defineProperty(process, name, {
      value: stream,
      configurable: true,
      enumerable: true,
      writable: true,
    });
  const console = new Console({ stdout, stderr });
  const printTable = console.table.bind(console);
  console.table = (data: unknown, columns?: readonly string[]) => {
    if (!showTable(data, columns)) printTable(data, columns);
  };
  // The global object's methods stay the ones that packages may have taken hold of.
  for (const [key, method] of Object.entries(console)) Reflect.set(globalThis.console, key, method);
}
