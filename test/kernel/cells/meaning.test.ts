import { type ChildProcess, fork } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { transform } from "esbuild";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { TestKernel } from "../testKernel";

/**
 * Random programs, cut into cells at random places, must log what they log as one module run by Node. Their statements
 * are drawn from what the compiler of cells rewrites: declarations of all kinds, closures, shadowing, loops, awaits.
 */

/** Names declared so far, by what may be done with them. */
interface Known {
  readonly numbers: string[];
  readonly writable: string[];
  readonly functions: string[];
}

class Programmer {
  private readonly known: Known = { numbers: [], writable: [], functions: [] };
  private counter = 0;

  constructor(
    private readonly prefix: string,
    private readonly draw: (below: number) => number,
  ) {}

  program(length: number): string[] {
    return Array.from({ length }, () => this.statement());
  }

  private fresh(): string {
    return `${this.prefix}${++this.counter}`;
  }

  private pick<T>(from: readonly T[], otherwise: T): T {
    return from[this.draw(Math.max(1, from.length))] ?? otherwise;
  }

  private number(depth = 0): string {
    const { numbers, functions } = this.known;
    const leaf = (): string => (this.draw(2) ? String(this.draw(10)) : this.pick(numbers, "7"));
    if (depth > 2) return leaf();
    const choices = [
      leaf,
      () => `(${this.number(depth + 1)} + ${this.number(depth + 1)})`,
      () => `${this.pick(functions, "Math.abs")}(${this.number(depth + 1)})`,
      () => `((${this.pick(numbers, "q")} = ${this.draw(10)}) => ${this.pick(numbers, "1")} * 2)()`,
      () => `[${this.number(depth + 1)}, ${this.pick(numbers, "3")}].map((x) => x + ${leaf()})[1]!`,
      () => `({ ${this.pick(numbers, "a: 4")} } as Record<string, number>)["${this.pick(numbers, "a")}"]!`,
      () => `(typeof ${this.pick([...numbers, "nowhere"], "nowhere")}).length`,
      () => `\`\${${this.number(depth + 1)}}\`.length`,
      () => `await Promise.resolve(${this.number(depth + 1)})`,
    ];
    return this.pick(choices, leaf)();
  }

  /** An expression for places where no `await` may stand. */
  private plain(): string {
    return this.number().replaceAll("await ", "").replaceAll("Promise.resolve", "Number");
  }

  private statement(): string {
    const { numbers, writable, functions } = this.known;
    const declare = (kind: string): string => {
      const name = this.fresh();
      const text = `${kind} ${name}: number = ${this.number()}`;
      numbers.push(name);
      if (kind !== "const") writable.push(name);
      return text;
    };
    const target = (): string => this.pick(writable, "globalThis.sink");
    const choices: (() => string)[] = [
      () => declare("let"),
      () => declare("const"),
      () => declare("var"),
      () => {
        const [a, b, c] = [this.fresh(), this.fresh(), this.fresh()];
        const text = `const { a: ${a}, b: [${b} = ${this.number()}, ...${c}Rest] } = { a: ${this.number()}, b: [undefined, 1, 2] as (number | undefined)[] }, ${c} = ${c}Rest.length`;
        numbers.push(a, b, c);
        return text;
      },
      () => {
        const name = this.fresh();
        const parameter = this.pick(numbers, "p");
        const text = `function ${name}(${parameter}: number): number { ${target()} += 1; var inner = ${parameter} + ${this.plain()}; return inner }`;
        functions.push(name);
        return text;
      },
      () => {
        const name = this.fresh();
        const text = `const ${name} = (x: number) => { { let ${this.pick(numbers, "y")} = x; x = ${this.pick(numbers, "x")} } return x + ${target()}++ }`;
        functions.push(name);
        return text;
      },
      () => {
        const name = this.fresh();
        return `class ${name} { static count = ${this.plain()}; constructor(readonly value = ${this.plain()}) {} get() { return this.value + ${name}.count + ${this.plain()} } }\nlog(new ${name}().get(), ${name}.name.length)`;
      },
      () => {
        const name = this.fresh();
        return `enum ${name} { A = ${this.draw(5)}, B }\nlog(${name}.B, ${name}[${name}.B]!.length)`;
      },
      () => {
        const name = this.fresh();
        return `namespace ${name} { export const a = ${this.plain()}; export const twice = () => a * 2 }\nlog(${name}.twice())`;
      },
      () => `${target()} ${this.pick(["=", "+=", "-="], "=")} ${this.number()}`,
      () => `[${target()}, globalThis.sink] = [${this.number()}, ${this.number()}]`,
      () =>
        `for (let i = 0; i < ${this.draw(4)}; i++) { if (i === 2) continue; ${target()} += i; log(i, ${this.number()}) }`,
      () => {
        const name = this.fresh();
        numbers.push(name);
        return `for (var ${name} of [${this.number()}, 2]) log(${name})`;
      },
      () =>
        `outer: for (const key in { a: 1, b: 2 }) { while (true) { if (key === "b") break outer; log(key); break } }`,
      () =>
        `try { if (${this.number()} > 5) throw new Error("x"); log("none") } catch ({ message }: any) { log(message, ${this.number()}) } finally { ${target()} -= 1 }`,
      () =>
        `switch (${this.number()} % 3) { case 0: { const ${this.pick(numbers, "z")} = 9; log(${this.pick(numbers, "1")}); break } case 1: log(${this.number()}); default: log("default") }`,
      () =>
        `{ const ${this.pick(numbers, "z")} = ${this.draw(9)}; log(${this.pick(numbers, "1")}, ${target()}) }`,
      () => {
        const name = this.fresh();
        return `async function* ${name}() { yield ${this.number()}; await null; yield* [${this.number()}] }\nfor await (const x of ${name}()) log(x)`;
      },
      () => `await (async () => { await null; ${target()} += ${this.number()} })()`,
      () => `log(${this.number()}, ${this.number()})`,
      () =>
        `log((function (this: unknown) { return typeof this })(), (() => arguments_())())\nfunction arguments_() { return arguments.length }`.replaceAll(
          "arguments_",
          this.fresh(),
        ),
    ];
    return this.pick(choices, () => "log(0)")();
  }
}

