import type { Shape } from "../engine";
import type { Attributes, Graph, Node, OperationNode } from "./graph";
import { nodesOf, sizeOf } from "./graph";
import type { ElementType, OnnxModel, OnnxNode, OnnxTensor } from "./onnx/model";

/** Writes a simplified graph down as an ONNX model. */

const opset = 18;

/**
 * Attributes of our nodes that ONNX takes as integer tensors: which, and after how many tensor inputs. "shape" is the
 * shape of the result. Everything else is an attribute there too.
 */
const asInputs: Readonly<Record<string, readonly string[]>> = {
  Reshape: ["shape"],
  Expand: ["shape"],
  Tile: ["repeats"],
  Slice: ["starts", "ends", "axes", "steps"],
  Pad: ["pads"],
  CumSum: ["axis"],
  ReduceSum: ["axes"],
  ReduceMean: ["axes"],
  ReduceMax: ["axes"],
  ReduceMin: ["axes"],
  ReduceProd: ["axes"],
};

const onnxTypes = { float32: 1, int32: 6, bool: 9 } as const;

/** Below this many elements, a constant that is the same everywhere is written out; above, it is expanded at run time. */
const writtenOut = 1024;

export function lower(graph: Graph): OnnxModel {
  // What is an output is written under that name at once, unless two outputs are the same value.
  const outputNames = new Map([...graph.outputs].map(([name, node]) => [node, name]));
  const writer = new Writer(outputNames, partsOf(graph));
  for (const node of nodesOf(graph)) writer.write(node);
  const outputs = [...graph.outputs].map(([name, node]) => {
    if (writer.nameOf(node) !== name) writer.add("Identity", [writer.nameOf(node)], name);
    return { name, type: node.dtype, shape: node.shape };
  });
  return {
    nodes: writer.nodes,
    constants: writer.constants,
    inputs: graph.inputs.map(({ name, dtype, shape }) => ({ name, type: dtype, shape })),
    outputs,
    opset,
    domains: { "com.microsoft.nchwc": 1, "com.microsoft": 1 },
  };
}

/** The parts that are asked for of each list, from its start to its end. */
function partsOf(graph: Graph): ReadonlyMap<Node, readonly OperationNode[]> {
  const parts = new Map<Node, OperationNode[]>();
  for (const node of nodesOf(graph)) {
    if (node.kind !== "operation" || node.op !== "Part" || !node.inputs[0]) continue;
    parts.set(node.inputs[0], [...(parts.get(node.inputs[0]) ?? []), node]);
  }
  return new Map(
    [...parts].map(([list, found]) => [list, found.toSorted((a, b) => startOf(a) - startOf(b))]),
  );
}

const startOf = ({ attributes: { start } }: OperationNode): number => (typeof start === "number" ? start : 0);

class Writer {
  readonly nodes: OnnxNode[] = [];
  readonly constants: OnnxTensor[] = [];
  private readonly names = new Map<Node, string>();
  private readonly lists = new Map<string, string>();
  private count = 0;

  constructor(
    private readonly outputNames: ReadonlyMap<Node, string>,
    private readonly parts: ReadonlyMap<Node, readonly OperationNode[]>,
  ) {}

  nameOf(node: Node): string {
    const name = this.names.get(node);
    if (name === undefined) throw new Error("a node comes before its inputs");
    return name;
  }

  add(
    op: string,
    inputs: readonly string[],
    output = this.fresh(),
    attributes: Attributes = {},
    domain?: string,
  ): string {
    this.nodes.push({ op, inputs, output, attributes, ...(domain === undefined ? {} : { domain }) });
    return output;
  }

  write(node: Node): void {
    switch (node.kind) {
      case "input":
        this.names.set(node, node.name);
        return;
      case "constant": {
        const size = sizeOf(node.shape);
        if (node.values.length === size || size <= writtenOut) {
          const values = node.values.length === size ? node.values : repeat(node.values, size);
          this.names.set(node, this.tensor(node.dtype, node.shape, bytesOf(values)));
        } else {
          const value = this.tensor(node.dtype, [], bytesOf(node.values));
          this.names.set(node, this.add("Expand", [value, this.integers(node.shape)]));
        }
        return;
      }
      case "operation":
        if (node.op === "Part") this.split(node);
        else this.names.set(node, this.operation(node));
        return;
    }
  }

