import type { Scope } from "../cells/scope";
import { valueAt } from "../language/path";

/** One name among an object of options. */
export interface Option {
  readonly name: string;
  readonly type: string;
  readonly doc?: string;
  readonly options?: readonly Option[];
}

/** What the library's source says of one name. */
export interface Entry {
  readonly signature: string;
  readonly doc?: string;
  /** By the place of the parameter that takes them. */
  readonly options?: Readonly<Record<string, readonly Option[]>>;
}

/** What `extract.mjs` made. */
export interface Table {
  /** By path from the library's exports: `dense`, `plot.latentSpace`. */
  readonly values: Readonly<Record<string, Entry>>;
  readonly types: Readonly<Record<string, { readonly doc: string; readonly members: Members }>>;
}
export type Members = Readonly<Record<string, Entry>>;

const emptyTable: Table = { values: {}, types: {} };

/** What the library says of the values in a session. The table is read when somebody asks. */
export class Documentation {
  private known: Table | undefined;
  private paths: { readonly of: object; readonly byValue: ReadonlyMap<unknown, string> } | undefined;

  constructor(
    private readonly read: () => Table,
    /** What cells can import, as far as it is loaded. */
    private readonly library: () => object,
  ) {}

  get table(): Table {
    if (this.known) return this.known;
    try {
      this.known = this.read();
    } catch {
      this.known = emptyTable; // Its file is missing: names and values are told all the same.
    }
    return this.known;
  }

  /** By identity of the value, whatever it is called here; else as a member of something that the library made. */
  entryOf(scope: Scope, names: readonly string[], code: string): Entry | undefined {
    const found = valueAt(scope, names);
    const path = isReference(found?.value) ? this.pathOf(found.value) : undefined;
    if (path !== undefined) return this.own(this.table.values, path);
    const [first = "", ...others] = names;
    if (others.length > 0) {
      const member = this.own(
        this.membersOf(valueAt(scope, names.slice(0, -1))?.value) ?? {},
        names.at(-1) ?? "",
      );
      if (member) return member;
    }
    if (found || scope.isAssigned(first) || !isImported(first, code)) return undefined;
    return this.own(this.table.values, names.join("."));
  }

  /** The public members of what the library made, or of `data` and its like. */
  membersOf(value: unknown): Members | undefined {
    if (!isReference(value)) return undefined;
    const type = libraryClass(value);
    if (type !== undefined) return this.own(this.table.types, type)?.members;
    const path = this.pathOf(value);
    if (path === undefined) return undefined;
    const members = Object.entries(this.table.values).filter(([name]) => name.startsWith(`${path}.`));
    if (members.length === 0) return undefined;
    return Object.fromEntries(members.map(([name, entry]) => [name.slice(path.length + 1), entry]));
  }

  private pathOf(value: object): string | undefined {
    const library = this.library();
    if (this.paths?.of !== library) {
      const found = Object.keys(this.table.values).map(
        (path) => [memberAt(library, path.split(".")), path] as const,
      );
      this.paths = { of: library, byValue: new Map(found.filter(([one]) => isReference(one))) };
    }
    return this.paths.byValue.get(value);
  }

  private own<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
    return Object.hasOwn(table, name) ? table[name] : undefined;
  }
}

const isReference = (value: unknown): value is object =>
  (typeof value === "object" && value !== null) || typeof value === "function";

const ofLibrary = Symbol.for("vaenb.class");

/** What the build called the class of a value; see `publicNames.mjs`. */
function libraryClass(value: object): string | undefined {
  try {
    const { constructor } = value;
    if (typeof constructor !== "function" || !(ofLibrary in constructor)) return undefined;
    const name = constructor[ofLibrary];
    return typeof name === "string" ? name : undefined;
  } catch {
    return undefined; // A value that lets nobody look at it.
  }
}

const memberAt = (from: object, path: readonly string[]): unknown =>
  path.reduce<unknown>(
    (object, name) => (isReference(object) ? (Reflect.get(object, name) as unknown) : undefined),
    from,
  );

/** Whether the cell that is being written imports this name, and has not run yet. */
const isImported = (name: string, code: string): boolean =>
  [...code.matchAll(/\bimport\s*\{([^}]*)\}\s*from\s*["']vaenb["']/g)].some(([, names = ""]) =>
    names.split(",").some((one) => one.trim() === name),
  );
