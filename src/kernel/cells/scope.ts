import type { SessionNames } from "./cellForm";
import { CELL_GIFTS } from "./names";
import type { DeclarationKind } from "./references";

const gifts: ReadonlySet<string> = new Set(CELL_GIFTS);

/**
 * The variables of all cells. Compiled cells hold them as properties of `values`; what is not there falls through to a
 * prototype that knows the globals and says what is missing, and why.
 */
export class Scope implements SessionNames {
  private readonly kinds = new Map<string, DeclarationKind>();
  /** The names that the latest cell declares. */
  private latest: ReadonlySet<string> = new Set();
  readonly values: Record<string, unknown>;
  /** Stands in for the scope where a cell writes to a constant. */
  readonly constants: object;

  constructor() {
    const beyond = new Proxy(Object.create(null) as object, {
      has: (_, name) => name in globalThis,
      get: (_, name) => {
        if (name in globalThis) return Reflect.get(globalThis, name) as unknown;
        throw this.missing(String(name));
      },
      set: (_, name, value, receiver: object) => {
        // The first assignment of a declared name creates it; writing to a name that nobody declared is an error.
        if (!this.kinds.has(String(name)) && !(name in globalThis)) throw this.missing(String(name));
        if (!this.kinds.has(String(name))) return Reflect.set(globalThis, name, value);
        return Reflect.defineProperty(receiver, name, {
          value,
          writable: true,
          enumerable: true,
          configurable: true,
        });
      },
    });
    this.values = Object.create(beyond) as Record<string, unknown>;
    this.constants = new Proxy(this.values, {
      set: () => {
        throw new TypeError("Assignment to constant variable.");
      },
    });
  }

  private missing(name: string): ReferenceError {
    const kind = this.kinds.get(name);
    if (kind === "import") return new ReferenceError(`${name} is not there: the cell that imports it failed`);
    if (kind === undefined) return new ReferenceError(`${name} is not defined`);
    return new ReferenceError(
      this.latest.has(name)
        ? `Cannot access '${name}' before initialization`
        : `${name} has no value: the cell that declares it failed, or has not come that far`,
    );
  }

  /** Announces what a cell is about to declare. Old values stay until they are assigned again. */
  declare(names: ReadonlyMap<string, DeclarationKind>): void {
    this.latest = new Set(names.keys());
    for (const [name, kind] of names) {
      this.kinds.set(name, kind);
      // What was an import is a binding of another module; a variable of the same name takes its place.
      const old = Object.getOwnPropertyDescriptor(this.values, name);
      if (old?.get && kind !== "import") Reflect.deleteProperty(this.values, name);
      // A `var` exists from the start of its cell, with the value that it may have.
      if (kind === "var" && !this.isAssigned(name)) this.values[name] = undefined;
    }
  }

  /** Binds a name to whatever `read` gives: a live binding of a module. */
  bind(name: string, read: () => unknown): void {
    Object.defineProperty(this.values, name, {
      get: read,
      set: () => {
        throw new TypeError("Assignment to constant variable.");
      },
      enumerable: true,
      configurable: true,
    });
  }

  typeOf(name: string): string {
    return this.isAssigned(name) || name in globalThis ? typeof this.values[name] : "undefined";
  }

  isAssigned(name: string): boolean {
    return Object.hasOwn(this.values, name);
  }

  /** What is assigned, in the order of first declaration. */
  names(): readonly string[] {
    return [...this.kinds.keys()].filter((name) => this.isAssigned(name));
  }

  kindOf(name: string): DeclarationKind | undefined {
    return this.kinds.get(name);
  }

  isGlobal(name: string): boolean {
    return name in globalThis || gifts.has(name);
  }
}
