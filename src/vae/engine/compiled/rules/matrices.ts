import { ShapeError } from "../errors";
import type { Node } from "../graph";
import { sizeOf } from "../graph";
import { add, broadcastShape, gemm, like, matMul, operation, reshape, swapLast } from "../operations";
import { activate } from "./elementwise";
import type { RuleAttributes, RuleTable } from "./rule";

/** Rules for products of matrices. */

/** tfjs calls its kernel with three axes or more; where the leading ones are 1 this is a plain matrix product. */
function product(a: Node, b: Node, attributes: RuleAttributes): Node {
  const transposed = { a: attributes.boolean("transposeA"), b: attributes.boolean("transposeB") };
  const inner = [a.shape.at(transposed.a ? -2 : -1), b.shape.at(transposed.b ? -1 : -2)];
  if (inner[0] !== inner[1]) {
    const described = ([x, t]: [Node, boolean]): string =>
      `[${x.shape.slice(-2).join(", ")}]${t ? " transposed" : ""}`;
    const factors = `${described([a, transposed.a])} and ${described([b, transposed.b])}`;
    throw new ShapeError(
      `the inner sizes of a matrix product must be equal, but of ${factors} they are ${inner.join(" and ")}`,
    );
  }
  const leading = broadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2));
  if (sizeOf(leading) !== 1) return matMul(transposed.a ? swapLast(a) : a, transposed.b ? swapLast(b) : b);
  const flat = gemm(reshape(a, a.shape.slice(-2)), reshape(b, b.shape.slice(-2)), transposed);
  return reshape(flat, [...leading, ...flat.shape]);
}

export const matrices: RuleTable = {
  BatchMatMul: (inputs, attributes) => product(inputs.get("a"), inputs.get("b"), attributes),
  _FusedMatMul: (inputs, attributes) => {
    const plain = product(inputs.get("a"), inputs.get("b"), attributes);
    const bias = inputs.optional("bias");
    const biased = bias ? add(plain, bias) : plain;
    const slope =
      inputs.optional("preluActivationWeights") ?? like(biased, attributes.number("leakyreluAlpha", 0.2));
    return activate(biased, attributes.text("activation", "linear"), slope);
  },
  Einsum: (inputs, attributes) => {
    const equation = attributes.text("equation").replaceAll(" ", "");
    const [terms = "", result = ""] = equation.split("->");
    const parts = inputs.all();
    const sizes = new Map<string, number>();
    terms
      .split(",")
      .forEach((term, i) =>
        [...term].forEach((letter, axis) => sizes.set(letter, parts[i]?.shape[axis] ?? 1)),
      );
    return operation(
      "Einsum",
      parts,
      [...result].map((letter) => sizes.get(letter) ?? 1),
      "float32",
      { equation },
    );
  },
};
