import type { Graph, Node } from "../graph";
import { nodesOf, rewrite, sameShape } from "../graph";
import { add, binary, like, multiply, reduce, reshape, subtract, unary } from "../operations";
import { argumentOf, isOperation, isUniform, listAttribute } from "./patterns";
import type { Rewriting } from "./rewriting";

/**
 * The logistic function, found again in what a careful cross-entropy leaves behind. Written as
 * relu(o) - o x + log(1 + exp(-|o|)), its gradient comes as the derivative of each term:
 *
 *     d where o > 0 (relu)  -  (+d e/(1+e) where o > 0, -d e/(1+e) elsewhere)  with e = exp(-|o|)
 *
 * and both together are d sigmoid(o), one vectorised operation in place of seven.
 */
export const logistic: Rewriting = (node) => {
  if (node.op !== "Add" && node.op !== "Sub") return undefined;
  const terms = termsOf(node, 1, 0);
  for (const step of terms) {
    const rising = stepOf(step.node);
    if (!rising) continue;
    for (const tail of terms) {
      const falling = tailOf(tail.node);
      if (!falling || tail.sign === step.sign || !sameCondition(rising, falling)) continue;
      const whole = multiply(unary("Sigmoid", falling.logits), rising.gradient);
      return sumOf([
        ...terms.filter((term) => term !== step && term !== tail),
        { node: whole, sign: step.sign },
      ]);
    }
  }
  return undefined;
};

interface Term {
  readonly node: Node;
  readonly sign: 1 | -1;
}

/** A sum taken apart; a few levels are enough, as gradients arrive added up one after the other. */
function termsOf(node: Node, sign: 1 | -1, depth: number): readonly Term[] {
  const deepest = 4;
  const inner = argumentOf(node, "Neg");
  if (inner && depth < deepest) return termsOf(inner, sign === 1 ? -1 : 1, depth + 1);
  if (depth >= deepest || !(isOperation(node, "Add") || isOperation(node, "Sub"))) return [{ node, sign }];
  const [a, b] = node.inputs;
  if (!a || !b) return [{ node, sign }];
  const second = isOperation(node, "Sub") ? (sign === 1 ? -1 : 1) : sign;
  return [...termsOf(a, sign, depth + 1), ...termsOf(b, second, depth + 1)];
}

function sumOf(terms: readonly Term[]): Node | undefined {
  const positive = terms.filter(({ sign }) => sign === 1).map(({ node }) => node);
  const negative = terms.filter(({ sign }) => sign === -1).map(({ node }) => node);
  const [first, ...rest] = positive;
  const start = first ? rest.reduce(add, first) : undefined;
  return negative.reduce<Node | undefined>(
    (sum, node) => (sum ? subtract(sum, node) : unary("Neg", node)),
    start,
  );
}

interface Step {
  readonly condition: Node;
  readonly gradient: Node;
}

/** (o > 0 ? d : 0), also where it comes as (o > 0 ? 1 : 0) * d. */
function stepOf(node: Node): Step | undefined {
  if (isOperation(node, "Mul")) {
    const [mask, gradient] = node.inputs;
    const step = mask && stepOf(mask);
    return step && gradient && isUniform(step.gradient, 1) ? { ...step, gradient } : undefined;
  }
  if (!isOperation(node, "Where")) return undefined;
  const [condition, gradient, zero] = node.inputs;
  return condition && gradient && isUniform(zero, 0) ? { condition, gradient } : undefined;
}

interface Tail extends Step {
  readonly logits: Node;
}

/** (o > 0 ? t : -t) with t = d e / (1 + e), e = exp(-|o|). */
function tailOf(node: Node): Tail | undefined {
  if (!isOperation(node, "Where")) return undefined;
  const [condition, t, minusT] = node.inputs;
  if (!condition || !t || argumentOf(minusT, "Neg") !== t || !isOperation(t, "Mul")) return undefined;
  const [quotient, e] = t.inputs;
  const logits = argumentOf(argumentOf(argumentOf(e, "Exp"), "Neg"), "Abs");
  if (!logits || !isPositive(condition, logits)) return undefined;
  const [gradient, denominator] = isOperation(quotient, "Div") ? quotient.inputs : [];
  if (!gradient || !isOperation(denominator, "Add")) return undefined;
  const [a, b] = denominator.inputs;
  const onePlusE = (a === e && isUniform(b, 1)) || (b === e && isUniform(a, 1));
  return onePlusE ? { condition, gradient, logits } : undefined;
}

