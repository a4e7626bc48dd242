import { inspect } from "node:util";
import type { Requests } from "../../protocol/messages";
import type { Scope } from "../cells/scope";
import type { Documentation } from "../documentation/documentation";
import { typeName, withFewKeys } from "../output/valueTree";
import { optionsAt } from "./options";
import { type NamePath, pathAt, valueAt } from "./path";
import { signatureOf } from "./signature";
import { sizeOf } from "./variables";

/** What is known of the name at the cursor: its type, its value now, how it is called, what its comment says. */
export function inspectAt(
  code: string,
  cursor: number,
  scope: Scope,
  sources: readonly string[],
  documentation: Documentation,
): Requests["inspect"]["result"] {
  const path = pathAt(code, cursor, true);
  if (!path?.name) return { found: false };
  const names = [...path.parents, path.name];
  const option = path.parents.length === 0 ? optionNamed(path, code, scope, documentation) : undefined;
  if (option) return told(`(option) ${option.name}: ${option.type}`, option.doc, "");
  const found = valueAt(scope, names);
  const entry = documentation.entryOf(scope, names, code);
  if (!found) return entry ? told(entry.signature, entry.doc, "") : { found: false };
  const { value } = found;
  const comment = entry?.doc ?? (path.parents.length === 0 ? docComment(path.name, sources) : undefined);
  if (typeof value === "function")
    return told(entry?.signature ?? signatureOf(path.name, value), comment, "");
  const size = sizeOf(value);
  return told(`${path.name}: ${typeName(value)}${size ? `, ${size}` : ""}`, comment, previewOf(value));
}

const optionNamed = (path: NamePath, code: string, scope: Scope, documentation: Documentation) =>
  optionsAt(path, code, scope, documentation)?.options.find(({ name }) => name === path.name);

function told(head: string, comment: string | undefined, body: string): Requests["inspect"]["result"] {
  const text = [head, comment, body].filter(Boolean).join("\n\n");
  const markdown = ["```ts", head, "```", comment ?? "", body ? `\n\`\`\`\n${body}\n\`\`\`` : ""]
    .filter(Boolean)
    .join("\n");
  return { found: true, bundle: { "text/plain": text, "text/markdown": markdown } };
}

const previewOf = (value: unknown): string =>
  inspect(withFewKeys(value).value, { depth: 1, maxArrayLength: 10, maxStringLength: 300, breakLength: 80 });

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
