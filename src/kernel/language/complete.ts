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
  const fits: Fits = (label) =>
    label.toLowerCase().startsWith(path.name.toLowerCase()) && /^[\p{ID_Start}$_]/u.test(label);
  const items = path.parents.length > 0 ? members(scope, path.parents, fits) : variables(scope, fits);
  return { start: path.start, end: path.end, items };
}

type Fits = (label: string) => boolean;

/** The value's own names first, then what all objects have. A dictionary's many keys are looked at no further than asked. */
function members(scope: Scope, parents: readonly string[], fits: Fits): Completion[] {
  const found = valueAt(scope, parents);
  const items: Completion[] = [];
  for (const [label, property] of propertiesOf(found?.value)) {
    if (fits(label)) items.push(completion(label, property, "property"));
    if (items.length === MAX_ITEMS) break;
  }
  return items;
}

function variables(scope: Scope, fits: Fits): Completion[] {
  const ours = scope.names().filter(fits);
  const globals = Object.getOwnPropertyNames(globalThis).filter(
    (name) => fits(name) && !scope.isAssigned(name),
  );
  return [
    ...ours.map((name) => completion(name, { value: valueAt(scope, [name])?.value }, "variable")),
    ...globals.map((label): Completion => ({ label, kind: "variable" })),
  ].slice(0, MAX_ITEMS);
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
