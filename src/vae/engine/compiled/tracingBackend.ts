import * as tf from "@tensorflow/tfjs";
import type { Shape } from "../engine";
import { ShapeError, UntraceableError } from "./errors";
import type { ConstantValues, DType, Node } from "./graph";
import { sizeOf } from "./graph";
import { cast, constant, reshape } from "./operations";
import type { Rule } from "./rules/rule";
import { RuleAttributes, RuleInputs } from "./rules/rule";
import { rules } from "./rules/table";

export const traceBackendName = "vaenb-trace";

/** A tfjs backend whose tensors hold no numbers but nodes of a graph. */
export class TracingBackend extends tf.KernelBackend {
  private readonly entries = new WeakMap<object, { readonly node: Node; references: number }>();

  /** The node behind a tensor; a tensor of another backend is moved here and becomes a constant. */
  nodeOf({ dataId, shape, dtype }: tf.TensorInfo): Node {
    if (!this.entries.has(dataId)) tf.engine().moveData(this, dataId);
    const entry = this.entries.get(dataId);
    if (!entry) throw new Error("a tensor is used after it was disposed");
    // Other backends let tensors that differ only in shape or type share their data.
    return cast(reshape(entry.node, shape), asDType(dtype));
  }

  /** A new tensor that stands for a node. */
  tensorOf(node: Node): tf.TensorInfo {
    const dataId = {};
    this.entries.set(dataId, { node, references: 1 });
    return { dataId, shape: [...node.shape], dtype: node.dtype };
  }

  override write(values: tf.BackendValues, shape: number[], dtype: tf.DataType): tf.DataId {
    const dataId = {};
    this.move(dataId, values, shape, dtype, 1);
    return dataId;
  }

  override move(
    dataId: object,
    values: tf.BackendValues,
    shape: number[],
    dtype: tf.DataType,
    references: number,
  ): void {
    this.entries.set(dataId, { node: constant(asValues(values, asDType(dtype)), shape), references });
  }

  override readSync(dataId: object): tf.BackendValues {
    const node = this.entries.get(dataId)?.node;
    if (node?.kind === "constant") return spread(node.values, node.shape);
    throw new UntraceableError(
      "",
      "dataSync",
      "it reads the values of a tensor (dataSync, arraySync, print), which are not known before the model runs; " +
        "use operations on tensors, such as tf.where or tf.maximum, where a result depends on values",
    );
  }

  override read(dataId: object): Promise<tf.BackendValues> {
    return new Promise((resolve) => resolve(this.readSync(dataId)));
  }

  override incRef(dataId: object): void {
    const entry = this.entries.get(dataId);
    if (entry) entry.references++;
  }

  override refCount(dataId: object): number {
    return this.entries.get(dataId)?.references ?? 0;
  }

  override disposeData(dataId: object, force = false): boolean {
    const entry = this.entries.get(dataId);
    if (!entry) return true;
    entry.references--;
    if (entry.references > 0 && !force) return false;
    this.entries.delete(dataId);
    return true;
  }

  override numDataIds(): number {
    return 0;
  }

  override memory(): { unreliable: boolean } {
    return { unreliable: false };
  }

  override floatPrecision(): 16 | 32 {
    return 32;
  }

  override epsilon(): number {
    return 1e-7;
  }

  override timerAvailable(): boolean {
    return false;
  }

  override dispose(): void {}
}

function asDType(dtype: string): DType {
  if (dtype === "float32" || dtype === "int32" || dtype === "bool") return dtype;
  throw new UntraceableError("", dtype, `it uses tensors of type ${dtype}, which have no rule`);
}

function asValues(values: tf.BackendValues, dtype: DType): ConstantValues {
  const numbers = Array.from(values, Number);
  if (dtype === "float32") return Float32Array.from(numbers);
  return dtype === "int32" ? Int32Array.from(numbers) : Uint8Array.from(numbers);
}

/** All elements of a constant that may be stored as a single one. */
export function spread(values: ConstantValues, shape: Shape): ConstantValues {
  const size = sizeOf(shape);
  if (values.length === size) return values.slice();
  const [value = 0] = values;
  if (values instanceof Float32Array) return new Float32Array(size).fill(value);
  return values instanceof Int32Array ? new Int32Array(size).fill(value) : new Uint8Array(size).fill(value);
}

let installed: TracingBackend | undefined;

/** Registers the backend and its rules with tfjs, once. */
export function tracingBackend(): TracingBackend {
  if (installed) return installed;
  const backend = new TracingBackend();
  // Priority -1: tfjs never picks it by itself.
  tf.registerBackend(traceBackendName, () => backend, -1);
  for (const [kernelName, rule] of Object.entries(rules))
    tf.registerKernel({
      kernelName,
      backendName: traceBackendName,
      kernelFunc: kernelOf(backend, kernelName, rule),
    });
  installed = backend;
  return backend;
}

const kernelOf =
  (backend: TracingBackend, kernel: string, rule: Rule): tf.KernelFunc =>
  ({ inputs, attrs }) => {
    const nodes = new Map<string, Node>();
    for (const [name, info] of Object.entries<tf.TensorInfo | null | undefined>(inputs))
      if (info) nodes.set(name, backend.nodeOf(info));
    const result = apply(kernel, rule, nodes, { ...attrs });
    return "kind" in result ? backend.tensorOf(result) : result.map((node) => backend.tensorOf(node));
  };

function apply(
  kernel: string,
  rule: Rule,
  nodes: ReadonlyMap<string, Node>,
  attributes: Readonly<Record<string, unknown>>,
): Node | readonly Node[] {
  try {
    return rule(new RuleInputs(kernel, nodes), new RuleAttributes(kernel, attributes));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    if (error instanceof ShapeError) throw new ShapeError(`${kernel}: ${reason}`);
    throw new UntraceableError("", kernel, `${kernel}: ${reason}`);
  }
}
