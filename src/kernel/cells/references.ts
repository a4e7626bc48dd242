import { boundNames, forEachChild, type FunctionNode, isFunction, type Node, type Program } from "./syntax";

/** How a name came into being at the top level of a cell or module. */
export type DeclarationKind = "var" | "let" | "const" | "class" | "function" | "import";

/** An identifier that means a name of the top level, or of no scope in this source at all. */
export interface Reference {
  readonly name: string;
  readonly node: Extract<Node, { type: "Identifier" }>;
  readonly parent: Node;
  readonly role: Role;
}

/** What happens to the variable: its declaration itself gives it a value, an assignment, or neither. */
export type Role = "declare" | "write" | "read";

export interface TopLevel {
  readonly declared: ReadonlyMap<string, DeclarationKind>;
  readonly references: readonly Reference[];
}

/** A scope below the top level: the names that hide those outside. */
interface Scope {
  readonly names: ReadonlySet<string>;
  readonly outer: Scope | undefined;
}

/** Finds what a program declares at its top level, and every identifier that no inner scope explains. */
export function findReferences(program: Program): TopLevel {
  const declared = new Map<string, DeclarationKind>();
  for (const name of hoistedVars(program.body)) declared.set(name, "var");
  for (const [name, kind] of lexicalNames(program.body)) declared.set(name, kind);

  const references: Reference[] = [];
  for (const statement of program.body) visit(statement, program, "body", undefined, "read", references);
  return { declared, references };
}

function visit(
  node: Node,
  parent: Node,
  key: string,
  scope: Scope | undefined,
  role: Role,
  found: Reference[],
): void {
  if (node.type === "Identifier") {
    if (isName(parent, key) && !isHidden(node.name, scope))
      found.push({ name: node.name, node, parent, role });
    return;
  }
  const inner = scopeOf(node, scope);
  forEachChild(node, (child, childKey) => {
    // A class's heritage and computed keys see the class's own name too, so one scope serves the whole class.
    const own = isFunction(node) && childKey === "body" ? bodyScope(node, inner) : inner;
    visit(child, node, childKey, own, roleOf(node, childKey, role), found);
  });
}

function isHidden(name: string, scope: Scope | undefined): boolean {
  for (let s = scope; s; s = s.outer) if (s.names.has(name)) return true;
  return false;
}

/** Whether an identifier in this place names a variable: keys, labels and the like do not. */
function isName(parent: Node, key: string): boolean {
  switch (parent.type) {
    case "MemberExpression":
      return key === "object" || parent.computed;
    case "Property":
      // For shorthand, acorn puts one and the same node under `key` and `value`.
      return key === "value" || parent.computed;
    case "PropertyDefinition":
    case "MethodDefinition":
      return key === "value" || parent.computed;
    case "FunctionDeclaration":
    case "FunctionExpression":
    case "ClassDeclaration":
    case "ClassExpression":
      return key !== "id";
    case "LabeledStatement":
    case "BreakStatement":
    case "ContinueStatement":
      return key !== "label";
    case "MetaProperty":
    case "ImportSpecifier":
    case "ImportDefaultSpecifier":
    case "ImportNamespaceSpecifier":
    case "ExportSpecifier":
    case "ExportAllDeclaration":
    case "ImportAttribute":
      return false;
    default:
      return true;
  }
}

/** The role of an identifier under `key` of a node that itself has `role`. */
function roleOf(node: Node, key: string, role: Role): Role {
  switch (node.type) {
    case "AssignmentExpression":
    case "ForInStatement":
    case "ForOfStatement":
      return key === "left" ? "write" : "read";
    case "UpdateExpression":
      return "write";
    case "VariableDeclarator":
      return key === "id" ? "declare" : "read";
    case "AssignmentPattern":
      return key === "left" ? role : "read";
    case "ObjectPattern":
    case "ArrayPattern":
    case "RestElement":
      return role;
    case "Property":
      return key === "value" ? role : "read";
    default:
      return "read";
  }
}

