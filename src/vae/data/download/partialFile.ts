import { readdir, rename, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/**
 * What has come of a file so far lies beside the place where the whole file will be, under a name with the process
 * number of its owner. So two kernels never write into one partial file, and what a killed one left is taken over.
 */
export async function claimPartial(
  target: string,
): Promise<{ readonly path: string; readonly bytes: number }> {
  const folder = dirname(target);
  const prefix = `${basename(target)}.part-`;
  const own = `${prefix}${process.pid}`;
  const path = join(folder, own);
  const found = (await readdir(folder)).filter((name) => name.startsWith(prefix));
  if (!found.includes(own)) {
    const orphan = found.find((name) => !isAlive(Number(name.slice(prefix.length))));
    // A rename is atomic: if another process is quicker, this one starts anew.
    if (orphan !== undefined) await rename(join(folder, orphan), path).catch(() => {});
  }
  return { path, bytes: await sizeOf(path) };
}

/** In bytes; 0 where there is no file. */
const sizeOf = (path: string): Promise<number> =>
  stat(path).then(
    ({ size }) => size,
    () => 0,
  );

function isAlive(processNumber: number): boolean {
  try {
    // Signal 0 asks whether the process is there.
    process.kill(processNumber, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
