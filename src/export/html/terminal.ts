import { AnsiUp } from "ansi_up";
import { escapeHtml, Html } from "./markup";

/** What was printed to a terminal: its colours become spans, and lines that were written over show what was last. */
export function terminalText(text: string): Html {
  const shown = overwritten(text);
  if (!shown.includes("\u001b")) return new Html(escapeHtml(shown));
  const terminal = new AnsiUp();
  terminal.use_classes = true;
  // The sequence at the end flushes what looks like the beginning of one.
  return new Html(terminal.ansi_to_html(`${shown}\u001b[0m`));
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
