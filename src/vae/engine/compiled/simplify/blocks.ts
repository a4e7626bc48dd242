import { fromBlocks, fromBlocksOp, toBlocks, toBlocksOp } from "../blockedConvolutions";
import type { Node, OperationNode } from "../graph";
import { sameShape } from "../graph";
import { reshape, sum, transpose } from "../operations";
import { isOperation, listAttribute, uniform } from "./patterns";
import type { Rewriting } from "./rewriting";
import { byOperation } from "./rewriting";

/**
 * Images stay in blocks of channels from one convolution to the next: what works on every number by itself does not ask
 * in which order they lie, and what puts them into another order and back is dropped.
 */
const pointwise = [
  "Relu",
  "Tanh",
  "Sigmoid",
  "Exp",
  "Neg",
  "Abs",
  "HardSigmoid",
  "Add",
  "Sub",
  "Mul",
  "Div",
  "Max",
  "Min",
];

export const blocks: Rewriting = byOperation({
  [toBlocksOp]: (node) => {
    const [x] = node.inputs;
    const inner = isOperation(x, fromBlocksOp) ? x.inputs[0] : undefined;
    if (inner && x?.kind === "operation" && sameOrder(node, x)) return inner;
    const first = node.attributes.channels_last === 1 ? beforeTranspose(x, [0, 2, 3, 1]) : undefined;
    return first && toBlocks(first, false);
  },
  Transpose: (node) => {
    const [x] = node.inputs;
    const inner = isOperation(x, fromBlocksOp) && x.attributes.channels_last === 1 ? x.inputs[0] : undefined;
    if (!inner) return undefined;
    const order = listAttribute(node, "perm").join();
    if (order === "0,3,1,2") return fromBlocks(inner, false);
    return order === "3,0,1,2" ? transpose(fromBlocks(inner, false), [1, 0, 2, 3]) : undefined;
  },
  ...Object.fromEntries(pointwise.map((op) => [op, inBlocks])),
  Where: (node) => {
    const [condition, ...choices] = node.inputs;
    if (!isOperation(condition, "Greater")) return undefined;
    const compared = condition.inputs.map((input) => blocked(input, node));
    const chosen = choices.map((input) => blocked(input, node));
    const shape = chosen.find((input) => input?.kind === "operation")?.shape;
    if (!shape || ![...compared, ...chosen].every((input) => input !== undefined)) return undefined;
    const greater = { ...condition, inputs: compared.filter((input) => input !== undefined), shape };
    const inputs = [greater, ...chosen.filter((input) => input !== undefined)];
    return fromBlocks({ ...node, inputs, shape }, true);
  },
});

/**
 * The gradient of a bias is a sum over pictures and pixels for each channel. ONNX Runtime is quick where it sums over one
 * axis, so it sums over pixels first and over pictures then, and nothing leaves its block: half the time.
 */
export const sumsInBlocks = (block: number): Rewriting =>
  byOperation({
    ReduceSum: (node) => {
      const [image] = node.inputs;
      if (!isOperation(image, fromBlocksOp) || image.attributes.channels_last !== 1) return undefined;
      const [inside] = image.inputs;
      const [pictures = 1, height = 1, width = 1, channels = 1] = image.shape;
      if (!inside || listAttribute(node, "axes").join() !== "0,1,2") return undefined;
      const pixels = reshape(inside, [(pictures * channels) / block, height * width, block]);
      return reshape(sum(reshape(sum(pixels, [1]), [pictures, channels]), [0]), node.shape);
    },
  });

const sameOrder = (a: OperationNode, b: OperationNode): boolean =>
  a.attributes.channels_last === b.attributes.channels_last;

function beforeTranspose(x: Node | undefined, order: readonly number[]): Node | undefined {
  return isOperation(x, "Transpose") && listAttribute(x, "perm").join() === order.join()
    ? x.inputs[0]
    : undefined;
}

/** f(from blocks x) is from blocks f(x), where every operand is in blocks or one number. */
function inBlocks(node: OperationNode): Node | undefined {
  const inputs = node.inputs.map((input) => blocked(input, node));
  const [image] = inputs.filter((input) => input?.kind === "operation");
  const known = inputs.filter((input) => input !== undefined);
  if (!image || known.length < inputs.length) return undefined;
  return fromBlocks({ ...node, inputs: known, shape: image.shape }, true);
}

/** The operand as it lies in blocks; a number that is the same everywhere needs none. */
function blocked(input: Node, { shape }: OperationNode): Node | undefined {
  if (
    isOperation(input, fromBlocksOp) &&
    input.attributes.channels_last === 1 &&
    sameShape(input.shape, shape)
  )
    return input.inputs[0];
  return uniform(input) !== undefined && input.shape.length === 0 ? input : undefined;
}
