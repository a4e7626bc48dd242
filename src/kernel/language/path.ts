import { types } from "node:util";
import { LONGEST_CHAIN } from "./brackets";
import type { Scope } from "../cells/scope";

/** A chain of names under the cursor, such as `model.encoder.la`: the names before, and the one being written. */
export interface NamePath {
  readonly parents: readonly string[];
  readonly name: string;
  /** Offsets of `name` in the code. */
  readonly start: number;
  readonly end: number;
}

const chain = /((?:[\p{ID_Start}$_][\p{ID_Continue}$]*\s*\??\.\s*)*)([\p{ID_Start}$_][\p{ID_Continue}$]*)?$/u;

/** The chain that ends at the cursor; with `whole`, the name goes on to its own end. */
export function pathAt(code: string, cursor: number, whole: boolean): NamePath | undefined {
  const rest = whole ? (/^[\p{ID_Continue}$]*/u.exec(code.slice(cursor))?.[0] ?? "") : "";
  const end = cursor + rest.length;
  const before = code.slice(0, end);
  const found = chain.exec(before.slice(-LONGEST_CHAIN));
  if (!found) return undefined;
  const [text, parents = "", name = ""] = found;
  const previous = before
    .slice(0, end - text.length)
    .trimEnd()
    .at(-1);
  // `f().na`: what a call gives is not known without calling it.
  if (previous === "." || (previous === "?" && text.startsWith("."))) return undefined;
  return {
    parents: parents
      .split(".")
      .map((part) => part.replace(/\?$/, "").trim())
      .filter(Boolean),
    name,
    start: end - name.length,
    end,
  };
}

/** The value at the end of a chain, found without running code: getters are not called. */
export function valueAt(scope: Scope, names: readonly string[]): { readonly value: unknown } | undefined {
  const [first, ...others] = names;
  if (first === undefined) return undefined;
  let value: unknown;
  try {
    if (!scope.isAssigned(first) && !scope.isGlobal(first)) return undefined;
    value = scope.values[first];
  } catch {
    return undefined;
  }
  for (const name of others) {
    const property = findProperty(value, name);
    if (!property) return undefined;
    if (!("value" in property)) return undefined;
    value = property.value;
  }
  return { value };
}

/** A property of a value or of its prototypes, without calling a getter. */
export function findProperty(value: unknown, name: string): PropertyDescriptor | undefined {
  for (
    let object: unknown = value;
    object !== null && object !== undefined;
    object = Object.getPrototypeOf(object)
  ) {
    // To look into a proxy is to run its code.
    if (types.isProxy(object)) return undefined;
    const property = Object.getOwnPropertyDescriptor(object, name);
    if (property) return property;
  }
  return undefined;
}

/** All names of a value and its prototypes, nearest first. */
export function* propertiesOf(
  value: unknown,
): Generator<readonly [name: string, property: PropertyDescriptor]> {
  const seen = new Set<string>();
  for (
    let object: unknown = value;
    object !== null && object !== undefined;
    object = Object.getPrototypeOf(object)
  ) {
    if (types.isProxy(object)) return;
    // A huge array's or text's indices are no completions.
    if (ArrayBuffer.isView(object)) continue;
    const isOwnList = object === value && (Array.isArray(object) || typeof object === "string");
    for (const name of isOwnList ? ["length"] : Object.getOwnPropertyNames(object)) {
      if (seen.has(name) || /^\d/.test(name) || name === "__proto__") continue;
      seen.add(name);
      const property = Object.getOwnPropertyDescriptor(object, name);
      if (property) yield [name, property];
    }
  }
}
