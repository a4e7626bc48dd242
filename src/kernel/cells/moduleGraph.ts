/** Which file points to which: imports, or waits. */
export class ModuleGraph {
  private readonly below = new Map<string, Set<string>>();

  add(from: string, to: string): void {
    const targets = this.below.get(from) ?? new Set();
    this.below.set(from, targets.add(to));
  }

  remove(from: string, to: string): void {
    this.below.get(from)?.delete(to);
  }

  removeFrom(from: string): void {
    this.below.delete(from);
  }

  reaches(from: string, to: string): boolean {
    return from === to || this.above(to).has(from);
  }

  /** The file itself and all that point to it, directly or not. */
  above(file: string): ReadonlySet<string> {
    const found = new Set([file]);
    for (const one of found) for (const [from, targets] of this.below) if (targets.has(one)) found.add(from);
    return found;
  }
}