/** Runs modules in a process of its own, as Node does it. */
class Reference {
  private readonly folder = mkdtempSync(path.join(os.tmpdir(), "vaenb-reference-"));
  private readonly child: ChildProcess;
  private runs = 0;

  constructor() {
    const script = path.join(this.folder, "run.mjs");
    writeFileSync(
      script,
      `process.on("message", async (code) => { globalThis.logged = []; globalThis.sink = 0; globalThis.log = (...v) => logged.push(v.join(" "));
        try { await import("data:text/javascript," + encodeURIComponent(code)) } catch (error) { logged.push(String(error)) } process.send(logged) });`,
    );
    this.child = fork(script, { stdio: "inherit" });
  }

  async run(program: string): Promise<string[]> {
    const { code } = await transform(program, { loader: "ts", format: "esm", target: "node20" });
    const answer = new Promise<string[]>((resolve) =>
      this.child.once("message", (logged) => resolve(logged as string[])),
    );
    // Node evaluates one address once; the same program may be drawn twice.
    this.child.send(`${code}\n// ${++this.runs}`);
    return answer;
  }

  close(): void {
    this.child.kill();
    rmSync(this.folder, { recursive: true });
  }
}

let kernel: TestKernel;
let reference: Reference;
beforeAll(async () => {
  kernel = new TestKernel();
  reference = new Reference();
  await kernel.process.ready;
});
afterAll(async () => {
  reference.close();
  await kernel.close();
});

async function runAsCells(cells: readonly string[]): Promise<string[]> {
  await kernel.value(
    "globalThis.sink = 0; globalThis.logged = []; globalThis.log = (...v: unknown[]) => void (globalThis as any).logged.push(v.join(' '));",
  );
  for (const cell of cells) {
    const end = await kernel.run(cell);
    if (end.error) return [`${end.error.name}: ${end.error.message}`, cell];
  }
  const last = await kernel.run("import { json } from 'vaenb'; json((globalThis as any).logged)");
  const shown = last.outputs[0];
  return shown?.type === "display" ? (shown.bundle["application/json"] as string[]) : [];
}

/** Cuts statements into cells after those where `cuts` says so. */
function cut(statements: readonly string[], cuts: readonly boolean[]): string[] {
  const cells: string[] = [];
  const cell: string[] = [];
  statements.forEach((statement, i) => {
    cell.push(statement);
    if (cuts[i % cuts.length]) cells.push(cell.splice(0).join(";\n"));
  });
  return [...cells, cell.join(";\n")];
}

let programs = 0;
const program = fc
  .tuple(fc.infiniteStream(fc.nat(1_000_000)), fc.integer({ min: 1, max: 14 }))
  .map(([numbers, length]) => {
    const draw = (below: number): number => Number(numbers.next().value ?? 0) % below;
    return new Programmer(`n${++programs}_`, draw).program(length);
  });

describe("a program cut into cells", () => {
  it("means what it means as one module", async () => {
    await fc.assert(
      fc.asyncProperty(
        program,
        fc.array(fc.boolean(), { minLength: 1, maxLength: 10 }),
        async (statements, cuts) => {
          const expected = await reference.run(statements.join(";\n"));
          expect(await runAsCells(cut(statements, cuts))).toEqual(expected);
        },
      ),
      { numRuns: 120 },
    );
  }, 120_000);
});
