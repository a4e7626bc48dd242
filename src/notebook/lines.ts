/**
 * Texts are lists of lines in a notebook file, each with its end, so that editors and version control see lines. The
 * ends are those of Python's `str.splitlines`, which nbformat uses: with others, Jupyter's next save would change them.
 */
const ends = "\\n\\r\\v\\f\\x1c\\x1d\\x1e\\x85\\u2028\\u2029";
const line = new RegExp(`[^${ends}]*(?:\\r\\n|[${ends}]|$)`, "gy");

export function splitLines(text: string): string[] {
  return (text.match(line) ?? []).filter((part) => part !== "");
}

/** Texts by their MIME type: nbformat splits these, and keeps all others (base64, JSON) whole. */
export const isSplitMime = (mime: string): boolean =>
  mime.startsWith("text/") || mime === "application/javascript" || mime === "image/svg+xml";
