import type { Event } from "../../protocol/messages";
import type { MimeBundle } from "../../protocol/mime";
import type { EditorOutput } from "../file/editorOutput";
import { CellOutputs, type OutputPort, type Redraw } from "./cellOutputs";

export interface WriterEnvironment<O> {
  readonly make: (output: EditorOutput) => O;
  /** Opens a cell for writing, also one that has ended; `work` is not called where there is no such cell any more. */
  readonly open: (cell: string, work: (port: OutputPort<O>) => Promise<void>) => Promise<void>;
  /** Whether the cell runs: to one that has ended the editor takes text only as if it ran again for a moment. */
  readonly isRunning: (cell: string) => boolean;
  /** Whether the cell waits for its turn: the editor takes nothing for it now, perhaps later. */
  readonly isWaiting: (cell: string) => boolean;
  readonly redraw: Redraw;
  /** Where the editor finds a cell, for links. */
  readonly uriOf?: (cell: string) => string | undefined;
  readonly now: () => number;
  readonly after: (milliseconds: number, then: () => void) => void;
  /** Whether the kernel should wait: the editor has more text to take than it can. */
  readonly hold: (wait: boolean) => void;
}

/** How often the editor is told of new text; less often while it takes long, so that half of its time stays its own. */
const TELL_EVERY = 50;
const TELL_AT_LEAST_EVERY = 1_000;
/** A cell that has ended is told of more text at this pace: each time it looks busy for half a second. */
const TELL_LATE_EVERY = 500;
/** A cell that shows nothing for this long after its start loses what it showed before. */
const CLEAR_AFTER = 100;
const TOO_MUCH = 1_000_000;

/** Brings what a notebook's kernel shows to the editor, at the pace of the editor. */
export class OutputWriter<O> {
  private readonly cells = new Map<string, CellOutputs<O>>();
  private readonly counts = new Map<string, number>();
  /** The cells that show something new while there is no document; undefined while there is one. */
  private unseen: Set<string> | undefined;
  private readonly toldLate = new Map<string, number>();
  private timerAt = Infinity;
  private lastTold = -Infinity;
  private pace = TELL_EVERY;
  private tellings = 0;
  private telling: Promise<void> = Promise.resolve();
  /** Counts the documents: what the editor still says of an earlier one does not matter. */
  private document = 0;

  constructor(private readonly environment: WriterEnvironment<O>) {}

  /** A cell starts: its old outputs go when it shows something, or soon. */
  start(cell: string, executionCount: number): void {
    this.counts.set(cell, executionCount);
    this.of(cell).restart(this.environment.now() + CLEAR_AFTER);
    this.unseen?.add(cell);
    this.schedule(CLEAR_AFTER);
  }

  take(event: Event): void {
    const now = this.environment.now();
    if (event.type === "update") {
      const shown = [...this.cells].filter(([, outputs]) => outputs.shows(event.display));
      if (shown.length === 0) return;
      for (const [cell, outputs] of shown) {
        outputs.take(event, now);
        this.unseen?.add(cell);
      }
    } else if ("cell" in event && event.cell !== undefined) {
      const outputs = this.of(event.cell);
      outputs.take(event, now);
      this.unseen?.add(event.cell);
      // Without a document nobody takes it soon, and the kernel must not wait for that.
      if (!this.unseen && event.type === "stream" && outputs.unsaidLength > TOO_MUCH)
        this.environment.hold(true);
    }
    this.schedule(Math.max(0, this.pace - (now - this.lastTold)));
  }

  /** The kernel is gone, and nothing goes on: `change` says what a figure shows now, if it is something else. */
  ended(change: (bundle: MimeBundle) => MimeBundle | undefined): void {
    for (const [cell, outputs] of this.cells)
      if (outputs.change(change, this.environment.now())) this.unseen?.add(cell);
    this.schedule(0);
  }

  /** The cell ends: tells the rest of it, all at once, before the caller closes it. Answers whether it shows anything. */
  finish(cell: string, port: OutputPort<O>): boolean {
    const outputs = this.of(cell);
    outputs.flush(port, this.environment.now(), true).catch(() => {});
    this.environment.hold(false);
    return outputs.showsAnything;
  }

