import type * as Ort from "onnxruntime-node";
import type { Shape, Values } from "../engine";
import { blockedConvolutionOp } from "./blockedConvolutions";
import type { Graph, OperationNode } from "./graph";
import { nodesOf, sizeOf } from "./graph";
import { lower } from "./lower";
import { bareName } from "./names";
import { encodeModel } from "./onnx/model";
import type { SessionOptions } from "./session";
import { createSession, onnxRuntime } from "./session";
import { endedUnread, unread, withUnreadResults, worthLeavingUnread } from "./unreadResults";

/** Arrays that a program reads or writes in place, by the graph's names. */
export type Arrays = ReadonlyMap<string, Float32Array>;

/**
 * A graph that can be run: an ONNX Runtime session whose weights and gradients are bound to memory once, and whose
 * data are given at every run. Inputs and outputs are known by the graph's names.
 */
export class Program {
  private bound: {
    readonly feeds: Record<string, Ort.Tensor>;
    readonly fetches: Record<string, Ort.Tensor | null>;
  };
  /** Outputs that nobody bound: they get arrays of their own, used again in every run. */
  private readonly own = new Map<string, Float32Array>();

  /** The inputs that are given at every run, by the names that the model has for them. */
  private readonly data: readonly { readonly key: string; readonly name: string; readonly shape: Shape }[];

  private constructor(
    private readonly ort: typeof Ort,
    private readonly session: Ort.InferenceSession,
    private readonly graph: Graph,
  ) {
    this.bound = { feeds: {}, fetches: {} };
    this.data = graph.inputs.flatMap(({ name: key, shape }) => {
      const name = bareName("input", key);
      return name === undefined ? [] : [{ key, name, shape }];
    });
  }

  static async compile(graph: Graph, options: SessionOptions): Promise<Program> {
    const used = withoutUnusedInputs(graph);
    const threads = worthThreads(used) ? options.threads : 1;
    const model = lower(used);
    const written = worthLeavingUnread(model) ? withUnreadResults(model) : model;
    const session = await createSession(encodeModel(written), { ...options, threads });
    return new Program(await onnxRuntime(), session, used);
  }

  /** Says where weights come from and where outputs go, until the next call. */
  bind(arrays: Arrays): void {
    const feeds: Record<string, Ort.Tensor> = {};
    const fetches: Record<string, Ort.Tensor | null> = this.session.outputNames.includes(unread)
      ? { [unread]: null }
      : {};
    for (const { name, shape } of this.graph.inputs) {
      const array = arrays.get(name);
      if (array) feeds[name] = this.tensor(array, shape);
    }
    for (const [name, { shape, dtype }] of this.graph.outputs) {
      if (dtype !== "float32") throw new Error(`output "${name}" must be float32, got ${dtype}`);
      const array = arrays.get(name) ?? this.own.get(name) ?? new Float32Array(sizeOf(shape));
      if (!arrays.has(name)) this.own.set(name, array);
      fetches[name] = this.tensor(array, shape);
    }
    this.bound = { feeds, fetches };
  }

  /** Runs on data by name; what was bound stays where it is. Millions of runs: nothing is allocated without need. */
  async run(data: Values): Promise<void> {
    const { feeds, fetches } = this.bound;
    for (const { key, name, shape } of this.data) {
      const array = data[name];
      if (array && feeds[key]?.data !== array) feeds[key] = this.tensor(array, shape);
    }
    try {
      await this.session.run(feeds, fetches);
    } catch (error) {
      if (!endedUnread(error)) throw error;
    }
  }

  /** Copies of the outputs that were not bound to memory; `nameOf` maps the graph's names to the caller's. */
  results(nameOf: (name: string) => string | undefined): Values {
    const values: Record<string, Float32Array> = {};
    for (const [name, array] of this.own) {
      const short = nameOf(name);
      if (short !== undefined) values[short] = array.slice();
    }
    return values;
  }

  /** An output that was not bound, live. */
  output(name: string): Float32Array | undefined {
    return this.own.get(name);
  }

  async dispose(): Promise<void> {
    await this.session.release();
  }

  private tensor(array: Float32Array, shape: readonly number[]): Ort.Tensor {
    return new this.ort.Tensor("float32", array, shape);
  }
}

/** A model's decoder does not read its encoder's weights: they need not be passed to it. */
function withoutUnusedInputs(graph: Graph): Graph {
  const used = new Set(nodesOf(graph));
  return { ...graph, inputs: graph.inputs.filter((input) => used.has(input)) };
}

/**
 * Whether several threads help: in products of matrices, and convolutions in blocks of channels, of 4 million
 * multiplications and up. Other convolutions take turns picture by picture in ONNX Runtime, and waiting for each other
 * costs their threads more than they gain, so a graph whose work is mostly those runs on one.
 */
function worthThreads(graph: Graph): boolean {
  const smallest = 2 ** 22;
  const operations = nodesOf(graph).filter((node) => node.kind === "operation");
  const products = operations.map(productMultiplications);
  const total = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0);
  return (
    products.some((count) => count >= smallest) &&
    total(products) > total(operations.map(convolutionMultiplications))
  );
}

function productMultiplications({ op, shape, inputs: [a, b], attributes }: OperationNode): number {
  if (op === blockedConvolutionOp) return sizeOf(shape) * sizeOf(b?.shape.slice(1) ?? []);
  if (op === "Gemm") return sizeOf(shape) * (a?.shape[attributes.transA === 1 ? 0 : 1] ?? 1);
  return op === "MatMul" ? sizeOf(shape) * (a?.shape.at(-1) ?? 1) : 0;
}

function convolutionMultiplications({ op, shape, inputs: [x, filter] }: OperationNode): number {
  const perElement = sizeOf(filter?.shape.slice(1) ?? []);
  if (op === "Conv") return sizeOf(shape) * perElement;
  return op === "ConvTranspose" ? sizeOf(x?.shape ?? []) * perElement : 0;
}
