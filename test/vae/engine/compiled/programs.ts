import type { Graph } from "../../../../src/vae/engine/compiled/graph";
import { nodesOf } from "../../../../src/vae/engine/compiled/graph";
import type { Arrays } from "../../../../src/vae/engine/compiled/program";
import { Program } from "../../../../src/vae/engine/compiled/program";
import type { Values } from "../../../../src/vae/engine/engine";

const options = { threads: 1, executionProvider: "cpu", notice: () => undefined } as const;

/** One run of a graph: all outputs by the graph's names. */
export async function resultsOf(graph: Graph, weights: Arrays, data: Values): Promise<Values> {
  const program = await Program.compile(graph, options);
  program.bind(weights);
  await program.run(data);
  const results = program.results((name) => name);
  await program.dispose();
  return results;
}

/** The operations of a graph, in the order in which they run. */
export const operationsOf = (graph: Graph): readonly string[] =>
  nodesOf(graph).flatMap((node) => (node.kind === "operation" ? [node.op] : []));
