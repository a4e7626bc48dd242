import type { Completion, Requests } from "../../protocol/messages";
import type { Scope } from "../cells/scope";
import type { Documentation, Entry } from "../documentation/documentation";
import { preview, typeName } from "../output/valueTree";
import { bracketsUpTo } from "./brackets";
import { optionsAt, valuesAt } from "./options";
import { type NamePath, pathAt, propertiesOf, valueAt } from "./path";
import { signatureOf } from "./signature";

const MAX_ITEMS = 500;

/** Names that fit at the cursor, from the values that are there now and what the library says of itself. */
export function complete(
  code: string,
  cursor: number,
  scope: Scope,
  documentation: Documentation,
): Requests["complete"]["result"] {
  const texts = valuesAt(code, cursor, scope, documentation);
  if (texts)
    return {
      start: texts.start,
      end: cursor,
      items: texts.values.map((label): Completion => ({ label, kind: "value" })),
    };
  const path = pathAt(code, cursor, false);
  const isProse = bracketsUpTo(code.slice(0, cursor)) === undefined;
  if (!path || isProse) return { start: cursor, end: cursor, items: [] };
  const fits: Fits = (label) =>
    label.toLowerCase().startsWith(path.name.toLowerCase()) && /^[\p{ID_Start}$_]/u.test(label);
  const isOfModule = /\bimport\s*\{[^}]*$/u.test(code.slice(0, path.start));
  const items =
    path.parents.length > 0
      ? members(scope, path, fits, documentation)
      : isOfModule
        ? importable(code.slice(cursor), fits, documentation)
        : namesAt(path, code, scope, fits, documentation);
  return { start: path.start, end: path.end, items };
}

type Fits = (label: string) => boolean;

/**
 * The value's own names first, then what its kind has, then what all objects and functions have, which few mean: those
 * come when their beginning is typed. Of what the library made, the members that are for people come first, and the
 * others only so too. A dictionary's many keys are looked at no further than asked.
 */
function members(scope: Scope, path: NamePath, fits: Fits, documentation: Documentation): Completion[] {
  const value = valueAt(scope, path.parents)?.value;
  const documented = documentation.membersOf(value);
  const items: Completion[] = [];
  const last: Completion[] = [];
  for (const [label, property] of propertiesOf(value)) {
    if (!fits(label)) continue;
    const entry = documented && Object.hasOwn(documented, label) ? documented[label] : undefined;
    const isPublic = documented ? entry !== undefined : !isCommon(value, label, property);
    if (isPublic) items.push(withEntry(completion(label, property, "property"), entry));
    else if (path.name !== "") last.push(completion(label, property, "property"));
    if (items.length === MAX_ITEMS) break;
  }
  return [...items, ...last].slice(0, MAX_ITEMS);
}

/** What every object has, or every function. */
function isCommon(value: unknown, label: string, { value: member }: PropertyDescriptor): boolean {
  const common = typeof value === "function" ? Function.prototype : Object.prototype;
  if (value === common) return false;
  if (typeof value === "function" && Object.hasOwn(common, label)) return true;
  if (typeof value === "function" && label === "prototype") return true;
  const inherited = Object.getOwnPropertyDescriptor(Object.prototype, label);
  return label === "constructor" || (inherited !== undefined && inherited.value === member);
}

/** Where options are named, those come first; a variable may stand there too, as `{ data }` does. */
function namesAt(
  path: NamePath,
  code: string,
  scope: Scope,
  fits: Fits,
  documentation: Documentation,
): Completion[] {
  const found = optionsAt(path, code, scope, documentation);
  const entryOf = (name: string): Entry | undefined => documentation.entryOf(scope, [name], code);
  const options = (found?.options ?? [])
    .filter(({ name }) => fits(name) && !found?.written.includes(name))
    .map(({ name, type, doc }) =>
      withEntry(
        { label: name, kind: "property" },
        { signature: `${name}: ${type}`, ...(doc ? { doc } : {}) },
      ),
    );
  return found && path.name === "" ? options : [...options, ...variables(scope, fits, entryOf)];
}

/** What `import { | } from "vaenb"` can name. */
function importable(after: string, fits: Fits, documentation: Documentation): Completion[] {
  const from = /^[^}]*\}\s*from\s*["']([^"']*)["']/.exec(after)?.[1];
  if (from !== undefined && from !== "vaenb") return [];
  return Object.entries(documentation.table.values)
    .filter(([name]) => !name.includes(".") && fits(name))
    .map(([label, entry]) => withEntry({ label, kind: "variable" }, entry));
}

const withEntry = (item: Completion, entry: Entry | undefined): Completion =>
  entry
    ? { ...item, detail: entry.signature, ...(entry.doc === undefined ? {} : { documentation: entry.doc }) }
    : item;

function variables(scope: Scope, fits: Fits, entryOf: (name: string) => Entry | undefined): Completion[] {
  const ours = scope.names().filter(fits);
  const globals = Object.getOwnPropertyNames(globalThis).filter(
    (name) => fits(name) && !scope.isAssigned(name),
  );
  return [
    ...ours.map((name) =>
      withEntry(completion(name, { value: valueAt(scope, [name])?.value }, "variable"), entryOf(name)),
    ),
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
