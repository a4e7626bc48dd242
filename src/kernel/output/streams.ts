import { StringDecoder } from "node:string_decoder";
import { Writable } from "node:stream";
import { Console } from "node:console";
import type { Emit } from "../emit";

/** The cell that the executing code belongs to. */
export type CellOf = () => string;

type StreamName = "stdout" | "stderr";

/** Characters of one event: few enough that a front end can show something, and a Stop can come in between. */
const PIECE = 250_000;

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
    private readonly between: () => void,
    readonly fd: number,
  ) {
    super({ decodeStrings: false });
  }

  override write(chunk: unknown, encoding?: unknown, callback?: unknown): boolean {
    const done = typeof encoding === "function" ? encoding : callback;
    const cell = this.cellOf();
    if (typeof chunk === "string" && !isBinary(encoding)) {
      this.complete(cell);
      this.print(cell, chunk);
    } else this.decode(cell, bytesOf(chunk, encoding));
    if (typeof done === "function") process.nextTick(done);
    return true;
  }

  /** A character that the cell began and did not end is shown as what it is: a piece of one. */
  complete(cell: string): void {
    const decoder = this.decoders.get(cell);
    if (!decoder) return;
    this.decoders.delete(cell);
    this.print(cell, decoder.end());
  }

  completeAll(): void {
    for (const cell of [...this.decoders.keys()]) this.complete(cell);
  }

  /** Bytes may end in the middle of a character; the rest comes with the cell's next write. */
  private decode(cell: string, bytes: Buffer): void {
    const decoder = this.decoders.get(cell) ?? new StringDecoder("utf8");
    this.decoders.set(cell, decoder);
    for (let at = 0; at < bytes.length; at += PIECE) {
      if (at > 0) this.between();
      this.print(cell, decoder.write(bytes.subarray(at, at + PIECE)));
    }
  }

  private print(cell: string, text: string): void {
    for (let at = 0; at < text.length;) {
      if (at > 0) this.between();
      const end = wholeCharacters(text, at + PIECE);
      this.send({ type: "stream", cell, name: this.name, text: text.slice(at, end) });
      at = end;
    }
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

function bytesOf(chunk: unknown, encoding: unknown): Buffer {
  if (typeof chunk === "string") return Buffer.from(chunk, encoding as BufferEncoding);
  if (chunk instanceof Uint8Array) return Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  throw new TypeError(`The "chunk" argument must be a string or bytes, not ${typeof chunk}.`);
}

/** The two halves of a character stay together. */
function wholeCharacters(text: string, end: number): number {
  const code = text.charCodeAt(end - 1);
  return end < text.length && code >= 0xd800 && code <= 0xdbff ? end - 1 : end;
}

const isBinary = (encoding: unknown): boolean => typeof encoding === "string" && !/^utf-?8$/i.test(encoding);

/**
 * Takes the place of the process's own streams, so that all that JavaScript prints finds its cell. `between` is called
 * between the pieces of a long text and may throw. Returns what to call when a cell ends.
 */
export function redirectStreams(
  cellOf: CellOf,
  emit: Emit,
  between: () => void,
  showTable: (data: unknown, columns?: readonly string[]) => boolean,
): (cell: string) => void {
  const stdout = new CellStream("stdout", cellOf, emit, between, 1);
  const stderr = new CellStream("stderr", cellOf, emit, between, 2);
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
  process.on("exit", () => {
    stdout.completeAll();
    stderr.completeAll();
  });
  return (cell) => {
    stdout.complete(cell);
    stderr.complete(cell);
  };
}
