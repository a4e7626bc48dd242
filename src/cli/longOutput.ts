/** Lines of a cell that a terminal shows at once. */
const HEAD = 20;
/** The last lines, shown behind the note that says how many are left out. */
const TAIL = 5;
/** Leaving out fewer than these would save nothing. */
const WORTH = 10;

/**
 * What of a cell's printed lines a terminal shows: the first ones as they come, then how many there were, and the last
 * ones. A thousand lines would push all that came before them off the screen.
 */
export class LongOutput {
  private lines = 0;
  /** The lines since the head was full: the last ones whole, the others counted. */
  private held: string[] = [];
  private heldLines = 0;
  private part = "";

  /** What to print now. */
  take(text: string): string {
    let shown = "";
    // Each with the line break at its end; what follows the last one is a line that goes on.
    for (const line of text.match(/[^\n]*\n|[^\n]+$/g) ?? []) {
      if (this.lines < HEAD) {
        shown += line;
        if (line.endsWith("\n")) this.lines += 1;
      } else this.hold(line);
    }
    return shown;
  }

  /** The line that was printed last, of those that are not shown; one that goes on, such as a bar, as far as it is. */
  get latest(): string | undefined {
    return this.part.trim() === "" ? this.held.at(-1)?.trimEnd() : this.part.trimEnd();
  }

  /** What to print before anything else is: the note and the last lines. */
  flush(): string {
    const kept = [...this.held, ...(this.part === "" ? [] : [this.part])];
    const left = this.heldLines - this.held.length;
    this.held = [];
    this.heldLines = 0;
    this.part = "";
    return left === 0 ? kept.join("") : `${note(left)}\n${kept.join("")}`;
  }

  private hold(line: string): void {
    this.part = withoutOverwritten(this.part + line);
    if (!line.endsWith("\n")) return;
    this.held.push(this.part);
    this.heldLines += 1;
    this.part = "";
    const most = this.heldLines > TAIL + WORTH ? TAIL : TAIL + WORTH;
    if (this.held.length > most) this.held.splice(0, this.held.length - most);
  }
}

/** A line that is written again and again shows what was written last. */
const withoutOverwritten = (line: string): string =>
  line.slice(line.lastIndexOf("\r", line.replace(/\r?\n?$/, "").length - 1) + 1);

const note = (lines: number): string =>
  `... ${lines.toLocaleString("en")} more lines, which the notebook of --output has ...`;
