import type { Node } from "../graph";
import type { Reduction } from "../operations";
import { cast, concat, filled, multiply, operation, reduce, reducedShape, slice, unary } from "../operations";
import type { Rule, RuleTable } from "./rule";
import { resolveAxes, resolveAxis } from "./rule";

/** Rules for operations that shrink or scan axes. */

const over =
  (op: Reduction, attribute = "axis", widen: (x: Node) => Node = (x) => x): Rule =>
  (inputs, attributes) => {
    const x = widen(inputs.get("x"));
    const axes = resolveAxes(attributes.optionalNumbers(attribute), x.shape.length);
    return reduce(op, x, axes, attributes.boolean("keepDims"));
  };

const boolAsInteger = (x: Node): Node => (x.dtype === "bool" ? cast(x, "int32") : x);

const logical =
  (op: Reduction): Rule =>
  (inputs, attributes) => {
    const x = cast(inputs.get("x"), "int32");
    const axes = resolveAxes(attributes.optionalNumbers("axis"), x.shape.length);
    return cast(reduce(op, x, axes, attributes.boolean("keepDims")), "bool");
  };

const argument =
  (op: "ArgMax" | "ArgMin"): Rule =>
  (inputs, attributes) => {
    const x = inputs.get("x");
    const axis = resolveAxis(attributes.number("axis"), x.shape.length);
    return operation(op, [x], reducedShape(x.shape, [axis], false), "int32", { axis, keepdims: 0 });
  };

export const reductions: RuleTable = {
  Sum: over("ReduceSum", "axis", boolAsInteger),
  Mean: over("ReduceMean", "axis", (x) => cast(x, "float32")),
  Prod: over("ReduceProd", "axis", boolAsInteger),
  Max: over("ReduceMax", "reductionIndices"),
  Min: over("ReduceMin"),
  All: logical("ReduceMin"),
  Any: logical("ReduceMax"),
  ArgMax: argument("ArgMax"),
  ArgMin: argument("ArgMin"),
  Cumsum: (inputs, attributes) => {
    const x = boolAsInteger(inputs.get("x"));
    return operation("CumSum", [x], x.shape, x.dtype, {
      axis: resolveAxis(attributes.number("axis", 0), x.shape.length),
      exclusive: attributes.boolean("exclusive") ? 1 : 0,
      reverse: attributes.boolean("reverse") ? 1 : 0,
    });
  },
  /** ONNX scans sums only: products are multiplied up along the axis, one step per element. */
  Cumprod: (inputs, attributes) => {
    const x = inputs.get("x");
    const axis = resolveAxis(attributes.number("axis", 0), x.shape.length);
    const length = x.shape[axis] ?? 1;
    const at = (i: number): Node => slice(x, [{ axis, start: i, end: i + 1 }]);
    const order = Array.from({ length }, (_, i) => (attributes.boolean("reverse") ? length - 1 - i : i));
    const results = new Map<number, Node>();
    let product: Node = filled(x.shape.with(axis, 1), 1, x.dtype);
    for (const i of order) {
      const next = multiply(product, at(i));
      results.set(i, attributes.boolean("exclusive") ? product : next);
      product = next;
    }
    return concat(
      Array.from({ length }, (_, i) => results.get(i) ?? product),
      axis,
    );
  },
  Softmax: (inputs, attributes) => {
    const logits = inputs.get("logits");
    return unary("Softmax", logits, { axis: resolveAxis(attributes.number("dim", -1), logits.shape.length) });
  },
};
