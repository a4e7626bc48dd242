import { randomBytes } from "node:crypto";
import { readdir, readFile, rm, rmdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { writeAtomically } from "./atomicFile";
import { decodeCheckpoint, encodeCheckpoint, type Checkpoint } from "./checkpoint";

/** The newest whole checkpoint of one run, and the damaged ones that were newer. */
export interface FoundRun {
  readonly run: string;
  readonly checkpoint: Checkpoint;
  readonly damaged: readonly { readonly file: string; readonly why: string }[];
}

const suffix = ".checkpoint";
/** The last one, and the one before it in case the last one is damaged. */
const kept = 2;

/** The checkpoints of all runs in one folder: a folder per run, a file per checkpoint. */
export class CheckpointFolder {
  constructor(readonly path: string) {}

  /** A new run's name: begins with the time, so that names sort by age. */
  newRun(model: string, now = new Date()): string {
    const time = now.toISOString().replace(/[:.]/g, "-");
    const slug = model.replace(/[^A-Za-z0-9]+/g, "-").slice(0, 40);
    return `${time}-${slug}-${randomBytes(2).toString("hex")}`;
  }

  async write(checkpoint: Checkpoint): Promise<void> {
    const folder = join(this.path, checkpoint.header.run);
    const name = `step-${String(checkpoint.snapshot.step).padStart(12, "0")}${suffix}`;
    await writeAtomically(join(folder, name), encodeCheckpoint(checkpoint));
    const files = await this.filesOf(checkpoint.header.run);
    for (const old of files.slice(kept)) await rm(join(folder, old), { force: true });
  }

  /** Runs that can be resumed, the one with the newest checkpoint first. */
  async runs(): Promise<FoundRun[]> {
    const found: (FoundRun & { readonly written: number })[] = [];
    for (const run of await namesIn(this.path)) {
      const latest = await this.latest(run);
      if (latest) found.push(latest);
    }
    return found.sort((a, b) => b.written - a.written);
  }

  /** Forgets a run. */
  async remove(run: string): Promise<void> {
    await rm(join(this.path, run), { recursive: true, force: true });
    // Leaves nothing behind where nothing is left; a folder that holds something else stays.
    await rmdir(this.path).catch(() => {});
  }

  private async latest(run: string) {
    const damaged: { file: string; why: string }[] = [];
    for (const name of await this.filesOf(run)) {
      const file = join(this.path, run, name);
      try {
        const checkpoint = decodeCheckpoint(await readFile(file));
        return { run, checkpoint, damaged, written: (await stat(file)).mtimeMs };
      } catch (error) {
        damaged.push({ file, why: error instanceof Error ? error.message : String(error) });
      }
    }
    return undefined;
  }

  /** The newest first. */
  private async filesOf(run: string): Promise<string[]> {
    const names = await namesIn(join(this.path, run));
    return names
      .filter((name) => name.endsWith(suffix))
      .sort()
      .reverse();
  }
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "ENOENT" || code === "ENOTDIR") return [];
    throw error;
  }
}
