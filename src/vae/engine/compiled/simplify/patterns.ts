import type { Node, OperationNode } from "../graph";

/** Small questions that rewriting rules ask about nodes. */

/** The number that a constant holds everywhere, if it does. */
export const uniform = (node: Node | undefined): number | undefined =>
  node?.kind === "constant" && node.values.length === 1 ? node.values[0] : undefined;

export const isUniform = (node: Node | undefined, value: number): boolean => uniform(node) === value;

export const isOperation = <Op extends string>(
  node: Node | undefined,
  op: Op,
): node is OperationNode & { readonly op: Op } => node?.kind === "operation" && node.op === op;

/** The only input of an operation of the given kind. */
export const argumentOf = (node: Node | undefined, op: string): Node | undefined =>
  isOperation(node, op) ? node.inputs[0] : undefined;

/** An attribute that is a list of integers. */
export function listAttribute(node: OperationNode, name: string): readonly number[] {
  const value = node.attributes[name];
  return Array.isArray(value) ? (value as readonly number[]) : [];
}
