import { executionAsyncResource } from "node:async_hooks";

/** How many timers are kept before those that are over are looked for. */
const FEW = 64;

type Timer = NodeJS.Timeout | NodeJS.Immediate;

/** The timers that one run of a cell has started by its own code; those of libraries are the libraries' own. */
export class Timers {
  private readonly running = new Set<Timer>();
  private readonly condemned = new Set<object>();
  private lookAgainAt = FEW;

  /** Takes what `setTimeout` and its like gave; what else has these names in a cell gives something else. */
  add(timer: unknown): void {
    if (!isTimeout(timer) && !isImmediate(timer)) return;
    // Where a condemned one starts the next, the two are one to a person.
    if (this.condemned.has(executionAsyncResource())) {
      this.condemned.add(timer);
      return;
    }
    this.running.add(timer);
    if (this.running.size < this.lookAgainAt) return;
    for (const one of this.running) if (isOver(one)) this.running.delete(one);
    this.lookAgainAt = Math.max(FEW, this.running.size * 2);
  }

  /** A Stop means the timers that there are now. */
  condemn(): void {
    for (const timer of this.running) this.condemned.add(timer);
    this.running.clear();
  }

  endCondemned(): void {
    for (const timer of this.condemned)
      if (isImmediate(timer)) clearImmediate(timer);
      else if (isTimeout(timer)) clearTimeout(timer);
    this.condemned.clear();
  }
}

// Node gives these classes no names to import them by.
const Timeout = (() => {
  const timer = setTimeout(() => {}, 0);
  clearTimeout(timer);
  return timer.constructor;
})();
const Immediate = (() => {
  const timer = setImmediate(() => {});
  clearImmediate(timer);
  return timer.constructor;
})();

const isTimeout = (value: unknown): value is NodeJS.Timeout =>
  typeof value === "object" && value !== null && value.constructor === Timeout;

const isImmediate = (value: unknown): value is NodeJS.Immediate =>
  typeof value === "object" && value !== null && value.constructor === Immediate;

/** Node's timers say so under this name. */
const isOver = (timer: Timer): boolean => "_destroyed" in timer && timer._destroyed === true;
