import type { Arrangement } from "../arrangement";
import { productsInBlocks } from "../blockedProducts";
import type { ChannelBlock } from "../blockedConvolutions";
import { expandConvolutions } from "../convolutions";
import type { Graph } from "../graph";
import { algebra } from "./algebra";
import { blocks, sumsInBlocks } from "./blocks";
import { broadcasting } from "./broadcasting";
import { evaluate } from "./evaluate";
import { logistic, shareLogistic, sumLogistic } from "./logistic";
import { movement } from "./movement";
import { fuseBias, fuseConvolutionBias, fuseRelu, transposedFactors } from "./products";
import { askRectified } from "./rectifiers";
import { reductions } from "./reductions";
import { pass } from "./rewriting";
import { share } from "./share";

/** Graph to graph, with the same meaning. What no output needs is gone by itself: a graph is what its outputs reach. */
export type Pass = (graph: Graph) => Graph;

/** Each pass by its name, for tests that hold every one to its promise. */
export const passes = {
  evaluate: pass(evaluate),
  algebra: pass(algebra),
  broadcasting: pass(broadcasting),
  movement: pass(movement),
  blocks: pass(blocks),
  logistic: pass(logistic),
  reductions: pass(reductions),
  shareLogistic,
  sumLogistic,
  transposedFactors: pass(transposedFactors),
  share,
  askRectified,
  fuseBias,
  fuseConvolutionBias,
  fuseRelu,
} satisfies Readonly<Record<string, Pass>>;

const local = pass(
  evaluate,
  algebra,
  broadcasting,
  movement,
  blocks,
  logistic,
  reductions,
  transposedFactors,
);

const sameOutputs = (a: Graph, b: Graph): boolean =>
  [...a.outputs].every(([name, node]) => b.outputs.get(name) === node);

/** Sweeps until nothing changes; the number of sweeps is bounded by how deep rewritings build on each other. */
function settle(graph: Graph): Graph {
  const mostSweeps = 50;
  let current = graph;
  for (let i = 0; i < mostSweeps; i++) {
    const next = share(local(current));
    if (sameOutputs(current, next)) return next;
    current = next;
  }
  return current;
}

/**
 * For a machine whose convolutions work on blocks of channels, `block` says on how many, and `arrangement` which weights
 * lie in such blocks; without them the graph is plain ONNX.
 */
export const simplify = (graph: Graph, block?: ChannelBlock, arrangement?: Arrangement): Graph =>
  [
    settle,
    (plain: Graph) => expandConvolutions(plain, block),
    settle,
    askRectified,
    shareLogistic,
    settle,
    sumLogistic,
    fuseBias,
    fuseConvolutionBias,
    (plain: Graph) => (arrangement ? productsInBlocks(plain, arrangement) : plain),
    settle,
    (whole: Graph) => (block === undefined ? whole : pass(sumsInBlocks(block))(whole)),
    fuseRelu,
    settle,
  ].reduce<Graph>((current, next) => next(current), graph);
