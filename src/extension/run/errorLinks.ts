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
  const plain = escapeAnchors(text);
  if (links.size === 0) return plain;
  // The longest label first, so that "Cell 1:1:10" is not taken for "Cell 1:1:1" and a "0".
  const labels = [...links.keys()].sort((a, b) => b.length - a.length).map(literally);
  const pattern = new RegExp(`(?<![\\w])(?:${labels.join("|")})(?!\\d)`, "g");
  return plain.replaceAll(pattern, (label) => `<a href="${links.get(label) ?? ""}">${label}</a>`);
}

export const withoutLinks = (text: string): string =>
  text.replaceAll(/<a href="vscode-notebook-cell:[^"]*">([^<]*)<\/a>/g, "$1").replaceAll("<\u200ba", "<a");

/** An anchor in the error's own words stays text. */
const escapeAnchors = (text: string): string => text.replaceAll("<a", "<\u200ba");

const literally = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
