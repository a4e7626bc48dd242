/**
 * The names that compiled code knows its surroundings by. Double underscores keep them out of people's way, and make
 * them easy to remove from the engine's messages ("__scope__.f is not a function").
 */
export const SCOPE = "__scope__";
export const STOP = "__stop__";
export const CELL = "__cell__";
/** What a cell gets besides, under names that people know from CommonJS. */
export const CELL_GIFTS = ["require", "__filename", "__dirname"] as const;
const CAUGHT = "__caught__";

/** What is checked at each turn of a loop and on entry to each function. */
export const STOP_CHECK = `${STOP}[0] && ${CELL}.stopped()`;
export const caughtName = CAUGHT;

/** The engine quotes compiled code in its messages; this puts the person's own names back. */
export function cleanMessage(message: string): string {
  return message
    .replace(/\(0 ?, (?:__scope__|__module\d+__)\.([\p{ID_Continue}$]+)\)/gu, "$1")
    .replace(/\b__cell__\.meta\b/g, "import.meta")
    .replace(/\b(?:__scope__|__cell__|__module\d+__)\./g, "");
}
