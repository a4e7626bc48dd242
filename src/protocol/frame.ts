/**
 * How events travel: a header, then the event in Node's structured-clone format (bytes stay bytes). The header says how
 * many fences went to stdout and stderr before this event, so that the front end can put in between what native code
 * wrote there.
 */
export interface FrameHeader {
  readonly length: number;
  readonly stdoutFences: number;
  readonly stderrFences: number;
}

export const HEADER_LENGTH = 12;

export function writeHeader(into: DataView, { length, stdoutFences, stderrFences }: FrameHeader): void {
  into.setUint32(0, length);
  into.setUint32(4, stdoutFences);
  into.setUint32(8, stderrFences);
}

export const readHeader = (from: DataView, offset: number): FrameHeader => ({
  length: from.getUint32(offset),
  stdoutFences: from.getUint32(offset + 4),
  stderrFences: from.getUint32(offset + 8),
});
