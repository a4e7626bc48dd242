/**
 * One line at the bottom of a terminal that says which cell runs, and for how long. It goes away for each thing that is
 * printed and comes back below it; in a pipe or a file it is never there.
 */
export class ProgressLine {
  private readonly isShown: boolean;
  private text: string | undefined;
  private news: string | undefined;
  private began = 0;
  private timer: NodeJS.Timeout | undefined;
  private isDrawn = false;
  /** What was printed last ended its line. A line of ours must not hang on the end of another. */
  private atLineStart = true;

  constructor(
    private readonly terminal: {
      write(text: string): unknown;
      readonly isTTY?: boolean;
      readonly columns?: number;
    },
    quiet: boolean,
  ) {
    this.isShown = terminal.isTTY === true && !quiet;
  }

  begin(text: string): void {
    this.text = text;
    this.news = undefined;
    this.began = Date.now();
    this.resume();
  }

  /** What to show besides, the next time that the line is drawn. */
  latest(text: string): void {
    this.news = text;
  }

  end(): void {
    this.pause();
    this.text = undefined;
  }

  pause(): void {
    clearInterval(this.timer);
    this.erase();
  }

  resume(): void {
    if (!this.isShown || this.text === undefined) return;
    this.draw();
    clearInterval(this.timer);
    this.timer = setInterval(() => this.draw(), 1000);
    this.timer.unref();
  }

  /** Prints something else. `ownLine`: on a line of its own, also behind a line that did not end. */
  around(text: string, ownLine: boolean, write: (text: string) => void): void {
    if (text === "") return;
    this.erase();
    write(ownLine && !this.atLineStart ? `\n${text}` : text);
    this.atLineStart = text.endsWith("\n");
  }

  private draw(): void {
    if (this.text === undefined || !this.atLineStart) return;
    const seconds = Math.floor((Date.now() - this.began) / 1000);
    const text = this.news ?? this.text;
    const line = seconds === 0 ? text : `${seconds} s ${text}`;
    this.terminal.write(`\r\u001b[2K${[...line].slice(0, (this.terminal.columns ?? 80) - 1).join("")}`);
    this.isDrawn = true;
  }

  private erase(): void {
    if (this.isDrawn) this.terminal.write("\r\u001b[2K");
    this.isDrawn = false;
  }
}
