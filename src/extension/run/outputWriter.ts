import type { Event } from "../../protocol/messages";
import type { EditorOutput } from "../file/editorOutput";
import { CellOutputs, type OutputPort } from "./cellOutputs";

export interface WriterEnvironment<O> {
  readonly make: (output: EditorOutput) => O;
  /** Opens a cell for writing, also one that has ended; `work` is not called where there is no such cell any more. */
  readonly open: (cell: string, work: (port: OutputPort<O>) => Promise<void>) => Promise<void>;
  readonly now: () => number;
  readonly after: (milliseconds: number, then: () => void) => void;
  /** Whether the kernel should wait: the editor has more text to take than it can. */
  readonly hold: (wait: boolean) => void;
}

/** How often the editor is told of new text; less often while it takes long, so that half of its time stays its own. */
const TELL_EVERY = 50;
const TELL_AT_LEAST_EVERY = 1_000;
/** A cell that shows nothing for this long after its start loses what it showed before. */
const CLEAR_AFTER = 100;
const TOO_MUCH = 1_000_000;

/** Brings what a notebook's kernel shows to the editor, at the pace of the editor. */
export class OutputWriter<O> {
  private readonly cells = new Map<string, CellOutputs<O>>();
  private readonly counts = new Map<string, number>();
  private timerAt = Infinity;
  private lastTold = -Infinity;
  private pace = TELL_EVERY;
  private tellings = 0;
  private telling: Promise<void> = Promise.resolve();

  constructor(private readonly environment: WriterEnvironment<O>) {}

  /** A cell starts: its old outputs go when it shows something, or soon. */
  start(cell: string, executionCount: number): void {
    this.counts.set(cell, executionCount);
    this.of(cell).restart(this.environment.now() + CLEAR_AFTER);
    this.schedule(CLEAR_AFTER);
  }

  take(event: Event): void {
    if (event.type === "update") {
      const shown = [...this.cells.values()].filter((cell) => cell.shows(event.display));
      if (shown.length === 0) return;
      for (const cell of shown) cell.take(event);
    } else if ("cell" in event && event.cell !== undefined) {
      const cell = this.of(event.cell);
      cell.take(event);
      if (event.type === "stream" && cell.unsaidLength > TOO_MUCH) this.environment.hold(true);
    }
    const since = this.environment.now() - this.lastTold;
    this.schedule(Math.max(0, this.pace - since));
  }

  /** The cell has ended: resolves when the editor shows all of it. */
  async finish(cell: string): Promise<void> {
    await this.tell([cell], true);
  }

  private of(cell: string): CellOutputs<O> {
    const known = this.cells.get(cell);
    if (known) return known;
    const made = new CellOutputs<O>(this.environment.make, () => this.counts.get(cell) ?? 0);
    this.cells.set(cell, made);
    return made;
  }

  private schedule(milliseconds: number): void {
    if (this.tellings > 0) return; // Its end looks for what came meanwhile.
    const at = this.environment.now() + milliseconds;
    if (at >= this.timerAt) return;
    this.timerAt = at;
    this.environment.after(milliseconds, () => {
      if (this.timerAt !== at) return;
      this.timerAt = Infinity;
      void this.tell([...this.cells.keys()], false);
    });
  }

  /** One telling after the other: the next begins when the editor has taken the one before. */
  private tell(cells: readonly string[], all: boolean): Promise<void> {
    this.tellings += 1;
    this.telling = this.telling.then(async () => {
      const began = this.environment.now();
      for (const cell of cells) await this.tellOne(cell, all);
      this.environment.hold(false);
      this.lastTold = this.environment.now();
      this.tellings -= 1;
      this.pace = Math.min(TELL_AT_LEAST_EVERY, Math.max(TELL_EVERY, this.lastTold - began));
      const due = [...this.cells.values()]
        .map((one) => one.due(this.lastTold))
        .filter((ms) => ms !== undefined);
      if (due.length > 0) this.schedule(Math.max(this.pace, Math.min(...due)));
    });
    return this.telling;
  }

  private async tellOne(cell: string, all: boolean): Promise<void> {
    const outputs = this.of(cell);
    const { now, open } = this.environment;
    const due = outputs.due(now());
    if (due === undefined || (due > 0 && !all)) return;
    let told = false;
    await open(cell, async (port) => {
      await outputs.flush(port, now(), all);
      told = true;
    }).catch(() => {});
    // The cell was deleted, or is about to run again: what it had to show is gone with it.
    if (!told) this.cells.delete(cell);
  }
}
