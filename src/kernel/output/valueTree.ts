import { inspect } from "node:util";
import { readable } from "../cells/packages";

/** A value as a tree that a view can unfold: bounded in depth, breadth and total size, and safe with cycles. */
export interface ValueNode {
  /** What it is under: a property name, an index, a map's key. */
  readonly key?: string;
  readonly type: string;
  readonly preview: string;
  readonly children?: readonly ValueNode[];
  /** Children that were left out. */
  readonly omitted?: number;
}

const MAX_DEPTH = 5;
const MAX_CHILDREN = 100;
const MAX_NODES = 2_000;

export const valueTreeMime = "application/vnd.vaenb.value+json";

/** `isWhole`: nothing was left out for the sake of size. */
export function valueTree(value: unknown): { readonly tree: ValueNode; readonly isWhole: boolean } {
  let left = MAX_NODES;
  const above: object[] = [];

  const visit = (item: unknown, key: string | undefined, depth: number): ValueNode => {
    left -= 1;
    const node = { ...(key === undefined ? {} : { key }), type: typeName(item), preview: preview(item) };
    if (typeof item !== "object" || item === null || depth >= MAX_DEPTH || left <= 0) return node;
    if (above.includes(item)) return { ...node, preview: "(circular)" };
    above.push(item);
    const { count, entries } = entriesOf(item, Math.max(0, Math.min(MAX_CHILDREN, left)));
    const children = entries.map(([name, child]) => visit(child, name, depth + 1));
    above.pop();
    if (children.length === 0) return node;
    const omitted = count - children.length;
    return { ...node, children, ...(omitted > 0 ? { omitted } : {}) };
  };
  const tree = visit(value, undefined, 0);
  return { tree, isWhole: left > 0 };
}

interface Entries {
  readonly count: number;
  readonly entries: readonly (readonly [string, unknown])[];
}

/** The first names and values, without running anything: getters show as getters. */
function entriesOf(item: object, most: number): Entries {
  if (ArrayBuffer.isView(item) || item instanceof ArrayBuffer) return { count: 0, entries: [] };
  if (Array.isArray(item)) {
    const entries = item.slice(0, most).map((child: unknown, i) => [String(i), child] as const);
    return { count: item.length, entries };
  }
  if (item instanceof Map) {
    const entries = first(item.entries(), most).map(([k, v]) => [preview(k), v as unknown] as const);
    return { count: item.size, entries };
  }
  if (item instanceof Set) {
    const entries = first(item.values(), most).map((v: unknown, i) => [String(i), v] as const);
    return { count: item.size, entries };
  }
  const keys = Object.keys(item);
  if (isModule(item)) {
    const entries = keys.sort().slice(0, most);
    return { count: keys.length, entries: entries.map((key) => [key, readable(item, key)] as const) };
  }
  const entries = keys.slice(0, most).map((key) => {
    const one = Object.getOwnPropertyDescriptor(item, key);
    return [key, one && "value" in one ? (one.value as unknown) : getter] as const;
  });
  return { count: keys.length, entries };
}

/** The exports of a module may be read: those of the person's own files are getters only for us. */
const isModule = (item: object): boolean =>
  Object.getPrototypeOf(item) === null && Symbol.toStringTag in item && item[Symbol.toStringTag] === "Module";

function first<T>(values: Iterable<T>, most: number): T[] {
  const taken: T[] = [];
  if (most > 0)
    for (const value of values) {
      taken.push(value);
      if (taken.length === most) break;
    }
  return taken;
}

const getter = Object.assign(() => undefined, { [inspect.custom]: () => "[Getter]" });

export function typeName(value: unknown): string {
  if (value === null) return "null";
  if (typeof value === "function")
    return /^class\b/.test(Function.prototype.toString.call(value)) ? "class" : "function";
  if (typeof value !== "object") return typeof value;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === null) return isModule(value) ? "Module" : "Object";
  const { constructor } = prototype as { constructor?: { name?: unknown } };
  return typeof constructor?.name === "string" && constructor.name ? constructor.name : "Object";
}

const MAX_KEYS = 100;

/** Few enough keys for Node's inspector, which writes them all: a copy with the first ones, where there are more. */
export function withFewKeys(value: unknown): { readonly value: unknown; readonly more: number } {
  if (typeof value !== "object" || value === null || Array.isArray(value) || ArrayBuffer.isView(value))
    return { value, more: 0 };
  const keys = Object.keys(value);
  if (keys.length <= MAX_KEYS) return { value, more: 0 };
  const copy: object = Object.create(Object.getPrototypeOf(value) as object | null) as object;
  for (const key of keys.slice(0, MAX_KEYS)) {
    const property = Object.getOwnPropertyDescriptor(value, key);
    if (property) Object.defineProperty(copy, key, property);
  }
  return { value: copy, more: keys.length - MAX_KEYS };
}

/** One short line, whatever the value's size. Never throws. */
export function preview(value: unknown): string {
  try {
    const text = inspect(withFewKeys(value).value, {
      depth: 0,
      breakLength: Infinity,
      maxArrayLength: 6,
      maxStringLength: 100,
      compact: 3,
    });
    const line = text.replace(/\s*\n\s*/g, " ");
    return line.length > 160 ? `${line.slice(0, 157)}...` : line;
  } catch (error) {
    return `(cannot be shown: ${error instanceof Error ? error.message : String(error)})`;
  }
}
