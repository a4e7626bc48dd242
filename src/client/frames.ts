import { deserialize } from "node:v8";
import { HEADER_LENGTH, readHeader } from "../protocol/frame";
import { parseEvent } from "../protocol/messages";
import type { FencedEvent } from "./sequencer";

/** Cuts the bytes of the event pipe into events, and checks each one. */
export class FrameReader {
  private chunks: Buffer[] = [];
  private length = 0;

  constructor(private readonly onEvent: (event: FencedEvent) => void) {}

  write(chunk: Buffer): void {
    this.chunks.push(chunk);
    this.length += chunk.length;
    if (this.length < HEADER_LENGTH) return;
    // A large event comes in many chunks: they are joined once its last one is here.
    const first = this.chunks[0];
    if (first && first.length < HEADER_LENGTH) this.join();
    if (this.length < HEADER_LENGTH + this.header(0).length) return;
    this.join();
    let offset = 0;
    while (this.length - offset >= HEADER_LENGTH) {
      const { length, stdoutFences, stderrFences } = this.header(offset);
      const start = offset + HEADER_LENGTH;
      if (this.length < start + length) break;
      const payload = this.bytes().subarray(start, start + length);
      this.onEvent({ event: parseEvent(deserialize(payload)), stdoutFences, stderrFences });
      offset = start + length;
    }
    this.chunks = offset < this.length ? [this.bytes().subarray(offset)] : [];
    this.length -= offset;
  }

  private bytes(): Buffer {
    return this.chunks[0] ?? Buffer.alloc(0);
  }

  private header(offset: number) {
    const bytes = this.bytes();
    return readHeader(new DataView(bytes.buffer, bytes.byteOffset, bytes.length), offset);
  }

  private join(): void {
    if (this.chunks.length > 1) this.chunks = [Buffer.concat(this.chunks, this.length)];
  }
}
