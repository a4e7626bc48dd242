import type MagicString from "magic-string";
import { CELL, SCOPE } from "./names";
import { type DeclarationKind, findReferences, type Reference } from "./references";
import { Renamer, separateStatements } from "./rename";
import { boundNames, forEachChild, type FunctionNode, isFunction, type Node, type Program } from "./syntax";

/** One `import` declaration: what to load, and which of its exports get which names. */
export interface ImportRequest {
  readonly specifier: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly bindings: readonly ImportBinding[];
  /** Offset of the specifier in the code, for messages. */
  readonly offset: number;
}

export interface ImportBinding {
  /** The name of an export, or "*" for the whole module. */
  readonly imported: string;
  readonly local: string;
  readonly offset: number;
}

/** What the code of a cell needs to know of the session that it is compiled for. */
export interface SessionNames {
  kindOf(name: string): DeclarationKind | undefined;
  isGlobal(name: string): boolean;
}

export interface CellForm {
  readonly declared: ReadonlyMap<string, DeclarationKind>;
  readonly imports: readonly ImportRequest[];
  /** What the code mentions of the top level's names; types are gone by now. */
  readonly mentioned: ReadonlySet<string>;
}

/**
 * Gives a cell its form: every name of the top level becomes a property of the session's scope, declared already or not,
 * so that closures of one cell see what another assigns. Declarations turn into assignments that happen where they
 * stand, which is why what was assigned before a throw survives it.
 */
export function toCellForm(
  code: MagicString,
  program: Program,
  source: string,
  session: SessionNames,
  showResult: boolean,
): CellForm {
  const { declared: all, references } = findReferences(program);
  // Names that the compiler made up (for decorators, `using`, ...) stay variables of this run of the cell.
  const declared = new Map([...all].filter(([name]) => mentions(source, name)));
  const isInvented = (name: string): boolean => all.has(name) && !declared.has(name);
  const renamer = new Renamer(code, program);

  for (const reference of references) {
    const { name, parent, role } = reference;
    if (isInvented(name)) continue;
    const kind = declared.get(name) ?? session.kindOf(name);
    if (!kind && session.isGlobal(name)) continue;
    if (!kind && parent.type === "UnaryExpression" && parent.operator === "typeof")
      code.update(parent.start, parent.end, `${CELL}.typeOf("${name}")`);
    else if (role === "write" && (kind === "const" || kind === "import"))
      renamer.replace(reference, `${CELL}.constants.${name}`);
    else {
      renamer.replace(reference, `${SCOPE}.${name}`);
      const assigned = assignedValue(reference);
      if (assigned && isAnonymousFunction(assigned)) keepName(code, name, assigned);
    }
  }

  const result = showResult ? lastStatement(program) : undefined;
  if (result) returnLastValue(code, result);
  separateStatements(code, program, result);
  rewriteDeclarations(code, program, isInvented);
  const imports = takeImports(code, program);
  hoistFunctions(code, program);
  return { declared, imports, mentioned: new Set(references.map(({ name }) => name)) };
}

/** What is given to a name by an assignment or as a pattern's default: it may be a function that takes the name. */
function assignedValue({ node, parent }: Reference): Node | undefined {
  const isAssignment =
    parent.type === "AssignmentPattern" ||
    (parent.type === "AssignmentExpression" && naming.has(parent.operator));
  return isAssignment && parent.left === node ? parent.right : undefined;
}

const naming: ReadonlySet<string> = new Set(["=", "||=", "&&=", "??="]);

function mentions(source: string, name: string): boolean {
  const escaped = name.replaceAll("$", "\\$");
  return new RegExp(`(?<![\\p{ID_Continue}$])${escaped}(?![\\p{ID_Continue}$])`, "u").test(source);
}