const isPositive = (condition: Node, x: Node): boolean =>
  isOperation(condition, "Greater") && condition.inputs[0] === x && isUniform(condition.inputs[1], 0);

const sameCondition = (a: Step, b: Step): boolean =>
  a.condition === b.condition && (a.gradient === b.gradient || sameNumber(a.gradient, b.gradient));

const sameNumber = (a: Node, b: Node): boolean =>
  a.kind === "constant" && b.kind === "constant" && a.values.length === 1 && isUniform(b, a.values[0] ?? NaN);

/**
 * log(1 + exp(-|o|)) is -log(max(s, 1 - s)) with s = sigmoid(o), which is there already where the gradient is computed
 * too: the larger of s and 1 - s is the probability of what is more likely, and lies above one half.
 */
export function shareLogistic(graph: Graph): Graph {
  const logistics = new Map<Node, Node>();
  for (const node of nodesOf(graph)) {
    if (isOperation(node, "Sigmoid") && node.inputs[0]) logistics.set(node.inputs[0], node);
  }
  return rewrite(graph, (node) => {
    const inner = argumentOf(node, "Log");
    if (!isOperation(inner, "Add")) return node;
    const [a, b] = inner.inputs;
    const e = isUniform(b, 1) ? a : isUniform(a, 1) ? b : undefined;
    const logits = argumentOf(argumentOf(argumentOf(e, "Exp"), "Neg"), "Abs");
    const s = logits && logistics.get(logits);
    return s ? unary("Neg", unary("Log", binary("Max", s, subtract(like(s, 1), s)))) : node;
  });
}

/**
 * The sum of the logarithms of such probabilities is the logarithm of their product, for as many at a time as keep the
 * product, of numbers from one half up, far above the smallest float: a logarithm costs as much as ten products.
 */
export function sumLogistic(graph: Graph): Graph {
  return rewrite(graph, (node) => {
    const [x] = node.inputs;
    if (node.op !== "ReduceSum" || !x) return node;
    const terms = termsOf(x, 1, 0);
    const found = terms.find((term) => sameShape(term.node.shape, x.shape) && likelier(term.node));
    const p = found && likelier(found.node);
    const length = x.shape.at(-1) ?? 1;
    const together = p && divisors(length).findLast((size) => size <= mostFactors);
    if (!together || together < 4 || !listAttribute(node, "axes").includes(x.shape.length - 1)) return node;
    const groups = [...x.shape.slice(0, -1), length / together];
    const products = reduce("ReduceProd", reshape(p, [...groups, together]), [x.shape.length]);
    const logarithms: Node = { ...node, inputs: [unary("Log", products)] };
    const rest = sumOf(terms.filter((term) => term !== found));
    if (!rest) return found.sign === 1 ? logarithms : unary("Neg", logarithms);
    if (!sameShape(rest.shape, x.shape)) return node;
    return (found.sign === 1 ? add : subtract)({ ...node, inputs: [rest] }, logarithms);
  });
}

/** 2 to the power of -96 is 1e-29; floats are exact to seven digits down to 1e-38. */
const mostFactors = 96;

const divisors = (length: number): readonly number[] =>
  Array.from({ length: Math.min(length, mostFactors) }, (_, i) => i + 1).filter(
    (size) => length % size === 0,
  );

/** max(s, 1 - s) with s = sigmoid(o), where this is its logarithm. */
function likelier(node: Node): Node | undefined {
  const p = argumentOf(node, "Log");
  if (!isOperation(p, "Max")) return undefined;
  const [s, other] = p.inputs;
  const isRest = isOperation(other, "Sub") && isUniform(other.inputs[0], 1) && other.inputs[1] === s;
  return isOperation(s, "Sigmoid") && isRest ? p : undefined;
}
