import { open } from "node:fs/promises";

/** A stream that pauses longer than this, in milliseconds, has failed, unless something else is said. */
const usualPause = 30_000;

/** How a transfer ended: how many bytes are there, and why they are not as many as they should be. */
export interface Transferred {
  readonly bytes: number;
  readonly reason?: string;
  /** The server does not give the rest of the file; it may give the whole. */
  readonly cannotContinue?: boolean;
  /** A connection that was there broke; nobody refused anything. */
  readonly isBroken?: boolean;
}

export interface Transfer {
  readonly url: string;
  /** The file to write, and how much of it is there. */
  readonly path: string;
  readonly bytes: number;
  /** How long the whole file is. */
  readonly total: number;
  /** Hears how many bytes came; a negative number takes back what is written anew. */
  readonly received: (bytes: number) => void;
  readonly signal: AbortSignal;
  /** In milliseconds. */
  readonly longestPause?: number;
}

/**
 * Asks for the rest of a file and appends it. A server that sends the whole file again gets it written from the start.
 * @throws Error of the file system (a full disk), or the signal's reason.
 */
export async function transfer({
  url,
  path,
  bytes,
  total,
  received,
  signal,
  longestPause = usualPause,
}: Transfer): Promise<Transferred> {
  const stalled = new AbortController();
  const stop = AbortSignal.any([signal, stalled.signal]);
  let at = bytes;
  let timer = setTimeout(() => stalled.abort(), longestPause);
  const failed = (reason: string): Transferred => {
    signal.throwIfAborted();
    return {
      bytes: at,
      reason: stalled.signal.aborted ? `nothing came for ${longestPause / 1000} s` : reason,
    };
  };
  try {
    const headers = { "accept-encoding": "identity", ...(bytes > 0 && { range: `bytes=${bytes}-` }) };
    const response = await fetch(url, { headers, signal: stop });
    const refusal = refusalOf(response);
    if (refusal !== undefined) {
      await response.body?.cancel();
      return { ...failed(refusal), cannotContinue: bytes > 0 && response.status === 416 };
    }
    const start = startOf(response);
    if (start !== undefined && start !== bytes) {
      await response.body?.cancel();
      return {
        ...failed(`it sent the part from byte ${start} on, not from ${bytes} on`),
        cannotContinue: bytes > 0,
      };
    }
    if (start === undefined) {
      received(-at);
      at = 0;
    }
    const file = await open(path, at === 0 ? "w" : "a");
    try {
      for await (const chunk of response.body ?? []) {
        clearTimeout(timer);
        timer = setTimeout(() => stalled.abort(), longestPause);
        await file.writeFile(chunk);
        at += chunk.length;
        received(chunk.length);
        // Leaving the loop ends the connection.
        if (at > total) return failed(`the stream goes on behind the ${total} bytes of the file`);
      }
    } finally {
      await file.close();
    }
  } catch (error) {
    if (isOfDisk(error)) throw error;
    return { ...failed(causeOf(error)), isBroken: isReset(error) };
  } finally {
    clearTimeout(timer);
  }
  return at === total ? { bytes: at } : failed(`the stream ended after ${at} of ${total} bytes`);
}

/** Errors of files name the system call that failed; those of `fetch` are TypeErrors with a cause. */
const isOfDisk = (error: unknown): boolean =>
  error instanceof Error && !(error instanceof TypeError) && "syscall" in error;

/** As the sockets of Node and of its `fetch` call it. */
const resets = new Set(["ECONNRESET", "EPIPE", "UND_ERR_SOCKET"]);

function isReset(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return ("code" in error && resets.has(String(error.code))) || isReset(error.cause);
}

function refusalOf(response: Response): string | undefined {
  if (!response.ok) return `HTTP ${response.status} ${response.statusText}`.trim();
  const type = response.headers.get("content-type") ?? "";
  return type.startsWith("text/html")
    ? "the answer is a web page (a login page of the network?), not the file"
    : undefined;
}

/** The byte of the file with which an answer begins that is a part of it; undefined for the whole. */
function startOf(response: Response): number | undefined {
  if (response.status !== 206) return undefined;
  return Number(/^bytes (\d+)-/.exec(response.headers.get("content-range") ?? "")?.[1] ?? NaN);
}

/** fetch says "fetch failed" and hides the reason in `cause`. */
function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error && error.cause.message ? error.cause.message : error.message;
}
