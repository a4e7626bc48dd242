import { stat } from "node:fs/promises";
import { join } from "node:path";
import { host } from "../host";
import { cacheFolder } from "./download/cacheFolder";
import { DownloadFailed, fetchFile, sha256Of, type PublishedFile } from "./download/fetchFile";
import { DownloadProgress, megabytes } from "./download/progress";
import type { PublishedSet } from "./published";

export interface LocateOptions {
  /** Address of a folder that holds the set's folder: `<mirror>/mnist/train-images-idx3-ubyte.gz`. */
  readonly mirror?: string | undefined;
}

/** Where each file of a set lies on this machine. */
export type Located = Readonly<Record<keyof PublishedSet["files"], string>>;

/**
 * The files of a set: from the folder in `VAENB_DATA` where they are there, else from the cache, into which what is
 * missing is downloaded. Every file has been compared with its checksum.
 * @throws Error that says why they cannot be had, and how else to get them.
 */
export async function locate(
  set: PublishedSet,
  { mirror = process.env.VAENB_MIRROR }: LocateOptions = {},
): Promise<Located> {
  const { trainImages, trainLabels, testImages, testLabels } = set.files;
  const provided = await providedFolder(set);
  if (provided !== undefined) {
    for (const file of Object.values(set.files)) await requireChecksum(join(provided, file.name), file);
  } else {
    await download(set, mirror);
  }
  const at = (file: PublishedFile): string => join(provided ?? keptIn(set), file.name);
  return {
    trainImages: at(trainImages),
    trainLabels: at(trainLabels),
    testImages: at(testImages),
    testLabels: at(testLabels),
  };
}

const keptIn = (set: PublishedSet): string => join(cacheFolder(), set.folder);

/** `VAENB_DATA/<folder of the set>`, or `VAENB_DATA` itself, if all files of the set are there. */
async function providedFolder(set: PublishedSet): Promise<string | undefined> {
  const { VAENB_DATA } = process.env;
  if (!VAENB_DATA) return undefined;
  for (const folder of [join(VAENB_DATA, set.folder), VAENB_DATA]) {
    const files = Object.values(set.files).map(({ name }) => exists(join(folder, name)));
    if ((await Promise.all(files)).every(Boolean)) return folder;
  }
  return undefined;
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

async function requireChecksum(path: string, file: PublishedFile): Promise<void> {
  const checksum = await sha256Of(path);
  if (checksum === file.sha256) return;
  throw new Error(
    `${path} is not the published file: its SHA-256 is ${checksum}, not ${file.sha256}. It is damaged, cut short or ` +
      `of another dataset. Replace it, or read it as it is with data.idx("${path}").`,
  );
}

async function download(set: PublishedSet, mirror: string | undefined): Promise<void> {
  const folder = keptIn(set);
  const missing: PublishedFile[] = [];
  for (const file of Object.values(set.files)) {
    const path = join(folder, file.name);
    if (!(await exists(path)) || (await sha256Of(path)) !== file.sha256) missing.push(file);
  }
  if (missing.length === 0) return;
  const sources = mirror === undefined ? set.sources : [`${mirror.replace(/\/+$/, "")}/${set.folder}`];
  const progress = new DownloadProgress(
    set.title,
    missing.reduce((total, { bytes }) => total + bytes, 0),
  );
  host().announce(progress);
  await host().cooperate(async (signal) => {
    try {
      for (const file of missing) {
        const urls = sources.map((source) => `${source}/${file.name}`);
        const received = (bytes: number): void => progress.add(bytes);
        await fetchFile(file, urls, join(folder, file.name), { received, signal });
      }
    } catch (error) {
      progress.finish(
        signal.aborted ? "stopped; what has come is kept, and the next try continues" : "failed",
      );
      throw error instanceof DownloadFailed ? cannotDownload(set, error, folder) : notWritable(error, folder);
    }
  });
  progress.finish(`${megabytes(progress.total)} MB downloaded, checked and kept in ${folder}`);
}

function cannotDownload(set: PublishedSet, failure: DownloadFailed, folder: string): Error {
  const { VAENB_DATA } = process.env;
  const names = Object.values(set.files).map(({ name }) => name);
  const kept =
    failure.kept > 0
      ? ` The ${megabytes(failure.kept)} MB that came are kept; the next try continues there.`
      : "";
  return new Error(
    [
      `${set.title} could not be downloaded: ${failure.file.name} (${megabytes(failure.file.bytes)} MB) did not come.`,
      ...failure.attempts.map(({ url, reason }) => `  ${url}: ${reason}`),
      ...(VAENB_DATA
        ? [`  VAENB_DATA is ${VAENB_DATA}, but has no folder ${set.folder} with all four files.`]
        : []),
      `What you can do:${kept}`,
      `  - Is there a network here? If so, try again.`,
      `  - If the network blocks these addresses: set VAENB_MIRROR (or the option mirror) to the address of a folder that ` +
        `has a folder ${set.folder} with ${names.join(", ")}.`,
      `  - Without a network: copy these four files into a folder ${set.folder}, and set VAENB_DATA to the folder around ` +
        `it; or put them into ${folder}.`,
      `  - data.digits() and data.sprites() need no download.`,
    ].join("\n"),
    // No cause: all that the failure knows is said above.
  );
}

function notWritable(error: unknown, folder: string): unknown {
  if (!(error instanceof Error && "code" in error)) return error;
  return new Error(
    `The download could not be written to ${folder}: ${error.message}. Make room there, or set VAENB_CACHE to another folder.`,
    { cause: error },
  );
}
