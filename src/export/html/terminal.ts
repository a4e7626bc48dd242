import { AnsiUp } from "ansi_up";
import { escapeHtml, Html } from "./markup";

/** Lines that a browser lays out together, when they come into view. */
const linesTogether = 500;

/** What was printed to a terminal: its colours become spans, and lines that were written over show what was last. */
export function terminalText(text: string): Html {
  const shown = overwritten(text);
  const draw = shown.includes("\u001b") ? coloured() : escapeHtml;
  const blocks = cut(shown, linesTogether);
  if (blocks.length < 3) return new Html(draw(shown));
  return new Html(blocks.map((block) => `<span class="lines">${draw(block)}</span>`).join(""));
}

/** Draws one part of a text after the other: colours go on until they are changed. */
function coloured(): (text: string) => string {
  const terminal = new AnsiUp();
  terminal.use_classes = true;
  // What looks like the beginning of a sequence waits for its rest; at the end of a text there is none.
  return (text) => terminal.ansi_to_html(text.endsWith("\n") ? text : `${text}\u001b[0m`);
}

/** The text in parts of so many lines, the last part with what is left. */
function cut(text: string, lines: number): string[] {
  const parts: string[] = [];
  let [start, end, count] = [0, 0, 0];
  while ((end = text.indexOf("\n", end) + 1) > 0) {
    count += 1;
    if (count % lines > 0) continue;
    parts.push(text.slice(start, end));
    start = end;
  }
  return [...parts, text.slice(start)];
}

/** The same without colours. */
export const plainText = (text: string): string =>
  // eslint-disable-next-line no-control-regex -- escape sequences begin with a control character
  overwritten(text).replaceAll(/\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\))/g, "");

/** A carriage return goes back to the line's start, as progress bars do; what is longer below stays, as on a terminal. */
function overwritten(text: string): string {
  if (!text.includes("\r")) return text;
  return text
    .replaceAll("\r\n", "\n")
    .replaceAll(/[^\n]*\r[^\n]*/g, (line) =>
      line.split("\r").reduce((below, above) => above + tailOf(below, above.length)),
    );
}

/** Nothing where colours would be cut apart. */
function tailOf(line: string, start: number): string {
  const tail = line.slice(start);
  return line.includes("\u001b") ? "" : tail;
}
