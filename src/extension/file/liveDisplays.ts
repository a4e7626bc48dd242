import type { EditorCell } from "./editorNotebook";
import type { EditorOutput } from "./editorOutput";

interface Told {
  readonly executionCount: number | undefined;
  /** The display of each output, undefined where it has none. */
  readonly displays: readonly (string | undefined)[];
}

/**
 * Under which names a kernel answers for a cell's figures. A file does not keep them, since no kernel outlives its
 * window; but within one, a notebook that is saved under another name, renamed, or opened again while its kernel goes on
 * is read from its file anew, and its figures are the same.
 */
export class LiveDisplays {
  private readonly ofCell = new Map<string, Told>();

  /** The cells as they are written to a file. */
  note(cells: readonly EditorCell[]): void {
    for (const { metadata, executionCount, outputs } of cells) {
      if (typeof metadata.id !== "string") continue;
      const displays = outputs.map(displayOf);
      if (displays.some((display) => display !== undefined))
        this.ofCell.set(metadata.id, { executionCount, displays });
      else this.ofCell.delete(metadata.id);
    }
  }

  /** The cells as they were read from a file: those that are as they were written get their displays back. */
  restore(cells: readonly EditorCell[]): readonly EditorCell[] {
    return cells.map((cell) => {
      const told = typeof cell.metadata.id === "string" ? this.ofCell.get(cell.metadata.id) : undefined;
      if (told?.executionCount !== cell.executionCount || told?.displays.length !== cell.outputs.length)
        return cell;
      return { ...cell, outputs: cell.outputs.map((output, i) => named(output, told.displays[i])) };
    });
  }
}

function displayOf({ metadata }: EditorOutput): string | undefined {
  const vaenb = metadata?.vaenb;
  if (typeof vaenb !== "object" || vaenb === null || !("display" in vaenb)) return undefined;
  return typeof vaenb.display === "string" ? vaenb.display : undefined;
}

const named = (output: EditorOutput, display: string | undefined): EditorOutput =>
  display === undefined ? output : { ...output, metadata: { ...output.metadata, vaenb: { display } } };
