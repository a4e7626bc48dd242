import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { pipeline } from "node:stream/promises";
import { claimPartial } from "./partialFile";
import { transfer, type Transfer } from "./transfer";

/** A file that is known in advance, so that a wrong or an incomplete one is never taken for it. */
export interface PublishedFile {
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** One try, for the message when all have failed. */
export interface Attempt {
  readonly url: string;
  readonly reason: string;
}

export class DownloadFailed extends Error {
  constructor(
    readonly file: PublishedFile,
    readonly attempts: readonly Attempt[],
    /** How many bytes are kept and need not come again. */
    readonly kept: number,
  ) {
    super(attempts.map(({ url, reason }) => `${url}: ${reason}`).join("\n"));
  }
}

/**
 * Gets a file from the first address that has it. What came before a connection broke is kept, also for the next
 * process, and only the rest is asked for. The file appears under its name when it is whole and its checksum is right;
 * a file with a wrong checksum is removed.
 * @throws DownloadFailed with the reason of every try; the signal's reason if it is aborted.
 */
export async function fetchFile(
  file: PublishedFile,
  urls: readonly string[],
  target: string,
  { received, signal, longestPause }: Pick<Transfer, "received" | "signal" | "longestPause">,
): Promise<void> {
  await mkdir(dirname(target), { recursive: true });
  const { path, bytes: found } = await claimPartial(target);
  let bytes = found;
  const pause = longestPause === undefined ? {} : { longestPause };
  received(bytes);
  const attempts: Attempt[] = [];
  const startAnew = async (): Promise<void> => {
    await rm(path, { force: true });
    received(-bytes);
    bytes = 0;
  };

  /**
   * Takes a stream that breaks up again as long as it brings something, and once where it brought nothing: a server may
   * close a connection in the moment in which it is used again. Answers why the file is not whole.
   */
  const bringWhole = async (url: string): Promise<string | undefined> => {
    let isPatient = true;
    if (bytes > file.bytes) await startAnew();
    while (bytes !== file.bytes) {
      const before = bytes;
      const result = await transfer({ url, path, bytes, total: file.bytes, received, signal, ...pause });
      bytes = result.bytes;
      if (bytes > file.bytes || result.cannotContinue) await startAnew();
      if (result.cannotContinue || result.reason === undefined || bytes > before) continue;
      if (!result.isBroken || !isPatient) return result.reason;
      isPatient = false;
    }
    return undefined;
  };

  for (const url of urls) {
    for (let isFresh = false; !isFresh;) {
      isFresh = bytes === 0;
      const failure = await bringWhole(url);
      if (failure !== undefined) {
        attempts.push({ url, reason: failure });
        break;
      }
      const checksum = await sha256Of(path);
      if (checksum === file.sha256) {
        await rename(path, target);
        return;
      }
      await startAnew();
      // Parts that came at different times, or from different places, may not fit together: the whole is tried once more.
      if (isFresh)
        attempts.push({
          url,
          reason: `wrong checksum: SHA-256 ${checksum}, not ${file.sha256}; nothing of it is kept`,
        });
    }
  }
  throw new DownloadFailed(file, attempts, bytes);
}

export async function sha256Of(path: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  return hash.digest("hex");
}
