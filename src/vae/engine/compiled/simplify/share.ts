import type { ConstantNode, Graph, Node } from "../graph";
import { inputsOf, nodesOf, rewrite } from "../graph";

/** Common subexpressions become one node: the same operation on the same inputs, and equal constants. */
export function share(graph: Graph): Graph {
  const known = new Map<string, Node>();
  const ids = new Map<Node, number>();
  const idOf = (node: Node): number => {
    const id = ids.get(node) ?? ids.size;
    ids.set(node, id);
    return id;
  };
  const constants = new Map<Node, Node>();
  for (const node of nodesOf(graph)) {
    if (node.kind !== "constant") continue;
    const key = constantKey(node);
    const same = key === undefined ? node : (known.get(key) ?? node);
    if (key !== undefined) known.set(key, same);
    constants.set(node, same);
  }
  return rewrite(graph, (node) => {
    const inputs = inputsOf(node).map((input) => constants.get(input) ?? input);
    const key = [
      node.op,
      node.dtype,
      node.shape.join(),
      JSON.stringify(node.attributes),
      ...inputs.map(idOf),
    ].join("|");
    const unchanged = inputs.every((input, i) => input === node.inputs[i]);
    const same = known.get(key) ?? (unchanged ? node : { ...node, inputs });
    known.set(key, same);
    return same;
  });
}

/** Larger constants are rarely equal, and comparing them costs more than it saves. */
const comparedElements = 64;

const constantKey = ({ values, dtype, shape }: ConstantNode): string | undefined =>
  values.length > comparedElements ? undefined : ["constant", dtype, shape.join(), values.join()].join("|");
