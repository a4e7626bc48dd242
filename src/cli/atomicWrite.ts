import {
  closeSync,
  fchmodSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { randomBytes } from "node:crypto";
import { reasonOf } from "./files";
import { UsageError } from "./usageError";

/**
 * Replaces a file as a whole: readers see the old content or the new, never a part, also after a crash. All of it is
 * synchronous, so that no signal handler runs in between and leaves the temporary file behind.
 */
export function writeAtomically(file: string, content: string | Uint8Array): void {
  const target = resolveLinks(file);
  const temporary = temporaryFor(target);
  try {
    const descriptor = openSync(temporary, "wx");
    try {
      // Not at the opening, where the process's mask would take some away.
      const mode = modeOf(target);
      if (mode !== undefined) fchmodSync(descriptor, mode);
      writeFileSync(descriptor, content);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(temporary, target);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
  syncFolder(dirname(target));
}

/** Makes the file's folder if need be. What forbids writing is found out before a run that may take hours, not after. */
export function prepareToWrite(file: string): void {
  const target = resolveLinks(file);
  try {
    if (statSync(target, { throwIfNoEntry: false })?.isDirectory())
      throw new UsageError(`${file} is a folder`);
    mkdirSync(dirname(target), { recursive: true });
    // Permissions alone do not tell: a file system may be read-only, or take no files at all.
    const probe = temporaryFor(target);
    closeSync(openSync(probe, "wx"));
    rmSync(probe);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(
      `${file} cannot be written: no file can be made in ${dirname(target)} (${reasonOf(error)})`,
    );
  }
}

const temporaryFor = (target: string): string =>
  join(dirname(target), `.${basename(target)}.${process.pid}-${randomBytes(4).toString("hex")}.tmp`);

/** A link stays a link, and its target is replaced. */
function resolveLinks(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    return resolveDangling(file);
  }
}

/** A link whose target is not there yet. */
function resolveDangling(file: string): string {
  try {
    return resolve(dirname(file), readlinkSync(file));
  } catch {
    return file;
  }
}

/** The permissions of a file that is there. */
function modeOf(file: string): number | undefined {
  const found = statSync(file, { throwIfNoEntry: false });
  return found && found.mode & 0o777;
}

/** So that the new name survives a power loss; Windows cannot open folders. */
function syncFolder(folder: string): void {
  if (process.platform === "win32") return;
  const descriptor = openSync(folder, "r");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
