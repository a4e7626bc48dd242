import { writeSync } from "node:fs";
import { serialize } from "node:v8";
import { HEADER_LENGTH, writeHeader } from "../protocol/frame";
import { descriptors, FENCE } from "../protocol/lines";
import { type Event, parseEvent } from "../protocol/messages";
import type { Emit } from "./emit";

const fence = Buffer.from(FENCE);

/**
 * Sends events over a pipe of their own, synchronously: an event is out of this process before the next line of a cell
 * runs. A crash loses nothing, and where the front end is slow the cell waits instead of filling memory.
 */
export function openEvents(): Emit {
  const stdout = new FenceLine(descriptors.stdout);
  const stderr = new FenceLine(descriptors.stderr);
  return (event) => {
    // What is not of the protocol goes back to whoever said it, not to a front end that cannot take it.
    parseEvent(event);
    // An answer shows nothing, so nothing stands before or after it.
    if (event.type !== "reply") {
      stdout.write();
      stderr.write();
    }
    const payload = serializeEvent(event);
    const frame = Buffer.allocUnsafe(HEADER_LENGTH + payload.length);
    writeHeader(new DataView(frame.buffer, frame.byteOffset, HEADER_LENGTH), {
      length: payload.length,
      stdoutFences: stdout.written,
      stderrFences: stderr.written,
    });
    payload.copy(frame, HEADER_LENGTH);
    writeAll(descriptors.events, frame);
  };
}

/** Marks the place of an event among the bytes that native code writes. Without the line, events go on without it. */
class FenceLine {
  written = 0;
  private broken = false;

  constructor(private readonly fd: number) {}

  write(): void {
    if (this.broken) return;
    try {
      writeAll(this.fd, fence);
      this.written += 1;
    } catch {
      this.broken = true; // A cell closed it.
    }
  }
}

function serializeEvent(event: Event): Buffer {
  try {
    return serialize(event);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    if (event.type !== "reply") throw error;
    return serialize({
      type: "reply",
      request: event.request,
      result: undefined,
      error: reason,
    } satisfies Event);
  }
}

const sleeper = new Int32Array(new SharedArrayBuffer(4));

function writeAll(fd: number, bytes: Uint8Array): void {
  for (let offset = 0; offset < bytes.length;) {
    try {
      offset += writeSync(fd, bytes, offset);
    } catch (error) {
      // The pipe is full and somebody made it non-blocking: wait for the reader.
      if (!(error instanceof Error && "code" in error && error.code === "EAGAIN")) throw error;
      Atomics.wait(sleeper, 0, 0, 1);
    }
  }
}
