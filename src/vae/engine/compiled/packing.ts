import type { Graph, InputNode, Node } from "./graph";
import { nodesOf, sizeOf, substitute } from "./graph";
import type { Layout } from "./memory";
import { allGradients, allWeights, bareName } from "./names";
import { concat, filled, part, reshape } from "./operations";

/**
 * Passing an array in or out of a run takes onnxruntime-node 4 µs, and a small model's step has thirty of them, as much
 * time as its arithmetic. Weights lie one after the other in memory, and so do gradients: a small model takes all of its
 * weights as one array, which the graph takes apart, and gives its gradients as one, with zeros where the layout has gaps.
 */
export function packed(graph: Graph, layout: Layout): Graph {
  const used = new Set(nodesOf(graph));
  const weights = graph.inputs.filter(
    (input) => isWeight(input) && sizeOf(input.shape) > 0 && used.has(input),
  );
  const gradients = [...graph.outputs].filter(([name]) => bareName("gradient", name) !== undefined);
  const smallest = 2;
  if (weights.length < smallest || layout.length > worthCopying * weights.length) return graph;
  const { inputs, outputs } = withWeightsInOne(graph, weights, layout);
  if (gradients.length < smallest) return { inputs, outputs };
  const apart = new Map(outputs);
  const parts = gradients.map(([name]) => {
    const gradient = apart.get(name);
    if (!gradient) throw new Error(`there is no output "${name}"`);
    apart.delete(name);
    const [size, offset] = [
      sizeOf(gradient.shape),
      layout.within(start, bareName("gradient", name) ?? name).offset,
    ];
    return { offset: offset / Float32Array.BYTES_PER_ELEMENT, values: reshape(gradient, [size]) };
  });
  return {
    inputs,
    outputs: new Map([...apart, [allGradients, oneAfterTheOther(parts, layout.trainableLength)]]),
  };
}

/** Floats for each weight up to which copying all of them takes less time than passing arrays. */
const worthCopying = 4096;

/** Where a block would start whose places are wanted and not its values. */
const start = { offset: 0, length: 0 };

const isWeight = ({ name }: InputNode): boolean => bareName("weight", name) !== undefined;

function withWeightsInOne(graph: Graph, weights: readonly InputNode[], layout: Layout): Graph {
  const whole: InputNode = { kind: "input", name: allWeights, shape: [layout.length], dtype: "float32" };
  const taken = new Map<Node, Node>(
    weights.map((weight) => {
      const { offset, length } = layout.within(start, bareName("weight", weight.name) ?? weight.name);
      return [weight, reshape(part(whole, offset / Float32Array.BYTES_PER_ELEMENT, length), weight.shape)];
    }),
  );
  const others = graph.inputs.filter((input) => !taken.has(input));
  return { inputs: [whole, ...others], outputs: substitute(graph, taken).outputs };
}

interface Part {
  readonly offset: number;
  readonly values: Node;
}

function oneAfterTheOther(parts: readonly Part[], length: number): Node {
  const pieces: Node[] = [];
  let end = 0;
  const fillUpTo = (offset: number): void => {
    if (offset > end) pieces.push(filled([offset - end], 0));
    end = offset;
  };
  for (const { offset, values } of parts.toSorted((a, b) => a.offset - b.offset)) {
    fillUpTo(offset);
    pieces.push(values);
    end += sizeOf(values.shape);
  }
  fillUpTo(length);
  return concat(pieces, 0);
}