/** Functions can be called above their declaration: they reach the scope before anything runs. */
function hoistFunctions(code: MagicString, program: Program): void {
  for (const statement of program.body) {
    const node = statement.type === "ExportNamedDeclaration" ? statement.declaration : statement;
    if (node?.type === "FunctionDeclaration") code.prepend(`${SCOPE}.${node.id.name} = ${node.id.name};`);
  }
}

type VariableDeclaration = Extract<Node, { type: "VariableDeclaration" }>;

function rewriteDeclarations(
  code: MagicString,
  program: Program,
  isInvented: (name: string) => boolean,
): void {
  const visit = (node: Node, parent: Node): void => {
    // Below a function, and in blocks for all but `var`, declarations are local and stay as they are.
    if (isFunction(node) || node.type === "StaticBlock") return;
    const isTop = parent.type === "Program" || parent.type === "ExportNamedDeclaration";
    if (node.type === "VariableDeclaration" && (isTop || node.kind === "var")) {
      if (!node.declarations.some(({ id }) => [...boundNames(id)].some(isInvented)))
        rewriteVariables(code, node, parent);
    } else if (node.type === "ClassDeclaration" && isTop && node.id && !isInvented(node.id.name)) {
      code.prependRight(node.start, `;${SCOPE}.${node.id.name} = `);
      code.appendLeft(node.end, ";");
    } else if (node.type === "ExportNamedDeclaration") removeExport(code, node);
    forEachChild(node, (child) => visit(child, node));
  };
  for (const statement of program.body) visit(statement, program);
}

/** `let a = 1, { b } = c` becomes `a = 1, ({ b } = c)`, the names being the scope's by now. */
function rewriteVariables(code: MagicString, node: VariableDeclaration, parent: Node): void {
  const isLoopTarget =
    (parent.type === "ForInStatement" || parent.type === "ForOfStatement") && parent.left === node;
  const isLoopStart = parent.type === "ForStatement" && parent.init === node;
  // The only statement of its branch: a semicolon would be one too, and take its place.
  const isBranch = parent.type === "IfStatement" || parent.type === "LabeledStatement";
  const [first] = node.declarations;
  if (!first) return;
  code.update(node.start, first.start, isLoopTarget || isLoopStart || isBranch ? "" : ";");
  if (isLoopTarget) return;
  for (const { id, init, start, end } of node.declarations) {
    if (id.type !== "Identifier") {
      code.prependRight(start, "(");
      code.appendLeft(end, ")");
    } else if (!init) {
      // A bare `var` keeps the value that the name has; a bare `let` starts again at undefined.
      if (node.kind !== "var") code.appendLeft(end, " = undefined");
    } else if (isAnonymousFunction(init)) {
      keepName(code, id.name, init);
    }
  }
}

/** Assigned to a property, a function would be nameless; as the value of a key it gets the key's name. */
function keepName(code: MagicString, name: string, value: Node): void {
  code.prependRight(value.start, `({ ${name}: `);
  code.appendLeft(value.end, ` }).${name}`);
}

const isAnonymousFunction = (node: Node): boolean =>
  node.type === "ArrowFunctionExpression" ||
  ((node.type === "FunctionExpression" || node.type === "ClassExpression") && !node.id);

function removeExport(code: MagicString, node: Extract<Node, { type: "ExportNamedDeclaration" }>): void {
  if (node.source)
    throw new Unsupported("a cell cannot re-export from a module: import the names instead", node.start);
  if (node.specifiers.some(({ exported }) => exportedName(exported) === "default"))
    throw new Unsupported(noDefault, node.start);
  code.remove(node.start, node.declaration ? node.declaration.start : node.end);
}

const noDefault = "a cell has no default export: give the value a name, and other cells can use it";

/** Valid JavaScript that has no meaning in a cell. */
export class Unsupported extends Error {
  constructor(
    message: string,
    readonly offset: number,
  ) {
    super(message);
  }
}

/**
 * The compiler writes enums and namespaces as `(E => {...})(E || {})`, to merge with an earlier part. A cell that runs
 * again must not merge with its own past, so the first part in a cell starts afresh.
 */
