import type { MimeBundle } from "../../protocol/mime";
import { Beat } from "../../vae/beat";
import type { Emit } from "../emit";
import { type Presenter, textBundle, toBundle } from "./bundle";
import type { Run } from "../cells/run";
import type { CellOf } from "./streams";

const live = Symbol.for("vaenb.live");
const answer = Symbol.for("vaenb.answer");

/** So often is a living figure drawn again at most, in milliseconds: a front end takes 25 ms for a chart. */
const UPDATE_INTERVAL = 100;

export interface DisplayHandle {
  readonly id: string;
  /** Shows another value in the same place. */
  update(value: unknown): void;
}

/** What is on show: outputs that can be updated, figures that live and figures that answer. */
export class Displays {
  private readonly shown = new Map<string, unknown>();
  private readonly unsubscribe = new Map<string, () => void>();
  private readonly ofCell = new Map<string, Set<string>>();
  private readonly announced = new WeakSet<object>();
  private counter = 0;
  /** Values that take their time to say how they look; those behind them wait. */
  private queue: Promise<void> = Promise.resolve();
  private waiting = 0;
  /** Living figures that changed and will be drawn when their interval is over. */
  private readonly due = new Map<() => void, NodeJS.Timeout>();

  constructor(
    private readonly emit: Emit,
    private readonly cellOf: CellOf,
    private readonly present: Presenter,
  ) {}

  /** Shows a value in the cell whose code runs. */
  show(value: unknown, options: { id?: string; result?: boolean } = {}): DisplayHandle {
    const cell = this.cellOf();
    const display = options.id ?? `display-${process.pid}-${++this.counter}`;
    this.remember(display, value);
    this.send(value, options.result ?? false, (bundle) =>
      this.emit({ type: "display", cell, display, bundle, ...(options.result ? { result: true } : {}) }),
    );
    return { id: display, update: (next) => this.update(display, next) };
  }

  /** Shows what nobody returned yet. Should the cell return it after all, it is there already. */
  announce(value: object): void {
    this.announced.add(value);
    this.show(value);
  }

  /** Shows the value of a cell's last expression. */
  showResult(value: unknown): void {
    const isThere = typeof value === "object" && value !== null && this.announced.delete(value);
    if (!isThere) this.show(value, { result: true });
  }

  /** Shows a bundle as it is. */
  showBundle(bundle: MimeBundle): void {
    const cell = this.cellOf();
    this.enqueue(bundle, () => this.emit({ type: "display", cell, bundle }));
  }

  update(display: string, value: unknown): void {
    this.remember(display, value);
    this.send(value, false, (bundle) => this.emit({ type: "update", display, bundle }));
  }

  /** Resolves when all that was shown so far is on its way, living figures in their last state. A Stop ends the wait. */
  async settled(run: Run): Promise<void> {
    for (const drawNow of [...this.due.keys()]) drawNow();
    await run.wait(this.queue);
  }

  /** Values that do not say how they look hold up nothing any more. */
  abandon(): void {
    this.queue = Promise.resolve();
    this.waiting = 0;
  }

  /** The cell runs again: what it showed neither answers nor changes any more, and is free to go. */
  forget(cell: string): void {
    for (const display of this.ofCell.get(cell) ?? []) {
      this.unsubscribe.get(display)?.();
      this.unsubscribe.delete(display);
      this.shown.delete(display);
    }
    this.ofCell.delete(cell);
  }

  /** Asks a figure on behalf of its view. */
  ask(display: string, question: string, payload: unknown): Promise<unknown> {
    const figure = this.shown.get(display);
    if (
      typeof figure !== "object" ||
      figure === null ||
      !(answer in figure) ||
      typeof figure[answer] !== "function"
    )
      return Promise.reject(
        new Error("This output belongs to an earlier kernel, or does not answer. Run its cell again."),
      );
    return Promise.resolve(Reflect.apply(figure[answer], figure, [question, payload]));
  }

  private send(value: unknown, isResult: boolean, emit: (bundle: MimeBundle) => void): void {
    const isText = typeof value === "string" && !isResult;
    const bundle = isText ? textBundle(value) : toBundle(value, this.present);
    this.enqueue(bundle, emit);
  }

  /** At once if nothing waits, so that displays keep their place among printed lines; else in turn. */
  private enqueue(bundle: MimeBundle | Promise<MimeBundle>, emit: (bundle: MimeBundle) => void): void {
    if (this.waiting === 0 && !(bundle instanceof Promise)) return emit(bundle);
    this.waiting += 1;
    const turn = this.queue.then(async () => emit(await bundle));
    // toBundle does not reject; should a bundle be refused all the same, the next one still has its turn.
    const queue = turn
      .catch(() => {})
      .then(() => {
        if (this.queue === queue) this.waiting = 0;
      });
    this.queue = queue;
  }

  /** Keeps what may be asked or may change; other values are free to go. */
  private remember(display: string, value: unknown): void {
    this.unsubscribe.get(display)?.();
    this.unsubscribe.delete(display);
    this.shown.delete(display);
    if (typeof value !== "object" || value === null || !(answer in value || live in value)) return;
    const cell = this.cellOf();
    this.ofCell.set(cell, (this.ofCell.get(cell) ?? new Set()).add(display));
    if (answer in value) this.shown.set(display, value);
    if (live in value && typeof value[live] === "function") {
      const changed = this.limited(() =>
        this.send(value, false, (bundle) => this.emit({ type: "update", display, bundle })),
      );
      const stop: unknown = Reflect.apply(value[live], value, [changed]);
      if (typeof stop === "function")
        this.unsubscribe.set(display, () => void Reflect.apply(stop, undefined, []));
    }
  }

  /** The first change at once, later ones at most once an interval by the clock, the last one always. */
  private limited(draw: () => void): () => void {
    const beat = new Beat(UPDATE_INTERVAL);
    const drawNow = (): void => {
      clearTimeout(this.due.get(drawNow));
      this.due.delete(drawNow);
      beat.strike();
      draw();
    };
    return () => {
      if (this.due.has(drawNow)) return;
      const { wait } = beat;
      if (wait <= 0) drawNow();
      else this.due.set(drawNow, setTimeout(drawNow, wait));
    };
  }
}
