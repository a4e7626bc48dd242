import { NotebookError, placeOf } from "./notebookError";

/** A file's bytes as text: strict UTF-8, a byte order mark dropped. Nothing is replaced by U+FFFD in silence. */
export function decodeFile(bytes: Uint8Array): string {
  const text = decodeStrictly(bytes);
  if (text === undefined) throw encodingError(bytes);
  refuseNul(text);
  return text;
}

/** A text that some program already decoded. */
export function acceptText(text: string): string {
  refuseNul(text);
  return text.startsWith("\ufeff") ? text.slice(1) : text;
}

function decodeStrictly(bytes: Uint8Array, part?: { stream: true }): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes, part);
  } catch {
    return undefined;
  }
}

function encodingError(bytes: Uint8Array): NotebookError {
  const mark = `${bytes[0]},${bytes[1]}`;
  if (mark === "255,254" || mark === "254,255") {
    return new NotebookError("encoding", "the file is UTF-16 text; save it as UTF-8", { line: 1, column: 1 });
  }
  // A prefix is valid up to the first broken sequence and never after it: search for that by halves.
  let [valid, broken] = [0, bytes.length];
  while (broken - valid > 1) {
    const middle = (valid + broken) >> 1;
    if (decodeStrictly(bytes.subarray(0, middle), { stream: true }) === undefined) broken = middle;
    else valid = middle;
  }
  // The last bytes of a valid prefix may be the first ones of the broken sequence.
  let start = valid;
  let before = decodeStrictly(bytes.subarray(0, start));
  while (before === undefined && start > 0) before = decodeStrictly(bytes.subarray(0, (start -= 1)));
  const isCut = decodeStrictly(bytes, { stream: true }) !== undefined;
  const problem = isCut
    ? "the file ends in the middle of a character: it was cut off"
    : `the bytes here (${hex(bytes.subarray(start, broken))}) are not UTF-8 text: the file is damaged, or was saved in another encoding`;
  return new NotebookError("encoding", problem, placeOf(before ?? "", before?.length ?? 0));
}

function refuseNul(text: string): void {
  const nul = text.indexOf("\0");
  if (nul < 0) return;
  throw new NotebookError(
    "encoding",
    "the file has zero bytes here: it is damaged, as after a crash while it was written; restore it from a backup or from version control",
    placeOf(text, nul),
  );
}

const hex = (bytes: Uint8Array): string =>
  [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
