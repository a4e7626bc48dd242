/** A page's time, narrowed to what pacing needs. */
export interface Clock {
  readonly now: () => number;
  readonly frame: (then: () => void) => void;
  readonly after: (milliseconds: number, then: () => void) => void;
}

const pageClock: Clock = {
  now: () => performance.now(),
  frame: (then) => void requestAnimationFrame(then),
  after: (milliseconds, then) => void setTimeout(then, milliseconds),
};

/** One long wait for the processor says nothing of what a drawing costs: the least of so many does. */
const measured = 3;

/**
 * Draws what changes often: the newest state of each, with the next frame, and then not before as much time has passed as
 * a drawing and its painting take. Half of the time stays the editor's, which in a browser shares this thread.
 */
export class Paced<Content> {
  private readonly waiting = new Map<string, Content>();
  private isBusy = false;
  private costs: readonly number[] = [];

  constructor(
    private readonly draw: (key: string, content: Content) => void,
    private readonly clock: Clock = pageClock,
  ) {}

  put(key: string, content: Content): void {
    this.waiting.set(key, content);
    if (this.isBusy) return;
    this.isBusy = true;
    this.clock.frame(this.turn);
  }

  /** Something newer is on the screen already. */
  drop(key: string): void {
    this.waiting.delete(key);
  }

  private readonly turn = (): void => {
    const { now, frame, after } = this.clock;
    const began = now();
    const contents = [...this.waiting];
    this.waiting.clear();
    for (const [key, content] of contents) this.draw(key, content);
    const rest = (): void => {
      if (this.waiting.size > 0) frame(this.turn);
      else this.isBusy = false;
    };
    // A task of its own comes after what the drawing left to do, and after the frame is painted.
    after(0, () => {
      this.costs = [...this.costs, now() - began].slice(-measured);
      after(Math.min(...this.costs), rest);
    });
  };
}
