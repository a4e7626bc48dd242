import type MagicString from "magic-string";
import type { Reference } from "./references";
import { forEachChild, type Node, type Program } from "./syntax";

/** Replaces references by other expressions, whatever they stand in: a call keeps `this` undefined, a shorthand its key. */
export class Renamer {
  private readonly shorthand = new Set<number>();

  constructor(
    private readonly code: MagicString,
    program: Program,
  ) {
    const visit = (node: Node): void => {
      if (node.type === "Property" && node.shorthand) this.shorthand.add(node.key.start);
      forEachChild(node, visit);
    };
    visit(program);
  }

  replace({ node, parent, name }: Reference, by: string): void {
    const called =
      (parent.type === "CallExpression" && parent.callee === node) ||
      (parent.type === "TaggedTemplateExpression" && parent.tag === node);
    const expression = called ? `(0, ${by})` : by;
    this.code.update(
      node.start,
      node.end,
      this.shorthand.has(node.start) ? `${name}: ${expression}` : expression,
    );
  }
}

/**
 * Separates statements that line breaks alone separated: a replaced call begins with a parenthesis, which would otherwise
 * continue the line before.
 */
export function separateStatements(code: MagicString, program: Program, except?: Node): void {
  const visit = (node: Node): void => {
    const list =
      node.type === "Program" || node.type === "BlockStatement" || node.type === "StaticBlock"
        ? node.body
        : node.type === "SwitchCase"
          ? node.consequent
          : [];
    for (const statement of list)
      if (
        statement !== except &&
        statement.type === "ExpressionStatement" &&
        !("directive" in statement && statement.directive)
      )
        code.prependRight(statement.start, ";");
    forEachChild(node, visit);
  };
  visit(program);
}
