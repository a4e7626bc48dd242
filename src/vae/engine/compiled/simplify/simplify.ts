import { expandConvolutions } from "../convolutions";
import type { Graph } from "../graph";

export const simplify = (graph: Graph): Graph => expandConvolutions(graph);
