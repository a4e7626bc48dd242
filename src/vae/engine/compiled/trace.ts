import * as tf from "@tensorflow/tfjs";
import type { Shape, StepFunction, TensorFunction, Tensors, WeightSpec } from "../engine";
import { RandomOperationError, ShapeError, UntraceableError } from "./errors";
import type { Graph, InputNode, Node } from "./graph";
import { gradientName, inputName, outputName, weightName } from "./names";
import { filled } from "./operations";
import type { TracingBackend } from "./tracingBackend";
import { traceBackendName, tracingBackend } from "./tracingBackend";

const input = (name: string, shape: Shape): InputNode => ({ kind: "input", name, shape, dtype: "float32" });

/** Runs a function once on symbolic tensors and writes down what it does. */
export function traceFunction(fn: TensorFunction, specs: readonly WeightSpec[]): Graph {
  return tracing(fn, specs, (inputs, weights) => {
    const outputs = fn.apply(inputs.tensors, weights.tensors);
    return new Map(
      Object.entries(outputs).map(([name, tensor]) => [outputName(name), tracingBackend().nodeOf(tensor)]),
    );
  });
}

/** The same for a training step, with the gradient of its `loss` for every trainable weight. */
export function traceStep(fn: StepFunction, specs: readonly WeightSpec[]): Graph {
  return tracing(fn, specs, (inputs, weights) => {
    const results = new Map<string, Node>();
    const trainable = specs.filter((spec) => spec.trainable);
    const variables = trainable.map(({ name }) => {
      const tensor = weights.tensors[name];
      if (!tensor) throw new Error(`weight "${name}" is missing`);
      return tensor;
    });
    const forward = (): tf.Scalar => {
      const outputs = fn.apply(inputs.tensors, weights.tensors);
      for (const [name, tensor] of Object.entries(outputs))
        results.set(outputName(name), tracingBackend().nodeOf(tensor));
      return lossOf(fn, outputs);
    };
    if (trainable.length === 0) {
      forward();
      return results;
    }
    const { grads } = tf.engine().gradients(forward, variables, undefined, true);
    trainable.forEach(({ name, shape }, i) => {
      // The loss may not depend on a weight at all: then tfjs has no gradient for it.
      const gradient: tf.Tensor | undefined = grads[i];
      results.set(gradientName(name), gradient ? tracingBackend().nodeOf(gradient) : filled(shape, 0));
    });
    return results;
  });
}

function lossOf(fn: StepFunction, outputs: Tensors): tf.Scalar {
  const { loss } = outputs;
  if (!loss)
    throw new Error(`${fn.name} must return a tensor named "loss", got ${Object.keys(outputs).join(", ")}`);
  if (loss.size !== 1 || loss.rank !== 0)
    throw new Error(`${fn.name}'s loss must be a scalar, got shape [${loss.shape.join(", ")}]`);
  return loss.asScalar();
}

interface Symbols {
  readonly nodes: readonly InputNode[];
  readonly tensors: Tensors;
}

function symbols(
  backend: TracingBackend,
  shapes: Readonly<Record<string, Shape>>,
  nameOf: (name: string) => string,
): Symbols {
  const nodes = Object.entries(shapes).map(([name, shape]) => ({ name, node: input(nameOf(name), shape) }));
  return {
    nodes: nodes.map(({ node }) => node),
    tensors: Object.fromEntries(
      nodes.map(({ name, node }) => [name, tf.engine().makeTensorFromTensorInfo(backend.tensorOf(node))]),
    ),
  };
}

/** Sets the tracing backend up for the length of `run`. Nothing in here waits, so nobody else meets that backend. */
function tracing(
  fn: TensorFunction,
  specs: readonly WeightSpec[],
  run: (inputs: Symbols, weights: Symbols) => ReadonlyMap<string, Node>,
): Graph {
  const backend = tracingBackend();
  const previous = tf.getBackend();
  const random = Math.random;
  let nodes: readonly InputNode[] = [];
  const outputs = new Map<string, Node>();
  try {
    // Without a seed every random operation of tfjs starts from Math.random, in plain JavaScript: a kernel that a rule
    // could refuse is never called, and the numbers would silently become constants of the graph.
    Math.random = () => {
      throw new RandomOperationError(fn.name);
    };
    void tf.setBackend(traceBackendName);
    tf.tidy(() => {
      const inputs = symbols(backend, fn.inputs, inputName);
      const shapes = Object.fromEntries(specs.map((spec) => [spec.name, spec.shape]));
      const weights = symbols(backend, shapes, weightName);
      nodes = [...inputs.nodes, ...weights.nodes];
      for (const [name, node] of run(inputs, weights)) outputs.set(name, node);
    });
  } catch (error) {
    throw named(error, fn.name);
  } finally {
    Math.random = random;
    void tf.setBackend(previous);
  }
  return { inputs: nodes, outputs };
}

/** Says in which of the model's functions a rule was missing; other errors are the function's own. */
function named(error: unknown, functionName: string): unknown {
  if (error instanceof UntraceableError && error.functionName === "")
    return new UntraceableError(functionName, error.operation, error.reason);
  if (error instanceof ShapeError) return new ShapeError(`${functionName}: ${error.message}`);
  const missing =
    error instanceof Error ? /Kernel '(\w+)' not registered/.exec(error.message)?.[1] : undefined;
  if (missing) return new UntraceableError(functionName, missing, `the operation ${missing} has no rule`);
  return error;
}
