import type { Completion, Requests } from "../../protocol/messages";
import type { Scope } from "../cells/scope";
import { preview, typeName } from "../output/valueTree";
import { pathAt, propertiesOf, valueAt } from "./path";
import { signatureOf } from "./signature";

const MAX_ITEMS = 500;

/** Names that fit at the cursor, from the values that are there now. */
export function complete(code: string, cursor: number, scope: Scope): Requests["complete"]["result"] {
  const path = pathAt(code, cursor, false);
  if (!path) return { start: cursor, end: cursor, items: [] };
  const items = (path.parents.length > 0 ? members(scope, path.parents) : variables(scope))
    .filter(
      ({ label }) =>
        label.toLowerCase().startsWith(path.name.toLowerCase()) && /^[\p{ID_Start}$_]/u.test(label),
    )
    .slice(0, MAX_ITEMS);
  return { start: path.start, end: path.end, items };
}

function members(scope: Scope, parents: readonly string[]): Completion[] {
  const found = valueAt(scope, parents);
  if (found?.value === null || found?.value === undefined) return [];
  const own = new Set(Object.getOwnPropertyNames(found.value));
  const items = [...propertiesOf(found.value)].map(([label, property]) =>
    completion(label, property, "property"),
  );
  // The value's own names first, then what all objects have.
  return items.sort((a, b) => Number(own.has(b.label)) - Number(own.has(a.label)));
}

function variables(scope: Scope): Completion[] {
  const ours = scope.names().map((name) => {
    const found = valueAt(scope, [name]);
    return completion(name, { value: found?.value }, "variable");
  });
  const globals = Object.getOwnPropertyNames(globalThis).filter((name) => !scope.isAssigned(name));
  return [...ours, ...globals.map((label): Completion => ({ label, kind: "variable" }))];
}

function completion(label: string, property: PropertyDescriptor, plain: "property" | "variable"): Completion {
  try {
    return describe(label, property, plain);
  } catch {
    return { label, kind: plain }; // A value that lets nobody look at it still has a name.
  }
}

function describe(label: string, property: PropertyDescriptor, plain: "property" | "variable"): Completion {
  if (!("value" in property)) return { label, kind: plain, detail: "getter" };
  const value: unknown = property.value;
  if (typeof value !== "function") {
    const detail = typeof value === "object" && value !== null ? typeName(value) : preview(value);
    return { label, kind: plain, detail };
  }
  const type = typeName(value);
  const kind = type === "class" ? "class" : plain === "property" ? "method" : "function";
  return { label, kind, detail: signatureOf(label, value) };
}