/** The scope that a node opens for its children, or the one it stands in. */
function scopeOf(node: Node, outer: Scope | undefined): Scope | undefined {
  if (isFunction(node)) {
    const names = new Set<string>();
    if (node.type === "FunctionExpression" && node.id) names.add(node.id.name);
    if (node.type !== "ArrowFunctionExpression") names.add("arguments");
    for (const param of node.params) for (const name of boundNames(param)) names.add(name);
    return { names, outer };
  }
  switch (node.type) {
    case "ClassDeclaration":
    case "ClassExpression":
      return node.id ? { names: new Set([node.id.name]), outer } : outer;
    case "BlockStatement":
      return { names: new Set(lexicalNames(node.body).keys()), outer };
    case "StaticBlock": {
      const names = new Set<string>(["arguments"]);
      addBody(names, node.body);
      return { names, outer };
    }
    case "SwitchStatement":
      return { names: new Set(lexicalNames(node.cases.flatMap((one) => one.consequent)).keys()), outer };
    case "ForStatement":
      return node.init?.type === "VariableDeclaration" ? loopScope(node.init, outer) : outer;
    case "ForInStatement":
    case "ForOfStatement":
      return node.left.type === "VariableDeclaration" ? loopScope(node.left, outer) : outer;
    case "CatchClause":
      return { names: new Set(boundNames(node.param)), outer };
    default:
      return outer;
  }
}

/** The `var`s of a function's body, which the defaults of its parameters do not see. */
function bodyScope({ body }: FunctionNode, outer: Scope | undefined): Scope | undefined {
  return body.type === "BlockStatement" ? { names: hoistedVars(body.body), outer } : outer;
}

function loopScope(
  declaration: Extract<Node, { type: "VariableDeclaration" }>,
  outer: Scope | undefined,
): Scope | undefined {
  if (declaration.kind === "var") return outer;
  return { names: new Set(declaration.declarations.flatMap((one) => [...boundNames(one.id)])), outer };
}

function addBody(names: Set<string>, body: readonly Node[]): void {
  for (const name of hoistedVars(body)) names.add(name);
  for (const name of lexicalNames(body).keys()) names.add(name);
}

/** `let`, `const`, classes, functions and imports of a statement list itself (functions are block-scoped: the code is strict). */
function lexicalNames(body: readonly Node[]): Map<string, DeclarationKind> {
  const names = new Map<string, DeclarationKind>();
  for (const statement of body) {
    const node = declarationOf(statement);
    if (node?.type === "VariableDeclaration" && node.kind !== "var") {
      for (const one of node.declarations)
        for (const name of boundNames(one.id)) names.set(name, node.kind === "let" ? "let" : "const");
    } else if (node?.type === "FunctionDeclaration" && node.id) names.set(node.id.name, "function");
    else if (node?.type === "ClassDeclaration" && node.id) names.set(node.id.name, "class");
    else if (node?.type === "ImportDeclaration")
      for (const specifier of node.specifiers) names.set(specifier.local.name, "import");
  }
  return names;
}

/** The declaration inside an `export`, or the statement itself. */
function declarationOf(statement: Node): Node | null | undefined {
  return statement.type === "ExportNamedDeclaration" || statement.type === "ExportDefaultDeclaration"
    ? statement.declaration
    : statement;
}

/** `var` names anywhere below, but not inside functions or static blocks. */
function hoistedVars(body: readonly Node[]): Set<string> {
  const names = new Set<string>();
  const search = (node: Node): void => {
    if (isFunction(node) || node.type === "StaticBlock") return;
    if (node.type === "VariableDeclaration" && node.kind === "var")
      for (const one of node.declarations) for (const name of boundNames(one.id)) names.add(name);
    forEachChild(node, search);
  };
  body.forEach(search);
  return names;
}