  /** All parts of a list at once, when the first of them is met; what lies between them gets names that nobody reads. */
  private split({ inputs: [list] }: OperationNode): void {
    const parts = (list && this.parts.get(list)) ?? [];
    if (!list || parts.some((part) => this.names.has(part))) return;
    const [names, sizes] = [[] as string[], [] as number[]];
    let end = 0;
    const take = (size: number, name = this.fresh()): void => {
      if (size === 0) return;
      names.push(name);
      sizes.push(size);
      end += size;
    };
    for (const part of parts) {
      take(startOf(part) - end);
      const name = this.outputNames.get(part) ?? this.fresh();
      take(sizeOf(part.shape), name);
      this.names.set(part, name);
    }
    take(sizeOf(list.shape) - end);
    const inputs = [this.nameOf(list), this.integers(sizes)];
    this.nodes.push({
      op: "Split",
      inputs,
      before: names.slice(0, -1),
      output: names.at(-1) ?? "",
      attributes: {},
    });
  }

  private operation(node: OperationNode): string {
    const inputs = node.inputs.map((input) => this.nameOf(input));
    switch (node.op) {
      case "Cast":
        return this.add("Cast", inputs, undefined, { to: onnxTypes[node.dtype] });
      case "ArgMax":
      case "ArgMin":
        // ONNX counts in 64 bits, tfjs in 32.
        return this.add("Cast", [this.add(node.op, inputs, undefined, node.attributes)], undefined, {
          to: onnxTypes.int32,
        });
      case "TopK": {
        const [x = ""] = inputs;
        const { k, ...attributes } = node.attributes;
        const places = this.fresh();
        const count = this.tensor("int64", [1], bytesOf(BigInt64Array.of(BigInt(Number(k)))));
        this.nodes.push({
          op: "TopK",
          inputs: [x, count],
          before: [this.fresh()],
          output: places,
          attributes,
        });
        return this.add("Cast", [places], undefined, { to: onnxTypes.int32 });
      }
      case "GatherND":
      case "ScatterND": {
        const [data = "", indices = "", ...updates] = inputs;
        const wide = this.add("Cast", [indices], undefined, { to: 7 });
        return this.add(node.op, [data, wide, ...updates], undefined, node.attributes);
      }
      case "Where": {
        // ONNX Runtime makes three passes with arrays of their own for it, and two quick ones for a factor of 1 or 0.
        const [condition = "", x = ""] = inputs;
        if (node.attributes.mask !== 1) break;
        const factor = this.add("Cast", [condition], undefined, { to: onnxTypes[node.dtype] });
        return this.add("Mul", [x, factor], this.outputNames.get(node));
      }
      case "Pad": {
        const [x = "", ...value] = inputs;
        const { pads, ...attributes } = node.attributes;
        return this.add("Pad", [x, this.list(pads), ...value], undefined, attributes);
      }
    }
    const listed = asInputs[node.op] ?? [];
    const attributes = Object.entries(node.attributes).filter(([name]) => !listed.includes(name));
    const lists = listed.map((name) =>
      name === "shape"
        ? this.integers(node.shape)
        : name === "axis"
          ? this.integer(node.attributes[name])
          : this.list(node.attributes[name]),
    );
    const [op, domain] = node.op.split("@");
    return this.add(
      op ?? node.op,
      [...inputs, ...lists],
      this.outputNames.get(node),
      Object.fromEntries(attributes),
      domain,
    );
  }

  private list(value: Attributes[string] | undefined): string {
    if (!Array.isArray(value)) throw new Error("an attribute should be a list of integers");
    return this.integers(value as readonly number[]);
  }

  private integer(value: Attributes[string] | undefined): string {
    if (typeof value !== "number") throw new Error("an attribute should be an integer");
    return this.tensor("int64", [], bytesOf(BigInt64Array.of(BigInt(value))));
  }

  private integers(values: readonly number[]): string {
    const key = values.join();
    const known = this.lists.get(key);
    if (known !== undefined) return known;
    const name = this.tensor("int64", [values.length], bytesOf(BigInt64Array.from(values, BigInt)));
    this.lists.set(key, name);
    return name;
  }

  private tensor(type: ElementType, shape: Shape, bytes: Uint8Array): string {
    const name = this.fresh();
    this.constants.push({ name, type, shape, bytes });
    return name;
  }

  private fresh(): string {
    return `v${this.count++}`;
  }
}

const bytesOf = (array: ArrayBufferView): Uint8Array =>
  new Uint8Array(array.buffer, array.byteOffset, array.byteLength);

function repeat<T extends Float32Array | Int32Array | Uint8Array>(values: T, size: number): ArrayBufferView {
  const [value = 0] = values;
  if (values instanceof Float32Array) return new Float32Array(size).fill(value);
  return values instanceof Int32Array ? new Int32Array(size).fill(value) : new Uint8Array(size).fill(value);
}
