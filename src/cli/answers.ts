import { createInterface, type Interface } from "node:readline";
import { type HiddenInput, readHiddenLine } from "./hiddenLine";

/** Where answers come from; a terminal can read without showing what is typed. */
export type Input = NodeJS.ReadableStream & Partial<HiddenInput> & { readonly isTTY?: boolean };

/** The lines of standard input, one for each question. Nothing is read before the first one. */
export class Answers {
  private lines: AsyncIterator<string> | undefined;
  private reader: Interface | undefined;
  private stopHiding = (): void => {};

  constructor(
    private readonly input: Input,
    /** What Ctrl-C means, where it is read as a key. */
    private readonly interrupt: () => void,
  ) {}

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

  /** Like `next`, and on a terminal nobody sees the answer. */
  async nextHidden(): Promise<string | undefined> {
    if (!canHide(this.input)) return this.next();
    this.forgetReader();
    const reading = readHiddenLine(this.input, this.interrupt);
    this.stopHiding = reading.stop;
    return reading.line;
  }

  close(): void {
    this.stopHiding();
    this.forgetReader();
  }

  private forgetReader(): void {
    this.reader?.close();
    this.reader = undefined;
  }
}

const canHide = (input: Input): input is NodeJS.ReadableStream & HiddenInput =>
  input.isTTY === true && input.setRawMode !== undefined;
