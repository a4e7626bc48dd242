import { availableParallelism } from "node:os";
import * as tf from "@tensorflow/tfjs";
import type { Engine, WeightStore } from "../engine";
import { mayBeArranged } from "./arrangement";
import { channelBlock } from "./channelBlock";
import { CompiledEvaluator } from "./evaluator";
import type { Graph } from "./graph";
import { nodesOf } from "./graph";
import { packed } from "./packing";
import { Program } from "./program";
import type { ExecutionProvider, SessionOptions } from "./session";
import { simplify } from "./simplify/simplify";
import { traceFunction, traceStep } from "./trace";
import { CompiledTrainer } from "./trainer";
import { CompiledWeights } from "./weights";

export { RandomOperationError, ShapeError, UntraceableError } from "./errors";
export type { ExecutionProvider } from "./session";

export interface CompiledEngineOptions {
  /** Threads that work on one step; by default, what the machine has. */
  readonly threads?: number;
  /** Where ONNX Runtime computes; falls back to the CPU with a notice. Default: "cpu". */
  readonly executionProvider?: ExecutionProvider;
  /** Receives notices in words; by default they go to the console as warnings. */
  readonly notice?: (message: string) => void;
}

/**
 * The engine that compiles: a function is traced once, together with tfjs's own gradients, into a graph; the graph is
 * simplified and run by ONNX Runtime, over weights that stay in place. Each evaluator and trainer is compiled for the
 * shapes that its function declares. Throws `UntraceableError` for what only an eager engine can run.
 */
export function createCompiledEngine(options: CompiledEngineOptions = {}): Engine {
  const session: SessionOptions = {
    threads: options.threads ?? availableParallelism(),
    executionProvider: options.executionProvider ?? "cpu",
    notice: options.notice ?? ((message) => console.warn(message)),
  };
  const { threads, executionProvider } = session;
  return {
    name: "compiled",
    why:
      `Models are traced once and run by ONNX Runtime (${executionProvider}, ` +
      `${threads} ${threads === 1 ? "thread" : "threads"}): the fastest engine that needs nothing installed.`,
    weights: (specs) => new CompiledWeights(specs),
    async evaluator(fn, weights) {
      await tf.ready();
      const store = compiledWeights(weights);
      const program = await compile(traceFunction(fn, store.specs), store, session);
      return new CompiledEvaluator(fn, store, program);
    },
    async trainer(fn, weights, optimizer) {
      await tf.ready();
      const store = compiledWeights(weights);
      const program = await compile(traceStep(fn, store.specs), store, session);
      return new CompiledTrainer(fn, store, program, optimizer);
    },
  };
}

async function compile(graph: Graph, weights: CompiledWeights, options: SessionOptions): Promise<Program> {
  const convolves = nodesOf(graph).some(
    (node) => node.kind === "operation" && node.op.startsWith("Convolution"),
  );
  const asks = options.executionProvider === "cpu" && (convolves || mayBeArranged(weights.specs));
  const block = asks ? await channelBlock() : undefined;
  const arrangement = weights.arrange(block);
  return Program.compile(packed(simplify(graph, block, arrangement), weights.layout), options);
}

function compiledWeights(weights: WeightStore): CompiledWeights {
  if (weights instanceof CompiledWeights) return weights;
  throw new Error(
    "these weights belong to another engine; make the model again, or read and write them across",
  );
}
