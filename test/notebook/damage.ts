import { type Cell, NotebookError, type Notebook, parseNotebook, printNotebook } from "../../src/notebook";

/**
 * What damage can do. A byte inside a text ("loss" -> "lots") leaves a valid file, and only a checksum could tell; so
 * the promise is about all the rest. Damage is an error, or gives an equal notebook, or changes free content only: the
 * frame of the notebook (its cells and their types, and each cell's outputs and theirs) is what it was.
 */
function frame(notebook: Notebook): unknown {
  return notebook.cells.map((cell: Cell) => [
    cell.type,
    cell.type === "code"
      ? cell.outputs.map((output) => output.type)
      : Object.values(cell.attachments ?? {}).length,
  ]);
}

export type Fate = "error" | "equal" | "free content" | "another notebook";

export function fate(original: Notebook, damaged: Uint8Array): Fate {
  let read: Notebook;
  try {
    read = parseNotebook(damaged);
  } catch (error) {
    // Any other error is a defect of the reader.
    if (error instanceof NotebookError) return "error";
    throw error;
  }
  if (printNotebook(read) === printNotebook(original)) return "equal";
  return JSON.stringify(frame(read)) === JSON.stringify(frame(original))
    ? "free content"
    : "another notebook";
}

export const splice = (bytes: Uint8Array, at: number, remove: number, insert: Uint8Array): Uint8Array =>
  Buffer.concat([bytes.subarray(0, at), insert, bytes.subarray(at + remove)]);

/** How often each fate meets a file when every byte of it is, in turn, lost, replaced, preceded, or has one bit flipped. */
export function fatesOfEachByte(
  file: Uint8Array,
  values: readonly number[],
  bits: readonly number[],
): ReadonlyMap<Fate, number> {
  const original = parseNotebook(file);
  const fates = new Map<Fate, number>();
  const tryOne = (at: number, remove: number, insert: readonly number[]): void => {
    const one = fate(original, splice(file, at, remove, Uint8Array.from(insert)));
    fates.set(one, (fates.get(one) ?? 0) + 1);
  };
  for (const [at, byte] of file.entries()) {
    tryOne(at, 1, []);
    for (const value of values) {
      tryOne(at, 1, [value]);
      tryOne(at, 0, [value]);
    }
    for (const bit of bits) tryOne(at, 1, [byte ^ (1 << bit)]);
  }
  return fates;
}
