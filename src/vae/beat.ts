/**
 * The time for what happens at most once an interval: by the clock, so that one that comes a little late puts off no later
 * one. After a longer silence the first is at once, and the interval counts from there.
 */
export class Beat {
  private next = -Infinity;
  constructor(private readonly milliseconds: number) {}

  /** How long until it is time, in milliseconds; not above 0 when it is. */
  get wait(): number {
    return this.next - performance.now();
  }

  /** It happens now. */
  strike(): void {
    const now = performance.now();
    const isLittleLate = now - this.next < this.milliseconds / 2;
    this.next = (isLittleLate ? this.next : now) + this.milliseconds;
  }
}
