import type { Shape } from "../engine";

/**
 * A computation as data: a directed acyclic graph whose nodes are values. Operations are ONNX operators (plus a few
 * structured ones for convolutions, which lowering takes apart), each with exactly one output, so that "node" and
 * "value" are the same word. What ONNX passes as integer tensors (axes, shapes, slice bounds) is an attribute here.
 */
export type DType = "float32" | "int32" | "bool";

export type ConstantValues = Float32Array | Int32Array | Uint8Array;

/** A number is an integer; floating point attributes are wrapped, as ONNX tells the two apart. */
export type Attribute = number | string | readonly number[] | { readonly float: number };
export type Attributes = Readonly<Record<string, Attribute>>;

interface Value {
  readonly shape: Shape;
  readonly dtype: DType;
}

/** A value that comes from outside at every run: data or a weight. */
export interface InputNode extends Value {
  readonly kind: "input";
  readonly name: string;
}

/** `values` holds one number per element, or a single number that stands for all of them. */
export interface ConstantNode extends Value {
  readonly kind: "constant";
  readonly values: ConstantValues;
}

export interface OperationNode extends Value {
  readonly kind: "operation";
  readonly op: string;
  readonly inputs: readonly Node[];
  readonly attributes: Attributes;
}

export type Node = InputNode | ConstantNode | OperationNode;

/** Everything that a run needs (`inputs`) and yields (`outputs`); what no output depends on is not part of it. */
export interface Graph {
  readonly inputs: readonly InputNode[];
  readonly outputs: ReadonlyMap<string, Node>;
}

export const sizeOf = (shape: Shape): number => shape.reduce((size, dimension) => size * dimension, 1);

export const sameShape = (a: Shape, b: Shape): boolean =>
  a.length === b.length && a.every((dimension, i) => dimension === b[i]);

export const inputsOf = (node: Node): readonly Node[] => (node.kind === "operation" ? node.inputs : []);

/** The nodes that the outputs depend on, every node after its inputs. Iterative: recurrent models are deep. */
export function nodesOf(graph: Graph): Node[] {
  const ordered: Node[] = [];
  const seen = new Set<Node>();
  const stack: { node: Node; next: number }[] = [];
  const visit = (node: Node): void => {
    if (seen.has(node)) return;
    seen.add(node);
    stack.push({ node, next: 0 });
  };
  for (const output of graph.outputs.values()) {
    visit(output);
    for (let top = stack.at(-1); top; top = stack.at(-1)) {
      const input = inputsOf(top.node)[top.next++];
      if (input) visit(input);
      else ordered.push((stack.pop(), top.node));
    }
  }
  return ordered;
}

/**
 * Rebuilds a graph from its inputs upwards. `replace` receives each operation with its inputs already replaced (and as
 * it was before), and gives back the node to use in its place.
 */
export function rewrite(graph: Graph, replace: (node: OperationNode, before: OperationNode) => Node): Graph {
  const replaced = new Map<Node, Node>();
  const lookUp = (node: Node): Node => replaced.get(node) ?? node;
  for (const node of nodesOf(graph)) {
    if (node.kind !== "operation") continue;
    const inputs = node.inputs.map(lookUp);
    const unchanged = inputs.every((input, i) => input === node.inputs[i]);
    replaced.set(node, replace(unchanged ? node : { ...node, inputs }, node));
  }
  return {
    inputs: graph.inputs,
    outputs: new Map([...graph.outputs].map(([name, node]) => [name, lookUp(node)])),
  };
}

/** The same computation with other nodes in the place of some, which stay as they are. */
export function substitute(graph: Graph, instead: ReadonlyMap<Node, Node>): Graph {
  const lookUp = (node: Node): Node => instead.get(node) ?? node;
  const { inputs, outputs } = rewrite(graph, (node) =>
    node.inputs.some((input) => instead.has(input)) ? { ...node, inputs: node.inputs.map(lookUp) } : node,
  );
  return { inputs, outputs: new Map([...outputs].map(([name, node]) => [name, lookUp(node)])) };
}

/** How many nodes read each node; an output of the graph counts as one reader. */
export function readersOf(graph: Graph): Map<Node, number> {
  const readers = new Map<Node, number>();
  const count = (node: Node): unknown => readers.set(node, (readers.get(node) ?? 0) + 1);
  for (const node of nodesOf(graph)) inputsOf(node).forEach(count);
  graph.outputs.forEach(count);
  return readers;
}
