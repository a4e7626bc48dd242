import { open, readdir, realpath, stat } from "node:fs/promises";
import path from "node:path";

/**
 * What a dead kernel's training left on the disk, read without the library that wrote it (`src/vae/training/checkpoint.ts`):
 * a file begins with eight bytes of its own and a checksum, then comes a safetensors file, whose header says it all.
 */
export interface SavedTraining {
  /** The folder that the kernel told of. */
  readonly folder: string;
  readonly run: string;
  readonly model: string;
  readonly step: number;
  readonly totalSteps: number;
}

const magic = "VAENBCP1";
const headerStart = magic.length + 32;
const longestHeader = 50_000_000;

/**
 * A folder of checkpoints as a cell beside the notebook writes it: from there on, if it lies there; undefined where a
 * kernel with these surroundings looks by itself.
 */
export async function folderInCell(
  folder: string,
  notebook: string,
  env: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  // A process knows its folder without the links that led there.
  const home = await realpath(notebook).catch(() => notebook);
  if (folder === path.resolve(home, env.VAENB_SESSION ?? ".vaenb")) return undefined;
  const relative = path.relative(home, folder);
  const isInside = relative !== "" && !relative.startsWith("..") && !path.isAbsolute(relative);
  return (isInside ? relative : folder).split(path.sep).join("/");
}

/** The newest training that this process was about when it ended; undefined where it left none. */
export async function savedTraining(
  folders: readonly string[],
  process: number,
): Promise<SavedTraining | undefined> {
  const files = await newestFirst(folders);
  for (const { folder, file } of files) {
    const found = await readTraining(file).catch(() => undefined);
    if (found?.process === process) return { folder, ...found };
  }
  return undefined;
}

interface CheckpointFile {
  readonly folder: string;
  readonly file: string;
}

/** Checkpoints lie in their run's folder: deeper, a folder that holds other things too is not searched. */
async function newestFirst(folders: readonly string[]): Promise<CheckpointFile[]> {
  const inFolder = async (folder: string): Promise<CheckpointFile[]> =>
    (await checkpointsIn(folder)).map((file) => ({ folder, file }));
  const files = (await Promise.all(folders.map(inFolder))).flat();
  const changed = ({ file }: CheckpointFile): Promise<number> =>
    stat(file).then(
      ({ mtimeMs }) => mtimeMs,
      () => 0,
    );
  const dated = await Promise.all(files.map(async (found) => ({ found, at: await changed(found) })));
  return dated.sort((a, b) => b.at - a.at).map(({ found }) => found);
}

async function checkpointsIn(folder: string): Promise<string[]> {
  const filesOf = async (inside: string): Promise<string[]> => {
    const entries = await readdir(inside).catch(() => []);
    return entries.map((name) => path.join(inside, name));
  };
  const entries = await filesOf(folder);
  const deeper = await Promise.all(entries.map(filesOf));
  return [...entries, ...deeper.flat()].filter((file) => file.endsWith(".checkpoint"));
}

/** What a checkpoint says, and which process wrote it. */
type Told = Omit<SavedTraining, "folder"> & { readonly process: number };

async function readTraining(file: string): Promise<Told | undefined> {
  const handle = await open(file);
  try {
    const start = Buffer.alloc(headerStart + 8);
    await handle.read(start, 0, start.length, 0);
    const length = Number(start.readBigUInt64LE(headerStart));
    if (start.toString("latin1", 0, magic.length) !== magic || length > longestHeader) return undefined;
    const header = Buffer.alloc(length);
    await handle.read(header, 0, length, headerStart + 8);
    const told = member(member(JSON.parse(header.toString()), "__metadata__"), "checkpoint");
    return typeof told === "string" ? trainingOf(JSON.parse(told)) : undefined;
  } finally {
    await handle.close();
  }
}

function trainingOf(told: unknown): Told | undefined {
  const header = member(told, "header");
  const run = member(header, "run");
  const process = member(header, "process");
  const model = member(member(header, "architecture"), "name");
  const step = member(member(told, "state"), "step");
  const totalSteps = member(member(header, "plan"), "totalSteps");
  return typeof run === "string" &&
    typeof process === "number" &&
    typeof model === "string" &&
    typeof step === "number" &&
    typeof totalSteps === "number"
    ? { run, process, model, step, totalSteps }
    : undefined;
}

const member = (value: unknown, key: string): unknown =>
  typeof value === "object" && value !== null && Object.hasOwn(value, key)
    ? (value as Readonly<Record<string, unknown>>)[key]
    : undefined;
