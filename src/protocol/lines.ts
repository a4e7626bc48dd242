/**
 * The stop line: a pipe from the front end to the kernel's listener thread, which hears it while the kernel's main thread
 * is busy. Each Stop is one 32-bit number: all cells that were asked for up to this request are meant, the running one
 * and those that wait. A Stop that arrives when they have ended anyway does nothing. `BACKGROUND` means what earlier cells
 * left running. The end of the stream means that the front end is gone.
 */
export const STOP_LENGTH = 4;
export const BACKGROUND = -1;

export function writeStop(upTo: number): Uint8Array {
  const bytes = new Uint8Array(STOP_LENGTH);
  new DataView(bytes.buffer).setInt32(0, upTo);
  return bytes;
}

export const readStop = (bytes: Uint8Array, offset: number): number =>
  new DataView(bytes.buffer, bytes.byteOffset + offset, STOP_LENGTH).getInt32(0);

/** Where the kernel finds its lines. 0-2 are the standard streams; 3 is Node's own channel, which carries requests. */
export const descriptors = { stdout: 1, stderr: 2, channel: 3, stopLine: 4, events: 5 } as const;

/**
 * Written to stdout and stderr before each event, so that the front end can put bytes that native code wrote there in
 * their place between the events. An APC string that nothing else uses; a terminal would ignore it.
 */
export const FENCE = "\u001b_vaenb\u001b\\";
