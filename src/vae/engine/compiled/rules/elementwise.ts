import type { Node } from "../graph";
import {
  add,
  binary,
  cast,
  compare,
  divide,
  equal,
  filled,
  greater,
  like,
  multiply,
  not,
  reshape,
  subtract,
  unary,
  where,
} from "../operations";
import type { Rule, RuleTable } from "./rule";

/** Rules for operations that work on each element by itself. */

const one =
  (op: string): Rule =>
  (inputs) =>
    unary(op, inputs.get("x"));

const two =
  (combine: (a: Node, b: Node) => Node): Rule =>
  (inputs) =>
    combine(inputs.get("a"), inputs.get("b"));

const arithmetic = (op: string): Rule => two((a, b) => binary(op, a, b));
const comparison = (op: string): Rule => two((a, b) => compare(op, a, b));
const logical = (op: string): Rule => two((a, b) => compare(op, cast(a, "bool"), cast(b, "bool")));

const floorOf = (x: Node): Node => (x.dtype === "int32" ? x : unary("Floor", x));

/** Rounds down for negative numbers too; ONNX divides integers towards zero, so they take the way over floats. */
const floorDivide = (a: Node, b: Node): Node =>
  cast(unary("Floor", divide(cast(a, "float32"), cast(b, "float32"))), a.dtype);

/** The sign of the result is the divisor's, as in tfjs and Python. */
const floorModulo = (a: Node, b: Node): Node => subtract(a, multiply(b, floorDivide(a, b)));

const selu = { alpha: 1.6732632423543772, scale: 1.0507009873554805 };

const leaky = (x: Node, slope: Node): Node => where(greater(x, like(x, 0)), x, multiply(x, slope));

/** max(x, 0) + log(1 + exp(-|x|)): neither exp nor log can overflow. */
const softplus = (x: Node): Node =>
  add(unary("Relu", x), unary("Log", add(unary("Exp", unary("Neg", unary("Abs", x))), like(x, 1))));

/** A quarter turn where x is not positive; which one depends on the sign of y. */
function angle(y: Node, x: Node): Node {
  const quotient = unary("Atan", divide(y, x));
  const zero = like(x, 0);
  const half = where(compare("Less", y, zero), like(x, -Math.PI), like(x, Math.PI));
  const shifted = where(compare("Less", x, zero), add(quotient, half), quotient);
  const onAxis = where(
    equal(y, zero),
    where(compare("Less", x, zero), like(x, Math.PI), zero),
    multiply(unary("Sign", y), like(x, Math.PI / 2)),
  );
  return where(equal(x, zero), onAxis, shifted);
}

/** Activations that tfjs fuses into matMul and conv2d, by the name that it gives them. */
export function activate(x: Node, activation: string, slope: Node | undefined): Node {
  switch (activation) {
    case "linear":
      return x;
    case "relu":
      return unary("Relu", x);
    case "relu6":
      return clip(x, 0, 6);
    case "elu":
      return elu(x);
    case "sigmoid":
      return unary("Sigmoid", x);
    case "prelu":
    case "leakyrelu":
      if (slope) return leaky(x, slope);
      break;
  }
  throw new Error(`no rule for the fused activation "${activation}"`);
}

const clip = (x: Node, low: number, high: number): Node =>
  binary("Min", binary("Max", x, like(x, low)), like(x, high));

/** exp(min(x, 0)) keeps the branch that is not taken from overflowing. */
const elu = (x: Node): Node =>
  where(greater(x, like(x, 0)), x, subtract(unary("Exp", binary("Min", x, like(x, 0))), like(x, 1)));

