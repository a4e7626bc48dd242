import { appendFileSync, mkdtempSync } from "node:fs";
import os from "node:os";
import path from "node:path";

interface Printed {
  characters: number;
  file?: string;
  /** No more is written to the file: the disk is full, or there is no place for one. */
  isLost?: true;
}

/**
 * Keeps a cell's printed output to a size that editors and notebooks can bear. What goes beyond is written to a file
 * that the output names; nothing is dropped while there is room for it.
 */
export class OutputLimit {
  private readonly printed = new Map<string, Printed>();

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
    if (state.isLost) return "";
    if (state.file !== undefined) {
      const loss = this.write(state, text);
      return loss === undefined ? "" : `\n[${loss}]\n`;
    }
    if (state.characters + text.length <= this.limit) {
      state.characters += text.length;
      return text;
    }
    const cut = wholeCharacters(text, this.limit - state.characters);
    const loss = this.write(state, text.slice(cut));
    const limit = `${(this.limit / 1e6).toLocaleString("en", { maximumFractionDigits: 1 })} million characters`;
    return `${text.slice(0, cut)}\n[This cell printed more than ${limit}. ${loss ?? `The rest is in ${state.file}`}]\n`;
  }

  /** Writes to the cell's file. A front end must outlive a full disk: what cannot be written is told, once. */
  private write(state: Printed, text: string): string | undefined {
    try {
      state.file ??= path.join(mkdtempSync(path.join(this.folder, "vaenb-output-")), "output.txt");
      appendFileSync(state.file, text);
      return undefined;
    } catch (error) {
      state.isLost = true;
      const reason = error instanceof Error ? error.message : String(error);
      return `What follows is lost: it could not be written to a file (${reason}). Print less, or name a folder with room in TMPDIR`;
    }
  }
}

/** Cuts between characters, not inside one. */
function wholeCharacters(text: string, length: number): number {
  const code = text.charCodeAt(length - 1);
  return code >= 0xd800 && code <= 0xdbff ? length - 1 : length;
}
