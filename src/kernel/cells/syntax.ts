import type { AnyNode, Program } from "acorn";

/** The syntax tree as acorn gives it, and the one way in which everything here walks it. */
export type Node = AnyNode;
export type { Program };

const isNode = (value: unknown): value is Node =>
  typeof value === "object" && value !== null && "type" in value && typeof value.type === "string";

/** Calls `visit` for each child in source order, with the key that it hangs on. */
export function forEachChild(node: Node, visit: (child: Node, key: string) => void): void {
  for (const [key, value] of Object.entries(node)) {
    if (isNode(value)) visit(value, key);
    else if (Array.isArray(value)) for (const item of value) if (isNode(item)) visit(item, key);
  }
}

export type FunctionNode = Extract<
  Node,
  { type: "FunctionDeclaration" | "FunctionExpression" | "ArrowFunctionExpression" }
>;

export const isFunction = (node: Node): node is FunctionNode =>
  node.type === "FunctionDeclaration" ||
  node.type === "FunctionExpression" ||
  node.type === "ArrowFunctionExpression";

export type LoopNode = Extract<
  Node,
  { type: "ForStatement" | "ForInStatement" | "ForOfStatement" | "WhileStatement" | "DoWhileStatement" }
>;

export const isLoop = (node: Node): node is LoopNode =>
  node.type === "ForStatement" ||
  node.type === "ForInStatement" ||
  node.type === "ForOfStatement" ||
  node.type === "WhileStatement" ||
  node.type === "DoWhileStatement";

/** The names that a binding pattern declares. */
export function* boundNames(pattern: Node | null | undefined): Generator<string> {
  if (!pattern) return;
  switch (pattern.type) {
    case "Identifier":
      yield pattern.name;
      break;
    case "ObjectPattern":
      for (const property of pattern.properties)
        yield* boundNames(property.type === "RestElement" ? property.argument : property.value);
      break;
    case "ArrayPattern":
      for (const element of pattern.elements) yield* boundNames(element);
      break;
    case "AssignmentPattern":
      yield* boundNames(pattern.left);
      break;
    case "RestElement":
      yield* boundNames(pattern.argument);
      break;
    default: // A member expression: assigned to, but declares nothing.
      break;
  }
}
