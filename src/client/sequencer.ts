import type { Event } from "../protocol/messages";
import { FENCE } from "../protocol/lines";

/** An event with the number of fences that the kernel had written to each standard stream before it. */
export interface FencedEvent {
  readonly event: Event;
  readonly stdoutFences: number;
  readonly stderrFences: number;
}

type StreamName = "stdout" | "stderr";

/**
 * Puts three streams of bytes back into the one order in which a kernel wrote them: its events, and what native code
 * (a library, a child process) wrote to stdout and stderr in between.
 */
export class Sequencer {
  private readonly waiting: FencedEvent[] = [];
  private readonly streams = { stdout: new FencedStream(), stderr: new FencedStream() };
  private passed = { stdout: 0, stderr: 0 };

  constructor(
    private readonly onEvent: (event: Event) => void,
    private readonly onNative: (name: StreamName, text: string) => void,
  ) {}

  event(event: FencedEvent): void {
    this.waiting.push(event);
    this.advance();
  }

  native(name: StreamName, bytes: Uint8Array): void {
    this.streams[name].write(bytes);
    this.advance();
  }

  /** A stream that ended, or that nobody will write to any more, holds nothing back. */
  end(name: StreamName): void {
    this.streams[name].end();
    this.advance();
    this.complete(name);
  }

  private advance(): void {
    for (let next = this.waiting[0]; next; next = this.waiting[0]) {
      const { stdout, stderr } = this.streams;
      if (!stdout.hasPassed(next.stdoutFences) || !stderr.hasPassed(next.stderrFences)) break;
      this.flush("stdout", next.stdoutFences);
      this.flush("stderr", next.stderrFences);
      if (next.event.type === "status") this.completeCharacters();
      this.waiting.shift();
      this.passed = { stdout: next.stdoutFences, stderr: next.stderrFences };
      this.onEvent(next.event);
    }
    // What stands behind the last event's fences belongs here already, whatever comes next.
    this.flush("stdout", this.passed.stdout + 1);
    this.flush("stderr", this.passed.stderr + 1);
  }

  /** A cell begins or ends: a character that one left unfinished is not the next one's. */
  private completeCharacters(): void {
    this.complete("stdout");
    this.complete("stderr");
  }

  private complete(name: StreamName): void {
    const text = this.streams[name].complete();
    if (text) this.onNative(name, text);
  }

  private flush(name: StreamName, beforeFence: number): void {
    const text = this.streams[name].take(beforeFence);
    if (text) this.onNative(name, text);
  }
}

const MARK = Buffer.from(FENCE);

/** Native bytes of one stream, cut at its fences. */
class FencedStream {
  /** Of what was taken: bytes that arrived may belong behind a fence which nobody passed yet. */
  private readonly decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  /** `parts[i]` stands behind fence `taken + i` and before the next one; the last part is still open. */
  private readonly parts: Uint8Array[][] = [[]];
  private taken = 0;
  private rest: Buffer = Buffer.alloc(0);
  private ended = false;

  write(bytes: Uint8Array): void {
    let data =
      this.rest.length > 0
        ? Buffer.concat([this.rest, bytes])
        : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (let at = data.indexOf(MARK); at >= 0; at = data.indexOf(MARK)) {
      this.append(data.subarray(0, at));
      this.parts.push([]);
      data = data.subarray(at + MARK.length);
    }
    // A fence may arrive in two pieces.
    const keep = partialMark(data);
    this.append(data.subarray(0, data.length - keep));
    this.rest = Buffer.from(data.subarray(data.length - keep));
  }

  end(): void {
    this.append(this.rest);
    this.rest = Buffer.alloc(0);
    this.ended = true;
  }

  hasPassed(fences: number): boolean {
    return this.ended || this.taken + this.parts.length - 1 >= fences;
  }

  /** The text before the fence with this number that nobody took yet. */
  take(beforeFence: number): string {
    let text = "";
    while (this.taken < beforeFence && this.parts.length > 1) {
      text += this.decode(this.parts.shift());
      this.taken += 1;
    }
    if (this.taken < beforeFence) text += this.decode(this.parts[0]?.splice(0));
    return text;
  }

  /** What is left of a character whose end does not come. */
  complete(): string {
    return this.decoder.decode();
  }

  private decode(pieces: readonly Uint8Array[] = []): string {
    return pieces.map((piece) => this.decoder.decode(piece, { stream: true })).join("");
  }

  private append(bytes: Uint8Array): void {
    if (bytes.length > 0) this.parts.at(-1)?.push(bytes);
  }
}

function partialMark(data: Buffer): number {
  for (let length = Math.min(MARK.length - 1, data.length); length > 0; length--)
    if (data.subarray(data.length - length).equals(MARK.subarray(0, length))) return length;
  return 0;
}
