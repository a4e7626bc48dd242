import { type CellId, type CellType, isCellId } from "./notebook";

/** Makes an id for a cell that has none: one that is not in `taken`. */
export type MakeCellId = (
  cell: { readonly type: CellType; readonly source: string },
  taken: ReadonlySet<string>,
) => CellId;

/**
 * An id from what the cell says. Reading a file twice gives the same ids, and a new cell changes no other cell's id,
 * so that files without ids (percent format, nbformat before 4.5) convert to the same notebook each time.
 */
export const idFromContent: MakeCellId = ({ type, source }, taken) => {
  for (let attempt = 0; ; attempt += 1) {
    const id = fnv1a(`${type}\n${attempt === 0 ? "" : attempt}\n${source}`);
    if (isCellId(id) && !taken.has(id)) return id;
  }
};

/** FNV-1a, 32 bits, as 8 hexadecimal digits (the length that nbformat gives its ids). */
function fnv1a(text: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, "0");
}
