import { randomBytes } from "node:crypto";
import { mkdir, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";

/**
 * Writes a file so that it is there whole or not at all, whenever the process dies: beside its place first, flushed
 * to the disk, then renamed.
 */
export async function writeAtomically(path: string, bytes: Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const beside = `${path}.${process.pid}-${randomBytes(4).toString("hex")}.part`;
  try {
    const file = await open(beside, "w");
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(beside, path);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
}

/**
 * Writes a file that a person asked for, as `writeAtomically` does.
 * @throws Error that says in words why it could not be written, with the path
 */
export async function saveFile(path: string, bytes: Uint8Array): Promise<void> {
  try {
    await writeAtomically(path, bytes);
  } catch (error) {
    const wayOut =
      codeOf(error) === "ENOSPC" ? "Make room there, or give another path." : "Give another path.";
    throw new Error(`${path} could not be written: ${whyUnwritten(error)}. ${wayOut}`, { cause: error });
  }
}

/** Why a file could not be written, in words. */
export function whyUnwritten(error: unknown): string {
  const reasons: Readonly<Record<string, string>> = {
    ENOSPC: "the disk is full",
    EDQUOT: "your share of the disk is used up",
    EACCES: "it may not be written to",
    EPERM: "it may not be written to",
    EROFS: "it may not be written to",
    EISDIR: "it is a folder",
    ENOTDIR: "a part of its path is a file, not a folder",
    EEXIST: "a part of its path is a file, not a folder",
  };
  return reasons[codeOf(error)] ?? (error instanceof Error ? error.message : String(error));
}

const codeOf = (error: unknown): string =>
  error instanceof Error && "code" in error ? String(error.code) : "";