export const elementwise: RuleTable = {
  Abs: one("Abs"),
  Acos: one("Acos"),
  Acosh: one("Acosh"),
  Asin: one("Asin"),
  Asinh: one("Asinh"),
  Atan: one("Atan"),
  Atanh: one("Atanh"),
  Ceil: one("Ceil"),
  Cos: one("Cos"),
  Cosh: one("Cosh"),
  Erf: one("Erf"),
  Exp: one("Exp"),
  Floor: (inputs) => floorOf(inputs.get("x")),
  Log: one("Log"),
  Neg: one("Neg"),
  Relu: (inputs) => binary("Max", inputs.get("x"), like(inputs.get("x"), 0)),
  Round: one("Round"),
  Sigmoid: one("Sigmoid"),
  Sign: one("Sign"),
  Sin: one("Sin"),
  Sinh: one("Sinh"),
  Sqrt: one("Sqrt"),
  Tan: one("Tan"),
  Tanh: one("Tanh"),
  Identity: (inputs) => inputs.get("x"),
  Reciprocal: (inputs) => unary("Reciprocal", inputs.get("x")),
  Rsqrt: (inputs) => unary("Reciprocal", unary("Sqrt", inputs.get("x"))),
  Square: (inputs) => multiply(inputs.get("x"), inputs.get("x")),
  Expm1: (inputs) => subtract(unary("Exp", inputs.get("x")), like(inputs.get("x"), 1)),
  Log1p: (inputs) => unary("Log", add(inputs.get("x"), like(inputs.get("x"), 1))),
  Softplus: (inputs) => softplus(inputs.get("x")),
  Relu6: (inputs) => clip(inputs.get("x"), 0, 6),
  ClipByValue: (inputs, attributes) =>
    clip(inputs.get("x"), attributes.number("clipValueMin"), attributes.number("clipValueMax")),
  LeakyRelu: (inputs, attributes) =>
    leaky(inputs.get("x"), like(inputs.get("x"), attributes.number("alpha"))),
  Prelu: (inputs) => leaky(inputs.get("x"), inputs.get("alpha")),
  Elu: (inputs) => elu(inputs.get("x")),
  EluGrad: (inputs) => {
    const [dy, y] = [inputs.get("dy"), inputs.get("y")];
    return where(compare("GreaterOrEqual", y, like(y, 0)), dy, multiply(dy, add(y, like(y, 1))));
  },
  Selu: (inputs) => {
    const x = inputs.get("x");
    const negative = multiply(
      like(x, selu.alpha),
      subtract(unary("Exp", binary("Min", x, like(x, 0))), like(x, 1)),
    );
    return multiply(like(x, selu.scale), where(greater(x, like(x, 0)), x, negative));
  },
  /** tfjs's gradients use it with a second level: alpha for what is not positive (-1 for abs). NaN stays NaN. */
  Step: (inputs, attributes) => {
    const x = inputs.get("x");
    return where(greater(x, like(x, 0)), like(x, 1), like(x, attributes.number("alpha", 0)));
  },
  Cast: (inputs, attributes) => {
    const dtype = attributes.text("dtype");
    if (dtype === "float32" || dtype === "int32" || dtype === "bool") return cast(inputs.get("x"), dtype);
    throw new Error(`no rule for a cast to ${dtype}`);
  },
  IsNan: (inputs) => not(equal(inputs.get("x"), inputs.get("x"))),
  IsInf: (inputs) => equal(unary("Abs", inputs.get("x")), like(inputs.get("x"), Infinity)),
  IsFinite: (inputs) => compare("Less", unary("Abs", inputs.get("x")), like(inputs.get("x"), Infinity)),
  OnesLike: (inputs) => filled(inputs.get("x").shape, 1, inputs.get("x").dtype),
  ZerosLike: (inputs) => filled(inputs.get("x").shape, 0, inputs.get("x").dtype),

  Add: arithmetic("Add"),
  AddN: (inputs) => inputs.all().reduce(add),
  Sub: arithmetic("Sub"),
  Multiply: arithmetic("Mul"),
  RealDiv: two((a, b) => divide(cast(a, "float32"), cast(b, "float32"))),
  FloorDiv: two(floorDivide),
  Mod: two(floorModulo),
  Maximum: arithmetic("Max"),
  Minimum: arithmetic("Min"),
  Pow: arithmetic("Pow"),
  SquaredDifference: two((a, b) => multiply(subtract(a, b), subtract(a, b))),
  Atan2: two(angle),

  Equal: comparison("Equal"),
  NotEqual: two((a, b) => not(equal(a, b))),
  Greater: comparison("Greater"),
  GreaterEqual: comparison("GreaterOrEqual"),
  Less: comparison("Less"),
  LessEqual: comparison("LessOrEqual"),
  LogicalAnd: logical("And"),
  LogicalOr: logical("Or"),
  LogicalNot: (inputs) => not(cast(inputs.get("x"), "bool")),
  /** A condition of lower rank selects along the first axis. */
  Select: (inputs) => {
    const [condition, t, e] = [inputs.get("condition"), inputs.get("t"), inputs.get("e")];
    const missing = t.shape.length - condition.shape.length;
    const shape = [...condition.shape, ...Array.from({ length: Math.max(0, missing) }, () => 1)];
    return where(reshape(condition, shape), t, e);
  },
};
