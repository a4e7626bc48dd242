import type { ErrorReport } from "../../protocol/messages";

/**
 * The editor's error view makes anchors in a stack into links, also to a line of a cell. They are for the screen alone:
 * files get the text without them.
 */
export function withLinks(
  { text, frames }: ErrorReport,
  uriOf: (cell: string) => string | undefined = (cell) => cell,
): string {
  const links = new Map<string, string>();
  for (const { position, location } of frames) {
    const uri = position?.cell === undefined ? undefined : uriOf(position.cell);
    if (position === undefined || uri === undefined || location === undefined) continue;
    const label = `${location}:${position.line}:${position.column}`;
    links.set(label, `${uri}?line=${position.line - 1}`);
  }
  const plain = withBreaks(escapeAnchors(text));
  if (links.size === 0) return plain;
  // The longest label first, so that "Cell 1:1:10" is not taken for "Cell 1:1:1" and a "0".
  const labels = [...links.keys()].sort((a, b) => b.length - a.length).map(literally);
  const pattern = new RegExp(`(?<![\\w])(?:${labels.join("|")})(?!\\d)`, "g");
  return plain.replaceAll(pattern, (label) => `<a href="${links.get(label) ?? ""}">${label}</a>`);
}

export const withoutLinks = (text: string): string =>
  text
    .replaceAll(/<a href="vscode-notebook-cell:[^"]*">([^<]*)<\/a>/g, "$1")
    .replaceAll("<\u200ba", "<a")
    .replaceAll(lineBreak, " ");

const lineBreak = "\u200b\n";
/** What fits beside the side bar of a usual window. */
const widest = 90;

/** The editor does not wrap an error's lines, and the way out stands at the end of a message: it is broken for the screen. */
export function withBreaks(text: string): string {
  const lines = text.split("\n");
  const end = lines.findIndex((line) => /^\s+at |^[> ]\s*\d+ \|/.test(line));
  return lines.map((line, i) => (end < 0 || i < end ? broken(line) : line)).join("\n");
}

function broken(line: string): string {
  let width = 0;
  return line.replaceAll(/ (\S+)/g, (more, word: string, at: number) => {
    width = width === 0 ? at + more.length : width + more.length;
    if (width <= widest) return more;
    width = word.length;
    return `${lineBreak}${word}`;
  });
}

/** An anchor in the error's own words stays text. */
export const escapeAnchors = (text: string): string => text.replaceAll("<a", "<\u200ba");

const literally = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
