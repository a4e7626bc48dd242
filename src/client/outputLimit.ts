import { appendFileSync, mkdtempSync } from "node:fs";
import os from "node:os";
import path from "node:path";

/**
 * Keeps a cell's printed output to a size that editors and notebooks can bear. What goes beyond is written to a file
 * that the output names; nothing is dropped.
 */
export class OutputLimit {
  private readonly printed = new Map<string, { characters: number; file?: string }>();

  constructor(
    private readonly limit = 10_000_000,
    private readonly folder = os.tmpdir(),
  ) {}

  /** A cell that runs again starts at nothing. */
  restart(cell: string): void {
    this.printed.delete(cell);
  }

  /** The part of the text that is shown; empty once all goes to the file. */
  pass(cell: string, text: string): string {
    const state = this.printed.get(cell) ?? { characters: 0 };
    this.printed.set(cell, state);
    if (state.file !== undefined) {
      appendFileSync(state.file, text);
      return "";
    }
    if (state.characters + text.length <= this.limit) {
      state.characters += text.length;
      return text;
    }
    const cut = wholeCharacters(text, this.limit - state.characters);
    state.file = path.join(mkdtempSync(path.join(this.folder, "vaenb-output-")), "output.txt");
    appendFileSync(state.file, text.slice(cut));
    const limit = `${(this.limit / 1e6).toLocaleString("en", { maximumFractionDigits: 1 })} million characters`;
    return `${text.slice(0, cut)}\n[This cell printed more than ${limit}. The rest is in ${state.file}]\n`;
  }
}

/** Cuts between characters, not inside one. */
function wholeCharacters(text: string, length: number): number {
  const code = text.charCodeAt(length - 1);
  return code >= 0xd800 && code <= 0xdbff ? length - 1 : length;
}
