import { inspect } from "node:util";

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

export function valueTree(value: unknown): ValueNode {
  let left = MAX_NODES;
  const above: object[] = [];

  const visit = (item: unknown, key: string | undefined, depth: number): ValueNode => {
    left -= 1;
    const node = { ...(key === undefined ? {} : { key }), type: typeName(item), preview: preview(item) };
    if (typeof item !== "object" || item === null || depth >= MAX_DEPTH || left <= 0) return node;
    if (above.includes(item)) return { ...node, preview: "(circular)" };
    above.push(item);
    const entries = entriesOf(item);
    const shown = entries.slice(0, Math.max(0, Math.min(MAX_CHILDREN, left)));
    const children = shown.map(([name, child]) => visit(child, name, depth + 1));
    above.pop();
    if (children.length === 0) return node;
    const omitted = entries.length - children.length;
    return { ...node, children, ...(omitted > 0 ? { omitted } : {}) };
  };
  return visit(value, undefined, 0);
}

/** Names and values without running anything: getters show as getters. */
function entriesOf(item: object): readonly (readonly [string, unknown])[] {
  if (ArrayBuffer.isView(item) || item instanceof ArrayBuffer) return [];
  if (Array.isArray(item))
    return item.slice(0, 10_000).map((child: unknown, i) => [String(i), child] as const);
  if (item instanceof Map)
    return [...item.entries()].slice(0, 10_000).map(([k, v]) => [preview(k), v as unknown] as const);
  if (item instanceof Set)
    return [...item.values()].slice(0, 10_000).map((v: unknown, i) => [String(i), v] as const);
  const descriptors = Object.entries(Object.getOwnPropertyDescriptors(item));
  return descriptors
    .slice(0, 10_000)
    .map(([key, one]) => [key, "value" in one ? (one.value as unknown) : getter] as const);
}

const getter = Object.assign(() => undefined, { [inspect.custom]: () => "[Getter]" });

export function typeName(value: unknown): string {
  if (value === null) return "null";
  if (typeof value === "function")
    return /^class\b/.test(Function.prototype.toString.call(value)) ? "class" : "function";
  if (typeof value !== "object") return typeof value;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === null) return "Object";
  const { constructor } = prototype as { constructor?: { name?: unknown } };
  return typeof constructor?.name === "string" && constructor.name ? constructor.name : "Object";
}

/** One short line, whatever the value's size. */
export function preview(value: unknown): string {
  try {
    const text = inspect(value, {
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
