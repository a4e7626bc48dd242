import type { Event } from "../protocol/messages";
import type { MimeBundle } from "../protocol/mime";
import { Answers, type Input } from "./answers";
import { LongOutput } from "./longOutput";
import { ProgressLine } from "./progressLine";
import type { Reporter } from "./ports";

/** Where a person reads: the streams of the process, or of a test. */
export interface Screen {
  readonly stdout: { write(text: string): unknown; readonly isTTY?: boolean };
  readonly stderr: { write(text: string): unknown; readonly isTTY?: boolean; readonly columns?: number };
  readonly stdin: Input;
}

/**
 * Prints a run for people and pipes: what cells print goes where it would go without a notebook, values as text, errors
 * to standard error, and on a terminal one line of progress below it all.
 */
export class TerminalReporter implements Reporter {
  private readonly progress: ProgressLine;
  private readonly answers: Answers;
  /** Displays that were redrawn since they were printed; the last state is printed when the cell ends. */
  private readonly redrawn = new Map<string, string>();
  private place = "";
  /** Where a person looks on; files and pipes get everything. */
  private long = new LongOutput();

  constructor(
    private readonly screen: Screen,
    private readonly how: { readonly quiet?: boolean; readonly full?: boolean } = {},
    interrupt: () => void = () => void process.kill(process.pid, "SIGINT"),
  ) {
    this.progress = new ProgressLine(screen.stderr, how.quiet ?? false);
    this.answers = new Answers(screen.stdin, () => {
      screen.stderr.write("\n");
      interrupt();
    });
  }

  cellBegins({ number, position, total, source }: Parameters<Reporter["cellBegins"]>[0]): void {
    const title = source.split("\n").find((line) => line.trim() !== "") ?? "";
    this.place = `[${position}/${total}]`;
    this.long = new LongOutput();
    this.progress.begin(`${this.place} Cell ${number}: ${title.trim()}`);
  }

  shows(event: Event): void {
    switch (event.type) {
      case "stream":
        return this.printStream(event.name, event.text);
      case "display":
        return this.printLine("stdout", textOf(event.bundle));
      case "update":
        return this.redraws(event.display, textOf(event.bundle));
      case "error":
        return this.printLine("stderr", event.error.text);
      default:
        return;
    }
  }

  cellEnds(): void {
    this.flushLong();
    for (const text of this.redrawn.values()) this.printLine("stdout", text);
    this.redrawn.clear();
    this.progress.end();
  }

  notes(text: string): void {
    this.printLine("stderr", text);
  }

  async asks(prompt: string, password: boolean): Promise<string | undefined> {
    this.flushLong();
    this.progress.pause();
    this.screen.stderr.write(`${prompt} `);
    const answer = password ? await this.answers.nextHidden() : await this.answers.next();
    // The line that was typed ended on the screen; one that was hidden did not.
    if (password && this.screen.stdin.isTTY) this.screen.stderr.write("\n");
    this.progress.resume();
    return answer;
  }

  close(): void {
    this.progress.end();
    this.answers.close();
  }

  /** The state it ends in is printed; until then, what it says under its title stands in the line of progress. */
  private redraws(display: string, text: string): void {
    this.redrawn.set(display, text);
    const [title = "", state = title] = text.split("\n", 2);
    this.progress.latest(`${this.place} ${state}`);
  }

  private printStream(name: "stdout" | "stderr", text: string): void {
    if (name === "stderr") this.flushLong();
    if (name === "stderr" || !this.screen.stdout.isTTY || this.how.full) return this.print(name, text);
    this.print(name, this.long.take(text));
    const { latest } = this.long;
    if (latest !== undefined) this.progress.latest(`${this.place} ${latest}`);
  }

  private flushLong(): void {
    this.print("stdout", this.long.flush());
  }

  private printLine(name: "stdout" | "stderr", text: string): void {
    this.flushLong();
    if (text !== "") this.print(name, text.endsWith("\n") ? text : `${text}\n`, true);
  }

  private print(name: "stdout" | "stderr", text: string, ownLine = false): void {
    if (this.how.quiet && name === "stdout") return;
    this.progress.around(text, ownLine, (printed) => this.screen[name].write(printed));
  }
}

/** A value as text; one that has none is named by what it has. */
function textOf(bundle: MimeBundle): string {
  for (const mime of ["text/plain", "text/markdown"]) {
    const content = bundle[mime];
    if (typeof content === "string") return content;
  }
  const types = Object.keys(bundle);
  return types.length === 0 ? "" : `[${types.join(", ")}]`;
}