  /** Brings the document up to date, as before it is saved. */
  async settle(): Promise<void> {
    if (!this.unseen) await this.tell(true);
  }

  /** The person took away what a cell shows. Later states of it are shown no more; a cell that runs shows what it has next. */
  emptied(cell: string): void {
    const outputs = this.cells.get(cell);
    if (!outputs) return;
    if (this.environment.isRunning(cell)) return outputs.empty();
    // What the document has not seen yet was not taken away: the cell emptied itself, to show something else.
    if (outputs.hasArrived) this.cells.delete(cell);
  }

  /** The document is gone: what comes from now on waits for the next one. `shown`: what it showed of a cell. */
  detach(running: string | undefined, shown: (cell: string) => readonly string[]): void {
    if (this.unseen) return;
    this.unseen = new Set(running === undefined ? [] : [running]);
    for (const [cell, outputs] of this.cells) outputs.detach(shown(cell));
    this.document += 1;
    this.tellings = 0;
    this.telling = Promise.resolve();
    this.environment.hold(false);
  }

  /** There is a document again; what it has not seen is told to it. */
  attach(): void {
    const { unseen } = this;
    if (!unseen) return;
    this.unseen = undefined;
    for (const [cell, outputs] of this.cells) if (!unseen.has(cell)) outputs.rest();
    this.schedule(0);
  }

  private of(cell: string): CellOutputs<O> {
    const known = this.cells.get(cell);
    if (known) return known;
    const { make, uriOf } = this.environment;
    const made = new CellOutputs<O>(make, () => this.counts.get(cell) ?? 0, uriOf);
    this.cells.set(cell, made);
    return made;
  }

  private schedule(milliseconds: number): void {
    if (this.unseen || this.tellings > 0) return; // The next document, or the end of the telling, looks for it.
    const at = this.environment.now() + milliseconds;
    if (at >= this.timerAt) return;
    this.timerAt = at;
    this.environment.after(milliseconds, () => {
      if (this.timerAt !== at) return;
      this.timerAt = Infinity;
      void this.tell(false);
    });
  }

  /** One telling after the other: the next begins when the editor has taken the one before. */
  private tell(all: boolean): Promise<void> {
    this.tellings += 1;
    const { document } = this;
    this.telling = this.telling.then(async () => {
      if (document !== this.document) return;
      const began = this.environment.now();
      for (const cell of [...this.cells.keys()]) {
        await this.tellOne(cell, all);
        if (document !== this.document) return;
      }
      this.environment.hold(false);
      this.lastTold = this.environment.now();
      this.tellings -= 1;
      this.pace = Math.min(TELL_AT_LEAST_EVERY, Math.max(TELL_EVERY, this.lastTold - began));
      const due = [...this.cells.keys()].map((cell) => this.due(cell)).filter((ms) => ms !== undefined);
      if (due.length > 0) this.schedule(Math.max(this.pace, Math.min(...due)));
    });
    return this.telling;
  }

  private due(cell: string): number | undefined {
    const now = this.environment.now();
    const outputs = this.of(cell);
    if (this.environment.isRunning(cell)) return outputs.due(now);
    const due = outputs.dueLate(now);
    if (due === undefined) return undefined;
    return outputs.isRedrawnOnly
      ? due
      : Math.max(due, (this.toldLate.get(cell) ?? -Infinity) + TELL_LATE_EVERY - now);
  }

  private async tellOne(cell: string, all: boolean): Promise<void> {
    const outputs = this.of(cell);
    const { now, open, isRunning, redraw } = this.environment;
    const due = all ? outputs.due(now()) : this.due(cell);
    if (due === undefined || (due > 0 && !all)) return;
    if (!isRunning(cell)) {
      const isTooSoon = now() - (this.toldLate.get(cell) ?? -Infinity) < TELL_LATE_EVERY;
      if (!all && (outputs.redraw(redraw, now()) || isTooSoon)) return;
      this.toldLate.set(cell, now());
    }
    let told = false;
    await open(cell, async (port) => {
      told = true;
      await outputs.flush(port, now(), all, redraw);
    }).catch(() => {});
    // The cell was deleted: what it had to show is gone with it.
    if (!told && !this.unseen && !this.environment.isWaiting(cell)) this.cells.delete(cell);
  }
}
