import type { Event } from "../protocol/messages";
import type { MimeBundle } from "../protocol/mime";
import { Answers, type Input } from "./answers";
import { ProgressLine } from "./progressLine";
import type { Reporter } from "./ports";

/** Where a person reads: the streams of the process, or of a test. */
export interface Screen {
  readonly stdout: { write(text: string): unknown };
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

  constructor(
    private readonly screen: Screen,
    private readonly quiet: boolean,
    interrupt: () => void = () => void process.kill(process.pid, "SIGINT"),
  ) {
    this.progress = new ProgressLine(screen.stderr, quiet);
    this.answers = new Answers(screen.stdin, () => {
      screen.stderr.write("\n");
      interrupt();
    });
  }

  cellBegins({ number, position, total, source }: Parameters<Reporter["cellBegins"]>[0]): void {
    const title = source.split("\n").find((line) => line.trim() !== "") ?? "";
    this.progress.begin(`[${position}/${total}] Cell ${number}: ${title.trim()}`);
  }

  shows(event: Event): void {
    switch (event.type) {
      case "stream":
        return this.print(event.name, event.text);
      case "display":
        return this.printLine("stdout", textOf(event.bundle));
      case "update":
        return void this.redrawn.set(event.display, textOf(event.bundle));
      case "error":
        return this.printLine("stderr", event.error.text);
      default:
        return;
    }
  }

  cellEnds(): void {
    for (const text of this.redrawn.values()) this.printLine("stdout", text);
    this.redrawn.clear();
    this.progress.end();
  }

  notes(text: string): void {
    this.printLine("stderr", text);
  }

  async asks(prompt: string, password: boolean): Promise<string | undefined> {
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

  private printLine(name: "stdout" | "stderr", text: string): void {
    if (text !== "") this.print(name, text.endsWith("\n") ? text : `${text}\n`, true);
  }

  private print(name: "stdout" | "stderr", text: string, ownLine = false): void {
    if (this.quiet && name === "stdout") return;
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