export function startEnumsAfresh(
  code: MagicString,
  program: Program,
  source: string,
  declared: CellForm["declared"],
): void {
  const started = new Set<string>();
  const visit = (node: Node): void => {
    if (node.type === "CallExpression" && node.callee.type === "ArrowFunctionExpression") {
      const [argument] = node.arguments;
      if (argument?.type === "LogicalExpression" && argument.left.type === "Identifier") {
        const { name } = argument.left;
        const isPart = new RegExp(
          `\\b(enum|namespace|module)\\s+${name.replaceAll("$", "\\$")}(?![\\w$])`,
        ).test(source);
        // A namespace that adds to a class or function of the same cell has its first part there.
        if (
          isPart &&
          declared.get(name) === "var" &&
          isOwnParameter(node.callee, name) &&
          !started.has(name)
        ) {
          started.add(name);
          const between = code.original.slice(argument.left.end, argument.right.start);
          code.update(argument.start, argument.right.start, between.includes("(") ? "(" : "");
        }
      }
    }
    forEachChild(node, visit);
  };
  visit(program);
}

/** The compiler's parameter is the name with a number behind. */
function isOwnParameter({ params: [parameter] }: FunctionNode, name: string): boolean {
  return (
    parameter?.type === "Identifier" &&
    parameter.name.startsWith(name) &&
    /^\d+$/.test(parameter.name.slice(name.length))
  );
}

function takeImports(code: MagicString, program: Program): readonly ImportRequest[] {
  const imports: ImportRequest[] = [];
  for (const node of program.body) {
    if (node.type === "ImportDeclaration") {
      imports.push(importRequest(node));
      code.remove(node.start, node.end);
    } else if (node.type === "ExportDefaultDeclaration") throw new Unsupported(noDefault, node.start);
    else if (node.type === "ExportAllDeclaration")
      throw new Unsupported("a cell cannot re-export from a module: import the names instead", node.start);
  }
  return imports;
}

export function importRequest(node: Extract<Node, { type: "ImportDeclaration" }>): ImportRequest {
  return {
    specifier: String(node.source.value),
    attributes: Object.fromEntries(
      node.attributes.map(({ key, value }) => [
        key.type === "Identifier" ? key.name : String(key.value),
        String(value.value),
      ]),
    ),
    bindings: node.specifiers.map((specifier) => ({
      imported:
        specifier.type === "ImportNamespaceSpecifier"
          ? "*"
          : specifier.type === "ImportDefaultSpecifier"
            ? "default"
            : exportedName(specifier.imported),
      local: specifier.local.name,
      offset: specifier.start,
    })),
    offset: node.source.start,
  };
}

export const exportedName = (node: Node): string =>
  node.type === "Identifier" ? node.name : node.type === "Literal" ? String(node.value) : "";

/** The statement whose value a cell shows: its last one, inside of the block that the compiler puts around `using`. */
function lastStatement(program: Program): Node | undefined {
  const last = program.body.findLast((node) => node.type !== "ExportNamedDeclaration" || node.declaration);
  const disposes = last?.type === "TryStatement" && last.finalizer?.body.some(callsDispose);
  return disposes ? last.block.body.at(-1) : last;
}

const callsDispose = (node: Node): boolean => {
  if (node.type === "Identifier") return node.name === "__callDispose";
  let found = false;
  forEachChild(node, (child) => (found ||= callsDispose(child)));
  return found;
};

/** The last value is awaited like any other, so that a promise shows its value and can be stopped. */
function returnLastValue(code: MagicString, statement: Node): void {
  if (statement.type === "ExpressionStatement") {
    const { start, end } = statement;
    const hasSemicolon = code.original[end - 1] === ";";
    code.prependRight(start, `return [await ${CELL}.await((`);
    code.appendLeft(hasSemicolon ? end - 1 : end, "), -1)]");
  }
}
