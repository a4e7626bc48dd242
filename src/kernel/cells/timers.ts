/** How many timers are kept before those that are over are looked for. */
const FEW = 64;

/** The timers that one run of a cell has started by its own code; those of libraries are the libraries' own. */
export class Timers {
  private readonly running = new Set<NodeJS.Timeout>();
  private readonly condemned = new Set<NodeJS.Timeout>();
  private lookAgainAt = FEW;

  /** Takes what `setTimeout` or `setInterval` gave; what else has these names in a cell gives something else. */
  add(timer: unknown): void {
    if (!isTimer(timer)) return;
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
    for (const timer of this.condemned) clearTimeout(timer);
    this.condemned.clear();
  }
}

const isTimer = (value: unknown): value is NodeJS.Timeout =>
  typeof value === "object" && value !== null && value.constructor === Timeout;

// Node gives this class no name to import it by.
const Timeout = (() => {
  const timer = setTimeout(() => {}, 0);
  clearTimeout(timer);
  return timer.constructor;
})();

/** Node's timers say so under this name. */
const isOver = (timer: NodeJS.Timeout): boolean => "_destroyed" in timer && timer._destroyed === true;
