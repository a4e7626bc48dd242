/**
 * Guards: a description of a message that is both its TypeScript type and its check at run time, so that the two cannot
 * drift apart. A guard returns a value of the type or throws a `ProtocolError` that names the path and what was there.
 */
export type Guard<T> = (value: unknown, path: string) => T;
export type Guarded<G> = G extends Guard<infer T> ? T : never;

export class ProtocolError extends Error {
  override readonly name = "ProtocolError";
  constructor(path: string, expected: string, actual: unknown) {
    super(`${path}: expected ${expected}, got ${describe(actual)}`);
  }
}

function describe(value: unknown): string {
  if (value === null || value === undefined || typeof value === "bigint") return String(value);
  if (typeof value !== "object") return `${typeof value} ${JSON.stringify(value)?.slice(0, 60)}`;
  return Array.isArray(value) ? "an array" : "an object";
}

function primitive<T>(name: string, is: (value: unknown) => value is T): Guard<T> {
  return (value, path) => {
    if (!is(value)) throw new ProtocolError(path, name, value);
    return value;
  };
}

/** Whether a value is an object with fields, which may hold anything. */
export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export const string = primitive("a string", (v): v is string => typeof v === "string");
export const number = primitive("a number", (v): v is number => typeof v === "number");
export const boolean = primitive("a boolean", (v): v is boolean => typeof v === "boolean");
export const anything: Guard<unknown> = (value) => value;

export function literal<const T extends string>(...allowed: readonly T[]): Guard<T> {
  return (value, path) => {
    const found = allowed.find((one) => one === value);
    if (found === undefined)
      throw new ProtocolError(path, allowed.map((one) => `"${one}"`).join(" or "), value);
    return found;
  };
}

export function optional<T>(guard: Guard<T>): Guard<T | undefined> {
  return (value, path) => (value === undefined ? undefined : guard(value, path));
}

export function array<T>(guard: Guard<T>): Guard<readonly T[]> {
  return (value, path) => {
    if (!Array.isArray(value)) throw new ProtocolError(path, "an array", value);
    return value.map((item, i) => guard(item, `${path}[${i}]`));
  };
}

type Fields = Readonly<Record<string, Guard<unknown>>>;
type OptionalKeys<F extends Fields> = {
  [K in keyof F]: undefined extends Guarded<F[K]> ? K : never;
}[keyof F];
type FromFields<F extends Fields> = {
  readonly [K in Exclude<keyof F, OptionalKeys<F>>]: Guarded<F[K]>;
} & { readonly [K in OptionalKeys<F>]?: Guarded<F[K]> };

export function object<const F extends Fields>(fields: F): Guard<FromFields<F>> {
  return (value, path) => {
    if (!isRecord(value)) throw new ProtocolError(path, "an object", value);
    const result: Record<string, unknown> = {};
    for (const [key, guard] of Object.entries(fields)) {
      const item = guard(value[key], `${path}.${key}`);
      if (item !== undefined) result[key] = item;
    }
    // Each field was checked by its own guard just above; TypeScript cannot follow that through the loop.
    return result as FromFields<F>;
  };
}

/** For the `params` and results of requests that have none. */
export const nothing: Guard<undefined> = (value, path) => {
  if (value !== undefined) throw new ProtocolError(path, "nothing", value);
  return undefined;
};
