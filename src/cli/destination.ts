import { existsSync, readFileSync } from "node:fs";
import { extname, resolve } from "node:path";

/**
 * Where an executed notebook goes; asked when the run is over. Over its own file, unless somebody saved to that meanwhile:
 * then beside it, because a run of hours must not undo what was edited during it.
 */
export function destinationOf(file: string, output: string): () => string {
  if (resolve(file) !== resolve(output)) return () => output;
  const before = contentOf(file);
  return () => {
    const now = contentOf(file);
    return before !== undefined && now !== undefined && !now.equals(before) ? freeNameBeside(file) : output;
  };
}

/** Undefined where there is nothing to read, and so nothing to lose. */
function contentOf(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}

function freeNameBeside(file: string): string {
  const extension = extname(file);
  const stem = file.slice(0, file.length - extension.length);
  for (let count = 1; ; count += 1) {
    const name = `${stem}.executed${count === 1 ? "" : `-${count}`}${extension}`;
    if (!existsSync(name)) return name;
  }
}
