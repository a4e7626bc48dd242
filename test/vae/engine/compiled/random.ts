/** Small seeded random choices for property tests: the seed in a failure's name reproduces it. */
export class Choices {
  constructor(private state: number) {}

  /** Uniform in [0, 1): mulberry32. */
  uniform(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  between(low: number, high: number): number {
    return low + (high - low) * this.uniform();
  }

  integer(low: number, high: number): number {
    return low + Math.floor(this.uniform() * (high - low + 1));
  }

  one<T>(...options: readonly T[]): T {
    const chosen = options[this.integer(0, options.length - 1)];
    if (chosen === undefined) throw new Error("nothing to choose from");
    return chosen;
  }

  flag(): boolean {
    return this.uniform() < 0.5;
  }

  shape(minimumRank = 1, maximumRank = 4): number[] {
    return Array.from({ length: this.integer(minimumRank, maximumRank) }, () => this.integer(1, 4));
  }

  shuffled<T>(items: readonly T[]): T[] {
    const rest = [...items];
    return items.flatMap(() => rest.splice(this.integer(0, rest.length - 1), 1));
  }

  /** Some of the axes of a shape, at least one. */
  axes(rank: number): number[] {
    const some = Array.from({ length: rank }, (_, i) => i).filter(() => this.flag());
    return some.length > 0 ? some : [this.integer(0, rank - 1)];
  }

  values(size: number, low = -2, high = 2): Float32Array {
    return Float32Array.from({ length: size }, () => this.between(low, high));
  }
}
