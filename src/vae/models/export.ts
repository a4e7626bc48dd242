import { resolve } from "node:path";
import * as tf from "@tensorflow/tfjs";
import type { TensorFunction } from "../engine/engine";
import { lower } from "../engine/compiled/lower";
import { encodeModel, type OnnxModel } from "../engine/compiled/onnx/model";
import { simplify } from "../engine/compiled/simplify/simplify";
import { traceFunction } from "../engine/compiled/trace";
import { bareName } from "../engine/compiled/names";
import { wholeNumber } from "../options";
import { saveFile } from "../training/atomicFile";
import type { Definition } from "./definition";
import { decodeFunction, encodeFunction } from "./functions";
import type { Machine } from "./machine";

/**
 * Encoder and decoder as ONNX models that stand alone: inputs and outputs have plain names, the weights are inside.
 * @throws if the model uses an operation that has no ONNX form
 */
export async function exportOnnx(
  machine: Machine,
  model: Definition,
  { path, batchSize = 1 }: { readonly path?: string; readonly batchSize?: number },
): Promise<{ readonly encoder: Uint8Array; readonly decoder: Uint8Array }> {
  wholeNumber("batchSize", batchSize);
  await tf.ready();
  const files = {
    encoder: standalone(machine, encodeFunction(model, batchSize)),
    decoder: standalone(machine, decodeFunction(model, batchSize)),
  };
  if (path !== undefined)
    for (const [part, bytes] of Object.entries(files)) await saveFile(`${resolve(path)}.${part}.onnx`, bytes);
  return files;
}

function standalone(machine: Machine, fn: TensorFunction): Uint8Array {
  const lowered = lower(simplify(traceFunction(fn, machine.specs)));
  const weights = lowered.inputs.flatMap((input) => {
    const name = bareName("weight", input.name);
    return name === undefined ? [] : [{ ...input, bytes: bytesOf(machine.read(name)) }];
  });
  const read = new Set(lowered.nodes.flatMap((node) => node.inputs));
  return encodeModel(
    withPlainNames({
      ...lowered,
      constants: [...lowered.constants, ...weights.filter(({ name }) => read.has(name))],
      inputs: lowered.inputs.filter(({ name }) => bareName("weight", name) === undefined),
    }),
  );
}

function withPlainNames(model: OnnxModel): OnnxModel {
  const plain = (name: string): string => bareName("input", name) ?? bareName("output", name) ?? name;
  const renamed = <T extends { readonly name: string }>(value: T): T => ({
    ...value,
    name: plain(value.name),
  });
  return {
    ...model,
    nodes: model.nodes.map((node) => ({
      ...node,
      inputs: node.inputs.map(plain),
      output: plain(node.output),
    })),
    inputs: model.inputs.map(renamed),
    outputs: model.outputs.map(renamed),
  };
}

const bytesOf = (values: Float32Array): Uint8Array =>
  new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
