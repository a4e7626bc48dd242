import { describe, expect, test } from "vitest";
import type { Graph, InputNode, Node } from "../../../../src/vae/engine/compiled/graph";
import { nodesOf } from "../../../../src/vae/engine/compiled/graph";
import { inputName } from "../../../../src/vae/engine/compiled/names";
import * as build from "../../../../src/vae/engine/compiled/operations";
import { Program } from "../../../../src/vae/engine/compiled/program";
import { passes, simplify } from "../../../../src/vae/engine/compiled/simplify/simplify";
import type { Values } from "../../../../src/vae/engine/engine";
import { Choices } from "./random";

const options = { threads: 1, executionProvider: "cpu", notice: () => undefined } as const;

const input = (name: string, shape: readonly number[]): InputNode => ({
  kind: "input",
  name: inputName(name),
  shape,
  dtype: "float32",
});

const graphOf = (...outputs: readonly Node[]): Graph => {
  const named = new Map(outputs.map((node, i) => [`y${i}`, node]));
  const inputs = nodesOf({ inputs: [], outputs: named }).filter((node) => node.kind === "input");
  return { inputs, outputs: named };
};

async function run(graph: Graph, data: Values): Promise<readonly Float32Array[]> {
  const program = await Program.compile(graph, options);
  program.bind(new Map());
  await program.run(data);
  const results = program.results((name) => name);
  await program.dispose();
  return [...graph.outputs.keys()].map((name) => results[name] ?? new Float32Array());
}

/**
 * A random graph that is full of what the passes look for: negations, ones and zeros, constants the same everywhere,
 * spread out values, masks, reshapes that come back, products with and without a bias.
 */
function randomGraph(r: Choices): { graph: Graph; data: Values } {
  const [m, n] = [r.integer(1, 4), r.integer(1, 4)];
  const shapes = [[m, n], [m, n], [m, n], [n], [m, 1], [1, 1]];
  const inputs = shapes.map((shape, i) => input(`x${i}`, shape));
  const pool: Node[] = [
    ...inputs,
    build.scalar(1),
    build.scalar(-1),
    build.scalar(0.5),
    build.filled([m, n], 1),
  ];
  pool.push(build.filled([m, n], 0), build.filled([n], 0), build.float(r.values(n), [n]));
  const any = (): Node => pool[r.integer(0, pool.length - 1)] ?? build.scalar(2);
  const full = (): Node => build.expand(any(), [m, n]);
  const square = (): Node => build.gemm(full(), full(), { b: true });
  const makers: readonly (() => Node)[] = [
    () => build.binary(r.one("Add", "Sub", "Mul"), any(), any()),
    () => build.binary(r.one("Add", "Sub"), full(), any()),
    () => build.binary("Max", any(), build.scalar(0)),
    () => build.unary(r.one("Neg", "Abs", "Sigmoid", "Tanh", "Relu"), any()),
    () => build.divide(any(), build.scalar(r.one(1, 2, -4))),
    () => build.multiply(build.multiply(any(), build.scalar(0.5)), build.scalar(r.one(2, -1, 3))),
    () => full(),
    () =>
      build.multiply(
        full(),
        build.where(build.greater(full(), build.scalar(0)), build.scalar(1), build.scalar(0)),
      ),
    () => build.multiply(full(), build.cast(build.greater(full(), build.scalar(0)), "float32")),
    () => build.transpose(build.transpose(full(), [1, 0]), [1, 0]),
    () => build.reshape(build.reshape(full(), [n * m]), [m, n]),
    () => build.sum(full(), [r.one(0, 1)], true),
    () => build.multiply(full(), build.reshape(build.sum(full(), [0, 1]), [1, 1])),
    () => build.matMul(square(), full()),
    () => build.gemm(square(), build.transpose(full(), [1, 0]), { b: true }),
    () => build.add(build.gemm(square(), full()), r.flag() ? any() : build.filled([n], 0.25)),
    () => careful(full(), full()),
    () => build.reshape(build.reduce("ReduceMean", build.reduce("ReduceSum", full(), [1]), [0]), [1, 1]),
    () => build.expand(build.reduce("ReduceMean", full(), [0], true), [m, n]),
    () => softplus(full()),
  ];
  for (let i = 0; i < 14; i++) {
    const node = r.one(...makers)();
    if (node.shape.length <= 2 && build.broadcastShape(node.shape, [m, n]).join() === [m, n].join())
      pool.push(node);
  }
  const outputs = pool.slice(-4).map((node) => build.add(build.multiply(full(), build.scalar(0.1)), node));
  const data = Object.fromEntries(inputs.map((node, i) => [`x${i}`, r.values(build.elements(node))]));
  return { graph: graphOf(...outputs), data };
}

/** Beside the logistic function of the same, as in a loss and its gradient. */
function softplus(o: Node): Node {
  const e = build.unary("Exp", build.unary("Neg", build.unary("Abs", o)));
  return build.multiply(build.unary("Log", build.add(build.scalar(1), e)), build.unary("Sigmoid", o));
}

