import type { Node } from "../graph";

/**
 * How one tfjs kernel is written as a graph. A rule sees the kernel's inputs as nodes and its attributes as tfjs
 * passes them; it gives back one node per output.
 */
export type Rule = (inputs: RuleInputs, attributes: RuleAttributes) => Node | readonly Node[];

export type RuleTable = Readonly<Record<string, Rule>>;

/** The inputs of a kernel call, by tfjs's names; lists (Concat, Pack) are named "0", "1", ... */
export class RuleInputs {
  constructor(
    readonly kernel: string,
    private readonly nodes: ReadonlyMap<string, Node>,
  ) {}

  get(name: string): Node {
    const node = this.nodes.get(name);
    if (!node) throw new Error(`${this.kernel} was called without its input "${name}"`);
    return node;
  }

  optional(name: string): Node | undefined {
    return this.nodes.get(name);
  }

  all(): readonly Node[] {
    return [...this.nodes.values()];
  }
}

/** The attributes of a kernel call, read with a check of their type. */
export class RuleAttributes {
  constructor(
    readonly kernel: string,
    private readonly values: Readonly<Record<string, unknown>>,
  ) {}

  number(name: string, fallback?: number): number {
    const value = this.values[name] ?? fallback;
    if (typeof value !== "number") throw this.unexpected(name, "a number");
    return value;
  }

  boolean(name: string): boolean {
    return this.values[name] === true;
  }

  text(name: string, fallback?: string): string {
    const value = this.values[name] ?? fallback;
    if (typeof value !== "string") throw this.unexpected(name, "a text");
    return value;
  }

  /** A list of numbers; a single number is a list of one. */
  numbers(name: string): readonly number[] {
    const value = this.values[name];
    if (typeof value === "number") return [value];
    if (!isNumbers(value)) throw this.unexpected(name, "a list of numbers");
    return value;
  }

  /** A list of numbers, or nothing where tfjs leaves it out. */
  optionalNumbers(name: string): readonly number[] | undefined {
    return this.values[name] === undefined || this.values[name] === null ? undefined : this.numbers(name);
  }

  /** Pairs of numbers, such as paddings. */
  pairs(name: string): readonly (readonly [number, number])[] {
    const value = this.values[name];
    if (!Array.isArray(value)) throw this.unexpected(name, "a list of pairs");
    return value.map((pair: unknown) => {
      if (!isNumbers(pair)) throw this.unexpected(name, "a list of pairs");
      return [pair[0] ?? 0, pair[1] ?? 0];
    });
  }

  raw(name: string): unknown {
    return this.values[name];
  }

  private unexpected(name: string, wanted: string): Error {
    return new Error(
      `${this.kernel}: attribute "${name}" should be ${wanted}, got ${JSON.stringify(this.values[name])}`,
    );
  }
}

const isNumbers = (value: unknown): value is readonly number[] =>
  (Array.isArray(value) || ArrayBuffer.isView(value)) &&
  Array.from(value as ArrayLike<unknown>).every((item) => typeof item === "number");

/** Axes as tfjs takes them (one, several, none for all, negative from the end) as a sorted list. */
export function resolveAxes(axes: readonly number[] | undefined, rank: number): readonly number[] {
  if (!axes) return Array.from({ length: rank }, (_, i) => i);
  return axes.map((axis) => (axis < 0 ? axis + rank : axis)).sort((a, b) => a - b);
}

export const resolveAxis = (axis: number, rank: number): number => (axis < 0 ? axis + rank : axis);
