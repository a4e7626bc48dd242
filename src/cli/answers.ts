import { createInterface, type Interface } from "node:readline";

/** The lines of standard input, one for each question. Nothing is read before the first one. */
export class Answers {
  private lines: AsyncIterator<string> | undefined;
  private reader: Interface | undefined;

  constructor(private readonly input: NodeJS.ReadableStream) {}

  /** Undefined when the input has ended. */
  async next(): Promise<string | undefined> {
    if (this.reader === undefined) {
      // Not as a terminal: that would take Ctrl-C for itself.
      this.reader = createInterface({ input: this.input, terminal: false });
      this.lines = this.reader[Symbol.asyncIterator]();
    }
    const line = await this.lines?.next();
    return line === undefined || line.done ? undefined : line.value;
  }

  close(): void {
    this.reader?.close();
  }
}