/** The gradient of a cross-entropy from logits, as tfjs writes it. */
function careful(o: Node, d: Node): Node {
  const positive = build.greater(o, build.scalar(0));
  const e = build.unary("Exp", build.unary("Neg", build.unary("Abs", o)));
  const t = build.multiply(build.divide(d, build.add(e, build.scalar(1))), e);
  const tail = build.where(positive, t, build.unary("Neg", t));
  return build.subtract(build.where(positive, d, build.scalar(0)), tail);
}

const operations = (graph: Graph): readonly string[] =>
  nodesOf(graph).flatMap((node) => (node.kind === "operation" ? [node.op] : []));

describe.each([...Object.entries(passes), ["all of them", simplify] as const])(
  "the pass %s",
  (_name, pass) => {
    test("keeps the meaning of random graphs", async () => {
      for (let seed = 1; seed <= 12; seed++) {
        const { graph, data } = randomGraph(new Choices(seed * 104_729));
        const before = await run(graph, data);
        const after = await run(pass(graph), data);
        before.forEach((expected, i) => {
          const scale = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
          expected.forEach((value, j) => {
            expect(Math.abs((after[i]?.[j] ?? NaN) - value), `seed ${seed}, y${i}[${j}]`).toBeLessThan(
              1e-5 * scale,
            );
          });
        });
      }
    });
  },
);

describe("simplify", () => {
  const x = input("x", [3, 4]);
  const w = input("w", [4, 5]);

  test("folds what is known", () => {
    const three = build.add(build.scalar(1), build.scalar(2));
    expect(operations(simplify(graphOf(build.multiply(x, build.divide(three, build.scalar(3))))))).toEqual(
      [],
    );
  });

  test("shares common subexpressions", () => {
    const twice = build.add(build.unary("Exp", x), build.unary("Exp", x));
    expect(operations(simplify(graphOf(twice)))).toEqual(["Exp", "Add"]);
  });

  test("drops what no output needs", () => {
    const { inputs } = graphOf(build.unary("Exp", x));
    expect(inputs.map(({ name }) => name)).toEqual(["input/x"]);
  });

  test("cancels reshapes and transposes", () => {
    const around = build.reshape(
      build.reshape(build.transpose(build.transpose(x, [1, 0]), [1, 0]), [12]),
      [3, 4],
    );
    expect(operations(simplify(graphOf(build.unary("Exp", around))))).toEqual(["Exp"]);
  });

  test("makes a product with a bias one operation", () => {
    const biased = build.add(build.gemm(x, w), input("b", [5]));
    expect(operations(simplify(graphOf(biased)))).toEqual(["Gemm"]);
  });

  test("keeps a product that is read elsewhere beside its bias", () => {
    const product = build.gemm(x, w);
    const both = graphOf(build.add(product, input("b", [5])), build.unary("Exp", product));
    expect(operations(simplify(both)).filter((op) => op === "Gemm")).toHaveLength(1);
  });

  test("finds the logistic function in the gradient of a cross-entropy", () => {
    expect(operations(simplify(graphOf(careful(x, input("d", [3, 4])))))).toEqual(["Sigmoid", "Mul"]);
  });

  test("takes the logarithm of a probability where the logistic function is computed anyway", () => {
    const e = build.unary("Exp", build.unary("Neg", build.unary("Abs", x)));
    const loss = build.unary("Log", build.add(e, build.scalar(1)));
    const both = operations(simplify(graphOf(loss, build.unary("Sigmoid", x))));
    expect(both).not.toContain("Exp");
    expect(operations(simplify(graphOf(loss)))).toContain("Exp");
  });

  test("sums once, and multiplies the sum", () => {
    const rows = build.reduce("ReduceSum", build.multiply(x, build.scalar(0.5)), [1]);
    expect(operations(simplify(graphOf(build.reduce("ReduceMean", rows, [0]))))).toEqual([
      "ReduceSum",
      "Mul",
    ]);
  });

  test("sums everything in one go, whatever its shape", () => {
    const picture = build.reshape(build.unary("Exp", x), [3, 2, 2, 1]);
    const total = simplify(graphOf(build.reduce("ReduceSum", picture, [0, 1, 2])));
    expect(operations(total)).toEqual(["Exp", "ReduceSum", "Reshape"]);
  });

  test("multiplies by a mask without making the mask", () => {
    const mask = build.where(build.greater(x, build.scalar(0)), build.scalar(1), build.scalar(0));
    expect(operations(simplify(graphOf(build.multiply(x, mask))))).toEqual(["Greater", "Where"]);
  });

  test("spreads nothing out that is spread out anyway", () => {
    const ones = build.multiply(build.expand(input("s", [3, 1]), [3, 4]), build.filled([3, 4], 1));
    expect(operations(simplify(graphOf(build.multiply(ones, x))))).toEqual(["Mul"]);
  });

  test("goes deep without running out of stack", () => {
    let node: Node = x;
    for (let i = 0; i < 20_000; i++) node = build.unary("Tanh", node);
    expect(operations(passes.share(graphOf(node)))).toHaveLength(20_000);
  });
});
