import { inspect } from "node:util";
import type { Requests } from "../../protocol/messages";
import type { Scope } from "../cells/scope";
import { typeName, withFewKeys } from "../output/valueTree";
import { pathAt, valueAt } from "./path";
import { signatureOf } from "./signature";
import { sizeOf } from "./variables";

/** What is known of the name at the cursor: its type, its value now, how it is called, what its comment says. */
export function inspectAt(
  code: string,
  cursor: number,
  scope: Scope,
  sources: readonly string[],
): Requests["inspect"]["result"] {
  const path = pathAt(code, cursor, true);
  const found = path?.name ? valueAt(scope, [...path.parents, path.name]) : undefined;
  if (!path || !found) return { found: false };
  const { value } = found;
  const size = sizeOf(value);
  const head =
    typeof value === "function"
      ? signatureOf(path.name, value)
      : `${path.name}: ${typeName(value)}${size ? `, ${size}` : ""}`;
  const comment = path.parents.length === 0 ? docComment(path.name, sources) : undefined;
  const body =
    typeof value === "function"
      ? ""
      : inspect(withFewKeys(value).value, {
          depth: 1,
          maxArrayLength: 10,
          maxStringLength: 300,
          breakLength: 80,
        });
  const text = [head, comment, body].filter(Boolean).join("\n\n");
  const markdown = ["```ts", head, "```", comment ?? "", body ? `\n\`\`\`\n${body}\n\`\`\`` : ""]
    .filter(Boolean)
    .join("\n");
  return { found: true, bundle: { "text/plain": text, "text/markdown": markdown } };
}

/** The `/** ... *\/` right above a declaration of the name, in the newest cell that has one. */
function docComment(name: string, sources: readonly string[]): string | undefined {
  const escaped = name.replaceAll("$", "\\$");
  const declaration = new RegExp(
    `/\\*\\*((?:[^*]|\\*(?!/))*)\\*/\\s*(?:export\\s+)?(?:declare\\s+)?(?:async\\s+|abstract\\s+)?(?:const|let|var|function\\*?|class|enum|namespace)\\s+${escaped}(?![\\p{ID_Continue}$])`,
    "u",
  );
  for (const source of [...sources].reverse()) {
    const comment = declaration.exec(source)?.[1];
    if (comment)
      return comment
        .split("\n")
        .map((line) => line.replace(/^\s*\*? ?/, ""))
        .join("\n")
        .trim();
  }
  return undefined;
}
