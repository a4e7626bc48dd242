import type MagicString from "magic-string";
import { exportedName, type ImportRequest, importRequest } from "./cellForm";
import { CELL } from "./names";
import { findReferences } from "./references";
import { Renamer, separateStatements } from "./rename";
import { boundNames, type Node, type Program } from "./syntax";

/** What a module gives on from others: a name of theirs under a name of its own, or everything. */
export type ReExport =
  | { readonly from: number; readonly imported: string; readonly exported: string }
  | { readonly from: number; readonly everything: true };

export interface ModuleForm {
  /** The modules that it needs, in the order of its source. */
  readonly imports: readonly ImportRequest[];
  readonly reExports: readonly ReExport[];
}

const DEFAULT = "__default__";

/**
 * Gives a `.ts` file beside the notebook its form: the body of an async function that gets the namespaces of what it
 * imports, and hands out its exports as getters, so that both stay live bindings, in cycles too.
 */
export function toModuleForm(code: MagicString, program: Program): ModuleForm {
  const imports: ImportRequest[] = [];
  const reExports: ReExport[] = [];
  const exported: { name: string; value: string }[] = [];
  const importedAs = new Map<string, string>();

  const need = (request: ImportRequest): number => imports.push(request) - 1;
  for (const node of program.body) {
    switch (node.type) {
      case "ImportDeclaration": {
        const index = need(importRequest(node));
        for (const { imported, local } of imports[index]?.bindings ?? [])
          importedAs.set(local, `__module${index}__${imported === "*" ? "" : memberAccess(imported)}`);
        code.remove(node.start, node.end);
        break;
      }
      case "ExportAllDeclaration": {
        const from = need({
          specifier: String(node.source.value),
          attributes: {},
          bindings: [],
          offset: node.source.start,
        });
        reExports.push(
          node.exported
            ? { from, imported: "*", exported: exportedName(node.exported) }
            : { from, everything: true },
        );
        code.remove(node.start, node.end);
        break;
      }
      case "ExportNamedDeclaration": {
        if (node.source) {
          const from = need({
            specifier: String(node.source.value),
            attributes: {},
            bindings: [],
            offset: node.source.start,
          });
          for (const { local, exported: name } of node.specifiers)
            reExports.push({ from, imported: exportedName(local), exported: exportedName(name) });
        } else
          for (const { local, exported: name } of node.specifiers)
            exported.push({ name: exportedName(name), value: exportedName(local) });
        if (node.declaration) {
          for (const name of declaredNames(node.declaration)) exported.push({ name, value: name });
          code.remove(node.start, node.declaration.start);
        } else code.remove(node.start, node.end);
        break;
      }
      case "ExportDefaultDeclaration":
        exported.push({ name: "default", value: exportDefault(code, node) });
        break;
      default:
        break;
    }
  }

  separateStatements(code, program);
  const renamer = new Renamer(code, program);
  for (const reference of findReferences(program).references) {
    const replacement = importedAs.get(reference.name);
    if (replacement) renamer.replace(reference, replacement);
  }

  const getters = exported.map(
    ({ name, value }) => `${JSON.stringify(name)}: () => ${importedAs.get(value) ?? value}`,
  );
  const namespaces = imports.map((_, i) => `__module${i}__`).join(", ");
  code.prepend(
    `${CELL}.exports({ ${getters.join(", ")} }); const [${namespaces}] = await ${CELL}.modules();`,
  );
  return { imports, reExports };
}

const memberAccess = (name: string): string =>
  /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`;

function declaredNames(node: Node): string[] {
  if (node.type === "VariableDeclaration") return node.declarations.flatMap(({ id }) => [...boundNames(id)]);
  return (node.type === "FunctionDeclaration" || node.type === "ClassDeclaration") && node.id
    ? [node.id.name]
    : [];
}

/** Rewrites `export default` and returns the name that holds its value. */
function exportDefault(code: MagicString, node: Extract<Node, { type: "ExportDefaultDeclaration" }>): string {
  const { declaration, start } = node;
  const isNamed =
    (declaration.type === "FunctionDeclaration" || declaration.type === "ClassDeclaration") &&
    declaration.id !== null;
  if (isNamed) {
    code.remove(start, declaration.start);
    return declaration.id.name;
  }
  // Only the words: a parenthesis in front of the value belongs to it.
  const [words = "export default"] = exportDefaultWords.exec(code.original.slice(start)) ?? [];
  code.update(start, start + words.length, `const ${DEFAULT} = `);
  if (isAnonymousFunction(declaration)) {
    code.prependRight(declaration.start, "({ default: ");
    code.appendLeft(declaration.end, " }).default");
  }
  code.appendLeft(node.end, ";");
  return DEFAULT;
}

const exportDefaultWords = /^export(?:\s|\/\*[\s\S]*?\*\/|\/\/.*)+default/;

/** One that takes the name "default", as the key of a property gives it. */
const isAnonymousFunction = (node: Node): boolean =>
  node.type === "ArrowFunctionExpression" ||
  ((node.type === "FunctionDeclaration" ||
    node.type === "FunctionExpression" ||
    node.type === "ClassDeclaration" ||
    node.type === "ClassExpression") &&
    !node.id);
