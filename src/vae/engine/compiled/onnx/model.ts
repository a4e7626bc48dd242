import type { Shape } from "../../engine";
import type { Attribute, Attributes } from "../graph";
import type { Message } from "./protobuf";
import { bytesField, encode, floatField, integerField, messageField, textField } from "./protobuf";

/**
 * ONNX files, from the messages up. Field numbers are those of onnx.proto3:
 * https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3
 */
export type ElementType = "float32" | "int32" | "int64" | "bool";

const elementTypes: Readonly<Record<ElementType, number>> = { float32: 1, int32: 6, int64: 7, bool: 9 };

export interface OnnxValue {
  readonly name: string;
  readonly type: ElementType;
  readonly shape: Shape;
  /** A list of such tensors. */
  readonly isSequence?: boolean;
}

export interface OnnxTensor extends OnnxValue {
  /** Little-endian, row-major. */
  readonly bytes: Uint8Array;
}

export interface OnnxNode {
  readonly op: string;
  readonly inputs: readonly string[];
  /** Results of the operator that come before the one that is read. */
  readonly before?: readonly string[];
  readonly output: string;
  readonly attributes: Attributes;
  readonly domain?: string;
}

export interface OnnxModel {
  readonly nodes: readonly OnnxNode[];
  readonly constants: readonly OnnxTensor[];
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
  /** Operator set version of the default domain. */
  readonly opset: number;
  /** Further domains that nodes name, with their versions. */
  readonly domains?: Readonly<Record<string, number>>;
}

const isList = (value: Attribute): value is readonly number[] => Array.isArray(value);

function attribute(name: string, value: Attribute): Message {
  const type = (code: number): Message => integerField(20, code);
  const named = textField(1, name);
  if (typeof value === "number") return [...named, ...integerField(3, value), ...type(2)];
  if (typeof value === "string") return [...named, ...textField(4, value), ...type(3)];
  if (isList(value)) return [...named, ...value.flatMap((item) => integerField(8, item)), ...type(7)];
  return [...named, ...floatField(2, value.float), ...type(1)];
}

const node = ({ op, inputs, before = [], output, attributes, domain }: OnnxNode): Message => [
  ...inputs.flatMap((name) => textField(1, name)),
  ...[...before, output].flatMap((name) => textField(2, name)),
  ...textField(4, op),
  ...Object.entries(attributes).flatMap(([name, value]) => messageField(5, attribute(name, value))),
  ...(domain ? textField(7, domain) : []),
];

const tensor = ({ name, type, shape, bytes }: OnnxTensor): Message => [
  ...shape.flatMap((dimension) => integerField(1, dimension)),
  ...integerField(2, elementTypes[type]),
  ...textField(8, name),
  ...bytesField(9, bytes),
];

function value({ name, type, shape, isSequence }: OnnxValue): Message {
  const dimensions = shape.flatMap((dimension) => messageField(1, integerField(1, dimension)));
  const tensorType = [...integerField(1, elementTypes[type]), ...messageField(2, dimensions)];
  const one = messageField(1, tensorType);
  return [
    ...textField(1, name),
    ...messageField(2, isSequence ? messageField(4, messageField(1, one)) : one),
  ];
}

const operatorSet = (domain: string, version: number): Message =>
  messageField(8, [...textField(1, domain), ...integerField(2, version)]);

/** IR version 9 goes with operator sets up to 20. */
const irVersion = 9;

export function encodeModel(model: OnnxModel): Uint8Array {
  const graph = [
    ...model.nodes.flatMap((item) => messageField(1, node(item))),
    ...textField(2, "vae"),
    ...model.constants.flatMap((item) => messageField(5, tensor(item))),
    ...model.inputs.flatMap((item) => messageField(11, value(item))),
    ...model.outputs.flatMap((item) => messageField(12, value(item))),
  ];
  return encode([
    ...integerField(1, irVersion),
    ...messageField(7, graph),
    ...operatorSet("", model.opset),
    ...Object.entries(model.domains ?? {}).flatMap(([domain, version]) => operatorSet(domain, version)),
  ]);
}
