import type { Variable } from "../../protocol/messages";
import type { Scope } from "../cells/scope";
import { preview, typeName } from "../output/valueTree";

/**
 * What the session holds, one line each, a person's own names before those that were imported, without touching what is in
 * it: huge values cost no more than small ones.
 */
export function listVariables(scope: Scope): readonly Variable[] {
  const isImport = (name: string): boolean => scope.kindOf(name) === "import";
  const names = scope.names();
  return [...names.filter((name) => !isImport(name)), ...names.filter(isImport)].map((name) => {
    const kind = scope.kindOf(name) ?? "let";
    try {
      const value = valueOf(scope, name);
      const size = sizeOf(value);
      return {
        name,
        kind,
        type: typeName(value),
        ...(size === undefined ? {} : { size }),
        preview: preview(value),
      };
    } catch (error) {
      // A revoked proxy, a getter that throws: one odd value does not hide the others.
      const reason = error instanceof Error ? error.message : String(error);
      return { name, kind, type: "unknown", preview: `(cannot be shown: ${reason})` };
    }
  });
}

function valueOf(scope: Scope, name: string): unknown {
  try {
    return scope.values[name];
  } catch (error) {
    return error; // An import that turned out not to exist.
  }
}

export function sizeOf(value: unknown): string | undefined {
  if (typeof value === "string") return `${value.length} characters`;
  if (typeof value !== "object" || value === null) return undefined;
  if ("shape" in value && Array.isArray(value.shape)) return `[${value.shape.join(", ")}]`;
  if (Array.isArray(value)) return plural(value.length, "element");
  if (value instanceof Map || value instanceof Set)
    return plural(value.size, value instanceof Map ? "entry" : "element");
  if (ArrayBuffer.isView(value))
    return "length" in value ? plural(Number(value.length), "element") : plural(value.byteLength, "byte");
  if (value instanceof ArrayBuffer) return plural(value.byteLength, "byte");
  return undefined;
}

const plural = (count: number, word: string): string =>
  `${count} ${count === 1 ? word : word.endsWith("y") ? `${word.slice(0, -1)}ies` : `${word}s`}`;
