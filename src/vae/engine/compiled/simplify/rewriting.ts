import type { Graph, Node, OperationNode } from "../graph";
import { rewrite } from "../graph";

/** What to use in place of an operation; nothing leaves it as it is. */
export type Rewriting = (node: OperationNode) => Node | undefined;

/** Rewritings by the operation that they look at. */
export type Rewritings = Readonly<Record<string, Rewriting>>;

/** Applies rewritings from the inputs upwards, the first that has an answer. */
export const pass =
  (...rewritings: readonly Rewriting[]): ((graph: Graph) => Graph) =>
  (graph) =>
    rewrite(graph, (node) => {
      for (const rewriting of rewritings) {
        const better = rewriting(node);
        if (better) return better;
      }
      return node;
    });

export const byOperation =
  (table: Rewritings): Rewriting =>
  (node) =>
    table[node.op]?.(node);
