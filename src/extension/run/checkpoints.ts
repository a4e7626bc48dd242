import { open, readdir, stat } from "node:fs/promises";
import path from "node:path";

/**
 * What a dead kernel's training left on the disk, read without the library that wrote it (`src/vae/training/checkpoint.ts`):
 * a file begins with eight bytes of its own and a checksum, then comes a safetensors file, whose header says it all.
 */
export interface SavedTraining {
  readonly run: string;
  readonly model: string;
  readonly step: number;
  readonly totalSteps: number;
}

const magic = "VAENBCP1";
const headerStart = magic.length + 32;
const longestHeader = 50_000_000;

/**
 * Where a kernel with these surroundings may have put its checkpoints: beside the notebook, where the environment says,
 * and wherever a cell sets `session.folder` to a text. Which of them it was is told by the checkpoints, which name the
 * process that wrote them.
 */
export function checkpointFolders(
  folder: string,
  env: NodeJS.ProcessEnv,
  sources: readonly string[],
): readonly string[] {
  const set = sources.flatMap(folderAssignments).map((assignment) => path.resolve(folder, assignment.folder));
  return [...new Set([env.VAENB_SESSION ?? path.join(folder, ".vaenb"), ...set])];
}

/** Where code sets `session.folder` to a text; what it computes is not known without running it. */
export const folderAssignments = (
  code: string,
): readonly { readonly code: string; readonly folder: string }[] =>
  [...code.matchAll(/\bsession\.folder\s*=\s*(["'`])((?:(?!\1)[^\\\n$])+)\1/g)].map(
    ([code, , folder = ""]) => ({
      code,
      folder,
    }),
  );

/** The newest training that this process was about when it ended; undefined where it left none. */
export async function savedTraining(
  folders: readonly string[],
  process: number,
): Promise<SavedTraining | undefined> {
  const files = await newestFirst(folders);
  for (const file of files) {
    const found = await readTraining(file).catch(() => undefined);
    if (found?.process === process) return found;
  }
  return undefined;
}

/** Checkpoints lie in their run's folder: deeper, a folder that holds other things too is not searched. */
async function newestFirst(folders: readonly string[]): Promise<string[]> {
  const files = (await Promise.all(folders.map(checkpointsIn))).flat();
  const dated = await Promise.all(
    files.map(async (file) => ({
      file,
      at: await stat(file).then(
        ({ mtimeMs }) => mtimeMs,
        () => 0,
      ),
    })),
  );
  return dated.sort((a, b) => b.at - a.at).map(({ file }) => file);
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

async function readTraining(file: string): Promise<(SavedTraining & { process: number }) | undefined> {
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

function trainingOf(told: unknown): (SavedTraining & { process: number }) | undefined {
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
