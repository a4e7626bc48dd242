import { writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { kernelOfThisFile, withKernel } from "../testKernel";

/** What cells promise about variables: each test is a short session in one kernel, with names of its own. */
const { kernel, value } = kernelOfThisFile();

describe("names across cells", () => {
  it("closures see what later cells assign", async () => {
    expect(await value("let n1 = 1; const inc1 = () => { n1 += 1; return n1; }", "inc1(); n1")).toBe("2");
    expect(await value("n1 = 10", "inc1()")).toBe("11");
  });

  it("a function may name what a later cell declares", async () => {
    expect(await value("function early() { return late1(); }", "const late1 = () => 'here'", "early()")).toBe(
      "'here'",
    );
  });

  it.each([
    ["let", "let r1 = 1", "let r1 = 2", "r1", "2"],
    ["const", "const r2 = 1", "const r2 = 2", "r2", "2"],
    ["const as let", "const r3 = 1", "let r3 = 2; r3 = 3", "r3", "3"],
    ["class", "class R4 { a = 1 }", "class R4 { b = 2 }", "Object.keys(new R4())", "[ 'b' ]"],
    ["function", "function r5() { return 1 }", "function r5() { return 2 }", "r5()", "2"],
    ["enum", "enum R6 { A, B }", "enum R6 { C = 7 }", "R6", "{ '7': 'C', C: 7 }"],
    [
      "namespace",
      "namespace R7 { export const a = 1 }",
      "namespace R7 { export const b = 2 }",
      "R7",
      "{ b: 2 }",
    ],
    ["type", "type R8 = number; let r8: R8 = 1", "type R8 = string; r8 = 2 as any", "r8", "2"],
    ["interface", "interface R9 { a: 1 }", "interface R9 { b: 2 }", "1", "1"],
    ["import as const", "import { sep as r10 } from 'node:path'", "const r10 = 'mine'", "r10", "'mine'"],
    ["const as function", "const r11 = 1", "function r11() { return 'f' }", "r11()", "'f'"],
  ])("%s may be declared again", async (_, first, second, expression, expected) => {
    expect(await value(first, second, expression)).toBe(expected);
  });

  it("a cell that runs again declares again", async () => {
    const code =
      "enum Again { A } const again1 = [1]; class Again2 {} ; again1.push(2); [again1.length, Again.A]";
    await kernel.run(code, "again");
    expect((await kernel.run(code, "again")).text).toBe("[ 2, 0 ]");
  });

  it("two parts of an enum or a namespace in one cell merge", async () => {
    expect(await value("namespace M { export const a = 1 } namespace M { export const b = 2 }", "M")).toBe(
      "{ a: 1, b: 2 }",
    );
  });

  it("a namespace adds to a class or a function of its cell", async () => {
    expect(
      await value(
        "function area9(r: number) { return area9.factor * r } ; namespace area9 { export let factor = 3 } ; area9(2)",
      ),
    ).toBe("6");
    expect(
      await value(
        "class Shape9 { get() { return Shape9.sides } } ; namespace Shape9 { export const sides = 4 } ; new Shape9().get()",
      ),
    ).toBe("4");
  });

  it("defaults of parameters do not see the body's variables", async () => {
    expect(
      await value("const outer9 = 1; function p9(a = outer9) { var outer9 = 5; return [a, outer9] } ; p9()"),
    ).toBe("[ 1, 5 ]");
  });

  it("destructuring declares every name in it", async () => {
    expect(
      await value(
        "const { a1, b1: [c1 = 3, ...d1] = [] as number[], ...e1 } = { a1: 1, b1: [undefined, 5, 6], f1: 7 }",
        "[a1, c1, d1, e1]",
      ),
    ).toBe("[ 1, 3, [ 5, 6 ], { f1: 7 } ]");
  });

  it("a constant cannot be assigned, in its own cell or later", async () => {
    const own = await kernel.run("const fixed = 1; fixed = 2");
    expect(own.error?.message).toBe("Assignment to constant variable.");
    const later = await kernel.run("fixed++");
    expect(later.error?.message).toBe("Assignment to constant variable.");
    expect(await value("fixed")).toBe("1");
  });

  it("what was assigned before a throw is there, and what was not says so", async () => {
    const failed = await kernel.run("const before1 = 41; throw new Error('on purpose'); const after1 = 1");
    expect(failed.status).toBe("error");
    expect(await value("before1 + 1")).toBe("42");
    expect((await kernel.run("after1")).error?.message).toBe(
      "after1 has no value: the cell that declares it failed, or has not come that far",
    );
    expect((await kernel.run("early1; const early1 = 1")).error?.message).toBe(
      "Cannot access 'early1' before initialization",
    );
  });

  it("an unknown name is a ReferenceError, and typeof of it is not", async () => {
    expect((await kernel.run("nobody")).error).toMatchObject({
      name: "ReferenceError",
      message: "nobody is not defined",
    });
    expect((await kernel.run("nobody = 1")).error?.message).toBe("nobody is not defined");
    expect(await value("typeof nobody")).toBe("'undefined'");
  });

  it("names of globals may be taken without breaking packages that use them", async () => {
    expect(
      await value("const process = 'mine', fetch = 1; const setTimeout = 'mine'", "[process, setTimeout]"),
    ).toBe("[ 'mine', 'mine' ]");
    expect(await value("(globalThis.process as any).version.startsWith('v')")).toBe("true");
  });
});

describe("the meaning of the top level", () => {
  it("this is undefined and var stays off the global object, as in a module", async () => {
    expect(await value("var v1 = 1; [typeof this, 'v1' in globalThis]")).toBe("[ 'undefined', false ]");
  });

  it("functions called by name have no this", async () => {
    expect(await value("function noThis() { return this }", "noThis() === undefined")).toBe("true");
  });

  it("var reaches out of blocks and loops, let does not", async () => {
    expect(
      await value(
        "for (var i2 = 0; i2 < 3; i2++) { let hidden2 = i2; var seen2 = i2 } ; [i2, seen2, typeof hidden2]",
      ),
    ).toBe("[ 3, 2, 'undefined' ]");
  });

  it("var without braces belongs to its branch", async () => {
    expect(
      await value(
        "if (false) var no2 = 1, nor2 = 2; if (true) var { yes2 } = { yes2: 3 }; else var yes2 = 4; [no2, nor2, yes2]",
      ),
    ).toBe("[ undefined, undefined, 3 ]");
  });

  it("functions are callable above their declaration", async () => {
    expect(await value("const early3 = hoisted3(); function hoisted3() { return 'up' } ; early3")).toBe(
      "'up'",
    );
  });

  it("anonymous functions and classes get the name they are assigned to", async () => {
    expect(await value("const arrow4 = () => 1, Class4 = class {}; [arrow4.name, Class4.name]")).toBe(
      "[ 'arrow4', 'Class4' ]",
    );
  });

  it("so do functions that are assigned, or are the default of a pattern", async () => {
    expect(
      await value(
        "let fn4, pat4, arr4, or4; fn4 = () => 1; ({ pat4 = function () {} } = {} as any); [arr4 = class {}] = [] as any; or4 ??= async () => {}; const { deep4 = (() => fn4) } = {} as any;",
        "[fn4, pat4, arr4, or4, deep4].map((f: any) => f.name).concat(String(deep4()()))",
      ),
    ).toBe("[ 'fn4', 'pat4', 'arr4', 'or4', 'deep4', '1' ]");
  });

  it("a first line for the shell means nothing", async () => {
    expect(await value("#!/usr/bin/env node\n1 + 1")).toBe("2");
    expect(await value("#!/usr/bin/env node\nconst typed4: number = 3; typed4")).toBe("3");
    writeFileSync(path.join(kernel.folder, "tool.ts"), "#!/usr/bin/env node\nexport const tool = 'ran';");
    expect(await value("import { tool } from './tool'; tool")).toBe("'ran'");
  });

  it("lines without semicolons keep their meaning", async () => {
    expect(await value("let s5 = 1\nconst f5 = () => s5\nf5()\n;[s5].length\ns5 = f5() + 1\nf5()")).toBe("2");
  });

  it("awaits and loops over asynchronous iterables", async () => {
    expect(
      await value(
        "async function* g6() { yield 1; yield 2 } const got6: number[] = []; for await (const x of g6()) got6.push(x); await Promise.resolve(got6)",
      ),
    ).toBe("[ 1, 2 ]");
    expect(
      await value(
        "const sync6: string[] = []; for await (const x of [Promise.resolve('a'), 'b']) sync6.push(x); sync6",
      ),
    ).toBe("[ 'a', 'b' ]");
  });

  it("generators, decorators and using work", async () => {
    expect(await value("function* g7() { yield* [1, 2] } ; [...g7()]")).toBe("[ 1, 2 ]");
    expect(
      await value(
        "const twice = (f: any, _: any) => function (this: any, x: number) { return f.call(this, f.call(this, x)) };",
        "class D7 { @twice add(x: number) { return x + 1 } }",
        "new D7().add(1)",
      ),
    ).toBe("3");
    expect(
      await value(
        "const log7: string[] = [];",
        "{ using r7 = { [Symbol.dispose ?? Symbol.for('Symbol.dispose')]: () => log7.push('disposed') }; log7.push('used') }",
        "log7",
      ),
    ).toBe("[ 'used', 'disposed' ]");
    expect(
      await value(
        "using top7 = { kind: 'resource', [Symbol.dispose ?? Symbol.for('Symbol.dispose')]: () => log7.push('top') }; top7.kind",
      ),
    ).toBe("'resource'");
  });

  it("types in a call are types, not comparisons", async () => {
    expect(await value("const id8 = <T,>(x: T): T => x; id8<number>(5)")).toBe("5");
  });

  it("exports are allowed and mean nothing", async () => {
    expect(await value("export const x9 = 5; export function f9() { return x9 }", "f9()")).toBe("5");
  });
});

describe("the last expression", () => {
  it.each([
    ["1 + 1", "2"],
    ["1 + 1;", undefined],
    ["1 + 1; // comment", undefined],
    ["1 + 1 // comment;", "2"],
    ["`a;`", "'a;'"],
    ["undefined", undefined],
    ["null", "null"],
    ["let q10 = 3", undefined],
    ["Promise.resolve(7)", "7"],
    ["'text' /* ; */", "'text'"],
    ["({ a: 1 })", "{ a: 1 }"],
  ])("%s shows %s", async (code, expected) => {
    expect(await value(code)).toBe(expected);
  });

  it("a promise that rejects is the cell's error", async () => {
    expect((await kernel.run("Promise.reject(new Error('no'))")).error?.message).toBe("no");
  });
});

describe("errors", () => {
  it("name the line and column of the source, with the code around", async () => {
    const end = await kernel.run(
      "type T = { a: number };\nconst x11: T = { a: 1 };\n  throw new Error('on purpose');",
      "where",
    );
    expect(end.error?.frames[0]?.position).toEqual({ cell: "where", line: 3, column: 9 });
    expect(end.error?.text).toContain("> 3 |   throw new Error('on purpose');\n    |         ^");
  });

  it("lead through functions of other cells and modules", async () => {
    await kernel.run("function thrower() {\n  throw new TypeError('deep');\n}", "a12");
    const end = await kernel.run("const f12 = () => thrower();\nf12();", "b12");
    expect(end.error?.frames.map(({ position }) => [position?.cell, position?.line])).toEqual([
      ["a12", 2],
      ["b12", 1],
      ["b12", 2],
    ]);
  });

  it("lead through awaits", async () => {
    const code =
      "const tick = () => new Promise((r) => globalThis.setTimeout(r, 1));\nasync function inner13() {\n  await tick();\n  throw new Error('late');\n}\nasync function outer13() {\n  await inner13();\n}\nawait outer13();";
    const end = await kernel.run(code, "a13");
    expect(end.error?.frames.map(({ position }) => position?.line)).toEqual([4, 7, 9]);
  });

  it("show causes and what libraries attach", async () => {
    const end = await kernel.run(
      "throw Object.assign(new Error('outer', { cause: new RangeError('inner') }), { code: 'E_X' })",
    );
    expect(end.error?.text).toContain("code: 'E_X'");
    expect(end.error?.text).toContain("caused by RangeError: inner");
  });

  it("lead to the source also where a library prepares stack traces in its own way", async () => {
    await kernel.run("Error.prepareStackTrace = (error) => `taken over: ${error.message}`");
    const end = await kernel.run("1;\nthrow new Error('still here')", "taken");
    expect(end.error?.frames).toMatchObject([{ position: { cell: "taken", line: 2, column: 7 } }]);
  });

  it("show the cell's line also below thirty calls of a library, and ten lines of an endless recursion", async () => {
    await kernel.run(
      'const through = new Function("f", "n", "return n === 0 ? f() : arguments.callee(f, n - 1)"); const endless = (): number => endless() + 1;',
    );
    const deep = await kernel.run("1;\nthrough(() => { throw new Error('deep') }, 30)", "deep");
    expect(deep.error?.frames.map(({ position }) => position?.line)).toEqual([2, 2]);
    expect((await kernel.run("endless()")).error?.frames).toHaveLength(10);
  });

  it("show no frame of the kernel", async () => {
    const end = await kernel.run("[1].map(() => { throw new Error('x') })");
    expect(end.error?.text).not.toMatch(/kernel\.cjs|node:vm|processTicks|vaenb:/);
  });

  it("say what people wrote, not what the compiler made of it", async () => {
    const end = await kernel.run(
      "const notAFunction = 5; try { (notAFunction as any)() } catch (e) { console.log((e as Error).message) } (notAFunction as any)()",
    );
    expect(end.printed).toBe("notAFunction is not a function\n");
    expect(end.error?.message).toBe("notAFunction is not a function");
  });

  it.each([
    ["setImmediate(() => {}).then()", "setImmediate(...).then is not a function"],
    ["setInterval(() => {}, 1e6).unref()\n(() => 1)()", "setInterval(...).unref(...) is not a function"],
    ["import('node:fs').existsSync('.')", "import(...).existsSync is not a function"],
    ["import.meta.find()", "import.meta.find is not a function"],
  ])("speaks of %s in the person's words", async (code, message) => {
    expect((await kernel.run(code)).error?.message).toBe(message);
  });

  it("a syntax error points at the token", async () => {
    const end = await kernel.run("let ok = 1;\nlet broken: = 5;", "bad");
    expect(end.error).toMatchObject({
      name: "SyntaxError",
      frames: [{ position: { cell: "bad", line: 2, column: 13 } }],
    });
    expect(end.error?.text).toContain("> 2 | let broken: = 5;\n    |             ^");
  });

  it.each([
    ["const x = {a: 1,\n", "this { is never closed: its } is missing", [1, 11]],
    ["foo(1,\n  [2\n", "this [ is never closed: its ] is missing", [2, 3]],
    ["for (const a of [1]) {\n  if (a) {\n    a\n  }\n", "this { is never closed: its } is missing", [1, 22]],
    ["const s = `abc ${1\n", "this ${ is never closed: its } is missing", [1, 16]],
    ["const s = `abc ${1} \n1", "this ` is never closed: it has no partner", [1, 11]],
    ['`${`${1} b ${2}` + "\'"} \n', "this ` is never closed: it has no partner", [1, 1]],
    ["f('abc)\n1", "this ' is never closed: it has no partner", [1, 3]],
    ["const n: number =\n\n", 'the code ends here, but something has to follow "="', [1, 17]],
    ["1 + // more\n", 'the code ends here, but something has to follow "+"', [1, 3]],
  ])("code that ends too early says what is open: %j", async (code, message, [line, column]) => {
    const { error } = await kernel.run(code, "open");
    expect(error?.message).toBe(message);
    expect(error?.frames).toMatchObject([{ position: { cell: "open", line, column } }]);
  });

  it.each([
    ["an invalid regular expression", "const n: number = 1;\nconst r = /(/;", /regular expression/i, 2],
    [
      "a return outside of a function",
      "const n: number = 1;\nreturn n",
      /`return` and `export =` have no meaning here/,
      2,
    ],
    [
      "an operator that strict code has not",
      "const n: number = 1;\ndelete n",
      /^Delete of a bare identifier cannot be used, because cells are strict code$/,
      2,
    ],
    ["new.target of nothing", "new.target", /^Cannot use "new.target" here$/, 1],
    ["a default export", "const n = 1;\nexport default n", /a cell has no default export/, 2],
    ["a re-export", "export * from './helper'", /a cell cannot re-export/, 1],
  ])("%s says where and why", async (_, code, message, line) => {
    const end = await kernel.run(code);
    expect(end.error?.message).toMatch(message);
    expect(end.error?.frames[0]?.position?.line).toBe(line);
  });

  it.each([
    [
      "an error whose message throws",
      "throw new (class extends Error { get message(): string { throw new Error('gotcha') } })()",
    ],
    ["an error whose stack is a number", "const e5: any = new Error('x'); e5.stack = 5; throw e5"],
    [
      "an error with an odd cause and name",
      "throw Object.assign(new Error('x', { cause: Object.create(null) }), { name: 7 })",
    ],
    ["an AggregateError that is none", "throw Object.assign(new AggregateError([]), { errors: 5 })"],
    [
      "a value that cannot be inspected",
      "throw { [Symbol.for('nodejs.util.inspect.custom')]() { throw new Error('no') } }",
    ],
    ["a revoked proxy", "const { proxy, revoke } = Proxy.revocable({}, {}); revoke(); throw proxy"],
    ["null", "throw null"],
  ])("%s is reported like any other, in a cell and in a timer", async (_, code) => {
    const end = await kernel.run(code);
    expect(end.status).toBe("error");
    expect(end.error?.text.length).toBeGreaterThan(0);
    const late = await kernel.run(
      `globalThis.setTimeout(() => { ${code} }, 1); await new Promise((r) => globalThis.setTimeout(r, 30))`,
    );
    expect(late.error?.text.length).toBeGreaterThan(0);
    expect(await value("'alive'")).toBe("'alive'");
  });

  it("JSX says that it is not supported", async () => {
    expect((await kernel.run("const element = <div>text</div>;")).error?.message).toMatch(
      /^JSX is not supported/,
    );
  });

  it("what is thrown need not be an error", async () => {
    expect((await kernel.run("throw { reason: 'odd' }")).error?.text).toBe("Uncaught { reason: 'odd' }");
  });

  it("a rejection that nobody awaits is told in its cell, and the kernel lives", async () => {
    const end = await kernel.run("void Promise.reject(new Error('unawaited')); 'fine'", "stray1");
    expect(end.status).toBe("ok");
    await kernel.run("await new Promise((r) => setTimeout(r, 20))");
    expect(kernel.shown("stray1").error?.message).toBe("unawaited");
  });

  it("an error in a timer or an event is told in the cell that caused it", async () => {
    await kernel.run(
      "import { EventEmitter } from 'node:events'; globalThis.setTimeout(() => { throw new Error('in a timer') }, 5)",
      "stray2",
    );
    await kernel.run(
      "globalThis.setTimeout(() => new EventEmitter().emit('error', new Error('an error event')), 5)",
      "stray3",
    );
    await kernel.run("await new Promise((r) => globalThis.setTimeout(r, 60))", "other");
    expect(kernel.shown("stray2").error?.message).toBe("in a timer");
    expect(kernel.shown("stray3").error?.message).toBe("an error event");
    expect(kernel.shown("other").error).toBeUndefined();
  });

  it("are told also where a cell or a package removed all listeners of the process", () =>
    withKernel(async (own) => {
      await own.run(
        "process.removeAllListeners('uncaughtException'); process.removeAllListeners('unhandledRejection')",
      );
      await own.run("void Promise.reject(new Error('unawaited'))", "one");
      await own.run("process.removeAllListeners()");
      await own.run("setTimeout(() => { throw new Error('in a timer') })", "two");
      expect(await own.value("await new Promise((r) => setTimeout(r, 50)); 'alive'")).toBe("'alive'");
      expect(own.shown("one").error?.message).toBe("unawaited");
      expect(own.shown("two").error?.message).toBe("in a timer");
    }));

  it("an error of a worker thread leads to its place there", async () => {
    writeFileSync(path.join(kernel.folder, "worker.mjs"), "const a = 1;\nthrow new Error('in a worker');\n");
    const end = await kernel.run(
      "import { Worker } from 'node:worker_threads'; await new Promise((_, fail) => new Worker('./worker.mjs').on('error', fail))",
    );
    expect(end.error?.text).toMatch(/Error: in a worker\n[^]*at file:.*worker\.mjs:2:7/);
  });

  it("cells that wait behind an error do not run", async () => {
    const [first, second] = await Promise.all([
      kernel.run("throw new Error('stop here')"),
      kernel.run("console.log('never')"),
    ]);
    expect([first.status, second.status]).toEqual(["error", "aborted"]);
    expect(second.printed).toBe("");
  });
});
