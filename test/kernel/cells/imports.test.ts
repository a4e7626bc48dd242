import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { kernelOfThisFile, withKernel } from "../testKernel";

const { kernel, value } = kernelOfThisFile();
const write = (file: string, text: string): void => writeFileSync(path.join(kernel.folder, file), text);

describe("imports", () => {
  it("bring Node's modules, visible in later cells", async () => {
    expect(
      await value(
        "import { basename } from 'node:path'; import * as os from 'os'; import fs from 'fs'",
        "[basename('/a/b'), typeof os.cpus, typeof fs.readFileSync]",
      ),
    ).toBe("[ 'b', 'function', 'function' ]");
  });

  it("bring packages of the notebook's folder: ESM only, CommonJS, JSON", async () => {
    expect(
      await value(
        "import named, { kind as esm } from 'esm-only'; import { kind as cjs, hidden } from 'cjs-only'; import answer from 'json-only/data.json'",
        "[esm, named(), cjs, hidden, answer]",
      ),
    ).toBe("[ 'esm', 'default of esm', 'cjs', 'found at run time', { answer: 42 } ]");
  });

  it("are live bindings", async () => {
    expect(await value("import { live, raise } from 'esm-only'", "raise(); live")).toBe("2");
  });

  it("are constants", async () => {
    expect((await kernel.run("raise = 1 as never")).error?.message).toBe("Assignment to constant variable.");
  });

  it("bring TypeScript and JSON files beside the notebook", async () => {
    expect(
      await value(
        "import Greeter, { double, type Shape } from './helper'; import { area } from './lib/area.js'; import data, { values } from './data.json'; import type { Shape as S2 } from './helper'",
        "[new Greeter('you').greet(), double(21), area(3), data.name, values]",
      ),
    ).toBe("[ 'hello you', 42, 18, 'data', [ 1, 2, 3 ] ]");
  });

  it("follow the paths of the folder's tsconfig", async () => {
    expect(await value("import { area as aliased } from '@lib/area'; aliased(2)")).toBe("8");
  });

  it("share one instance of a module among all who import it", async () => {
    write("uses.ts", "import { count } from './helper'; export const counted = () => count();");
    expect(
      await value(
        "import { count } from './helper'; import { counted } from './uses'; count(); counted(); count()",
      ),
    ).toBe("3");
  });

  it("read a file again when it changed, and what depends on it", async () => {
    write("base.ts", "export const base = 'old';");
    write(
      "top.ts",
      "import { base } from './base'; export const top = `top of ${base}`; export let loads = ((globalThis as any).loads = ((globalThis as any).loads ?? 0) + 1);",
    );
    expect(await value("import { top } from './top'; top")).toBe("'top of old'");
    expect(await value("import { top, loads } from './top'; loads")).toBe("1");
    write("base.ts", "export const base = 'the new one';");
    expect(await value("import { top } from './top'; top")).toBe("'top of the new one'");
  });

  it("may go in a circle", async () => {
    write(
      "even.ts",
      "import { isOdd } from './odd'; export function isEven(n: number): boolean { return n === 0 || isOdd(n - 1) }",
    );
    write(
      "odd.ts",
      "import { isEven } from './even'; export function isOdd(n: number): boolean { return n !== 0 && isEven(n - 1) }",
    );
    expect(await value("import { isEven } from './even'; isEven(10)")).toBe("true");
  });

  it("load a changed CommonJS file once for all that require it", async () => {
    write("counter.cjs", "globalThis.counted = (globalThis.counted ?? 0) + 1; module.exports = { n: 1 };");
    write("one.cjs", "exports.shared = require('./counter.cjs');");
    write("two.cjs", "exports.shared = require('./counter.cjs');");
    const same =
      "import { shared as a } from './one.cjs'; import { shared as b } from './two.cjs'; [a === b, a.n, (globalThis as any).counted]";
    expect(await value(same)).toBe("[ true, 1, 1 ]");
    write("counter.cjs", "globalThis.counted = (globalThis.counted ?? 0) + 1; module.exports = { n: 22 };");
    expect(await value(same)).toBe("[ true, 22, 2 ]");
    expect(await value(same)).toBe("[ true, 22, 2 ]");
  });

  it("load a CommonJS file that failed again when what it required was mended", async () => {
    write("part.cjs", "module.exports = {};");
    write("whole.cjs", "exports.size = require('./part.cjs').list.length;");
    expect((await kernel.run("import { size } from './whole.cjs'; size")).error?.message).toContain("length");
    write("part.cjs", "module.exports = { list: [1, 2] };");
    expect(await value("import { size } from './whole.cjs'; size")).toBe("2");
  });

  it("read a CommonJS file again when one that it requires changed", async () => {
    write("leaf.cjs", "module.exports = 'old leaf';");
    write("stem.cjs", "module.exports = { leaf: require('./leaf.cjs') };");
    write("tree.cjs", "exports.leaf = require('./stem.cjs').leaf;");
    expect(await value("import { leaf } from './tree.cjs'; leaf")).toBe("'old leaf'");
    write("leaf.cjs", "module.exports = 'the new leaf';");
    expect(await value("import { leaf } from './tree.cjs'; leaf")).toBe("'the new leaf'");
  });

  it("follow a tsconfig that is edited, and the one that it extends", async () => {
    const paths = (folder: string) => ({ compilerOptions: { paths: { "@moved/*": [`./${folder}/*`] } } });
    await withKernel(async (own) => {
      for (const folder of ["first", "second"]) {
        mkdirSync(path.join(own.folder, folder));
        writeFileSync(path.join(own.folder, folder, "who.ts"), `export const who = '${folder}';`);
      }
      const writeOwn = (name: string, content: object): void =>
        writeFileSync(path.join(own.folder, name), JSON.stringify(content));
      writeOwn("tsconfig.json", { extends: "./base" });
      writeOwn("base.json", paths("first"));
      expect(await own.value("import { who } from '@moved/who'; who")).toBe("'first'");
      writeOwn("base.json", paths("second"));
      expect(await own.value("import { who } from '@moved/who'; who")).toBe("'second'");
      writeOwn("tsconfig.json", { extends: ["./base.json"], ...paths("first") });
      expect(await own.value("import { who } from '@moved/who'; who")).toBe("'first'");
    });
  });

  it("in a circle are read again when one changed, once", async () => {
    write(
      "ping.ts",
      "import { pong } from './pong'; export const id = 'first'; export const viaPong = () => pong();",
    );
    write(
      "pong.ts",
      "import { id } from './ping'; export function pong() { return `${id} old` } (globalThis as any).pongs = ((globalThis as any).pongs ?? 0) + 1;",
    );
    expect(await value("import { viaPong } from './ping'; viaPong()")).toBe("'first old'");
    write(
      "pong.ts",
      "import { id } from './ping'; export function pong() { return `${id} changed` } (globalThis as any).pongs = ((globalThis as any).pongs ?? 0) + 1;",
    );
    expect(await value("import { viaPong } from './ping'; viaPong()")).toBe("'first changed'");
    expect(
      await value(
        "import { viaPong } from './ping'; import { pong } from './pong'; [viaPong(), pong(), (globalThis as any).pongs]",
      ),
    ).toBe("[ 'first changed', 'first changed', 2 ]");
  });

  it("in a circle find functions that can be called already", async () => {
    write(
      "up.ts",
      "import { atOnce } from './down'; export function hoisted() { return 'called early' } export const result = atOnce;",
    );
    write("down.ts", "import { hoisted } from './up'; export const atOnce = hoisted();");
    expect(await value("import { result } from './up'; result")).toBe("'called early'");
  });

  it("at the same time give one instance", async () => {
    write("once.ts", "await new Promise((r) => setTimeout(r, 10)); export const token = {};");
    expect(
      await value(
        "const [one, two] = await Promise.all([import('./once'), import('./once.ts')]); one === two && one.token === two.token",
      ),
    ).toBe("true");
  });

  it("of a module that fails can be tried again, and say where it was imported", async () => {
    write("flaky.ts", "export const fine = 1; throw new Error('not yet');");
    const end = await kernel.run("const before = 1;\nimport { fine } from './flaky';", "importer");
    expect(
      end.error?.frames.map(({ position }) => position?.cell ?? path.basename(position?.file ?? "?")),
    ).toEqual(["flaky.ts", "importer"]);
    write("flaky.ts", "export const fine = 2;");
    expect(await value("import { fine } from './flaky'; fine")).toBe("2");
  });

  it("re-export", async () => {
    write(
      "gather.ts",
      "export * from './helper'; export { area as surface } from './lib/area'; export * as all from './helper'; const own = 1; export { own as default };",
    );
    expect(
      await value(
        "import one, { double as d2, surface, all } from './gather'; [one, d2(1), surface(1), all.double(2)]",
      ),
    ).toBe("[ 1, 2, 2, 4 ]");
  });

  it("re-export types too, which are gone when it runs", async () => {
    write("shapes.ts", "export interface Shape { x: number }\nexport const unit: Shape = { x: 1 };");
    write("barrel.ts", "export { Shape, unit } from './shapes';");
    expect(await value("import { Shape, unit } from './barrel'; const shape: Shape = unit; shape")).toBe(
      "{ x: 1 }",
    );
  });

  it("name a default export that has no name as Node does", async () => {
    write("anonymous.js", "export default (() => { throw new Error('anonymous') })");
    write("sequence.js", "export default (0, { a: 1 });");
    expect(
      await value("import fn from './anonymous'; import sequence from './sequence'; [fn.name, sequence]"),
    ).toBe("[ 'default', { a: 1 } ]");
    expect((await kernel.run("fn()")).error?.text).toContain("at default (anonymous.js:1:31)");
  });

  it("show a module's exports by their values", async () => {
    write("counting.ts", "export let count = 0; export const up = (): number => ++count;");
    expect(await value("import * as counting from './counting'; counting.up(); counting")).toBe(
      "Module { count: 1, up: [Function: up] }",
    );
  });

  it("resolve files, packages and Node's modules without loading them", async () => {
    expect(
      await value(
        "[require.resolve('./helper'), import.meta.resolve('./helper.ts'), import.meta.resolve('fs'), require.resolve('cjs-only')].map((one) => one.split('/').at(-1))",
      ),
    ).toBe("[ 'helper.ts', 'helper.ts', 'node:fs', 'index.js' ]");
  });

  it("may be dynamic, and awaited at the top of a module", async () => {
    write(
      "slow.ts",
      "export const slow = await new Promise<string>((r) => setTimeout(() => r('waited'), 5));",
    );
    expect(
      await value(
        "const { slow } = await import('./slow'); const { sep } = await import('node:path'); [slow, sep]",
      ),
    ).toBe("[ 'waited', '/' ]");
  });

  it("require works for packages and Node's modules", async () => {
    expect(
      await value(
        "const cjs2 = require('cjs-only'); const path2 = require('node:path'); [cjs2.kind, typeof path2.join]",
      ),
    ).toBe("[ 'cjs', 'function' ]");
    expect((await kernel.run("require('./helper')")).error?.message).toBe(
      "helper.ts is TypeScript: use import instead of require.",
    );
  });

  it("import.meta is that of the notebook's folder", async () => {
    expect(await value("[import.meta.dirname === process.cwd(), import.meta.url.startsWith('file:')]")).toBe(
      "[ true, true ]",
    );
  });

  it("that cannot be found say where they were looked for and what to do", async () => {
    expect((await kernel.run("import x from './nowhere'")).error?.message).toMatch(
      /^Cannot find "\.\/nowhere" beside the notebook/,
    );
    const end = await kernel.run("import x from 'no-such-package'");
    expect(end.error?.message).toBe(
      `There is no package "no-such-package" in ${path.join(kernel.folder, "node_modules")}, nor in a folder above it. ` +
        "If that is its name, install it beside the notebook: npm install no-such-package",
    );
    expect(end.error?.text).not.toContain("node:internal");
    expect(end.error?.frames.map(({ position }) => [position?.line, position?.column])).toEqual([[1, 15]]);
  });

  it.each([
    ["import x from 'cjs-olny'", /Did you mean "cjs-only"\?$/],
    ["import x from 'cjs-olny/deep/file'", /Did you mean "cjs-only"\?$/],
    ["import * as tf from '@tensorflow/tfsj'", /Did you mean "@tensorflow\/tfjs"\?$/],
    ["import { vae } from 'veanb'", /Did you mean "vaenb"\?$/],
    ["import fs from 'fss'", /Did you mean "fs"\?$/],
    ["import fs from 'node:fss'", /^There is no module "node:fss". Did you mean "node:fs"\?$/],
    ["import fs from 'nod:fs'", /^There is no module "nod:fs". Did you mean "node:fs"\?$/],
    ["require('cjs-olny')", /Did you mean "cjs-only"\?$/],
    ["import { double } from './helpr'", /Did you mean "\.\/helper"\?$/],
    ["import { area } from './lib/aera.ts'", /Did you mean "\.\/lib\/area"\?$/],
  ])("with a typo say what is near: %s", async (code, message) => {
    const { error } = await kernel.run(code);
    expect(error?.message).toMatch(message);
    expect(error?.text).not.toMatch(/node:internal|ERR_|npm install/);
  });

  it("of a package that is broken inside say what is missing there", async () => {
    const folder = path.join(kernel.folder, "node_modules/broken-inside");
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, "index.js"), "require('node:nopee');");
    const { error } = await kernel.run("import x from 'broken-inside'");
    expect(error?.message).toContain("node:nopee");
    expect(error?.message).not.toContain("broken-inside");
  });

  it("of a package that may be missing can be caught, by Node's code", async () => {
    expect(await value("await import('not-here').catch((error) => error.code)")).toBe(
      "'ERR_MODULE_NOT_FOUND'",
    );
  });

  it.each([
    ["import { sep, bsaename } from 'node:path'", 'bsaename"\\. Did you mean basename\\?$', 15],
    ["const n: number = 1; import {\n  vea } from 'vaenb'", 'vea"\\. Did you mean vae\\?$', 3],
    ["import { kynd } from 'cjs-only'", 'kynd"\\. Did you mean kind\\?$', 10],
    ["import { dubble } from './helper'; dubble(1)", 'dubble"\\. Did you mean double\\?$', 10],
    ["import { Shap } from './helper'; new Shap()", 'Shap"\\. It exports .*If it is a type', 10],
    ["import nothing from './lib/area'", "default export. It exports area", 8],
  ])("of a name that is not exported point at it: %s", async (code, message, column) => {
    const end = await kernel.run(code, "importer");
    expect(end.error?.message).toMatch(new RegExp(`"[a-z./:-]+" has no .*${message}`));
    const line = code.split("\n").length;
    expect(end.error?.frames).toMatchObject([{ position: { cell: "importer", line, column } }]);
  });

  it("of a type work without saying that it is one, until it is used as a value", async () => {
    await value("import { Shape, double as twice } from './helper'; let shape: Shape | undefined; twice(1)");
    const end = await kernel.run("new Shape()");
    expect(end.error?.message).toMatch(/^"Shape" is a type in "\.\/helper": it is gone when a cell runs/);
    expect(end.error?.text).toMatch(/at Cell \d+:1:10\n> 1 \| import \{ Shape,/);
    expect(end.error?.text).toMatch(/> 1 \| new Shape\(\)/);
  });

  it.each([
    ["declared", "export type options = { n: number };\nexport const twice = (o: options) => 2 * o.n;"],
    [
      "listed",
      "interface options { n: number }\nexport type { options };\nexport const twice = (o: options) => 2 * o.n;",
    ],
    [
      "exported on",
      "export * from './settings';\nimport type { options } from './settings';\nexport const twice = (o: options) => 2 * o.n;",
    ],
  ])("of a type whose name is small work too, %s in a file beside the notebook", async (how, source) => {
    const name = `small-${how.replace(" ", "-")}`;
    write("settings.ts", "/** no export interface other */ export interface options { n: number }");
    write(`${name}.ts`, source);
    const cell = `import { options, twice } from "./${name}"; const given: options = { n: 21 }; twice(given)`;
    expect(await value(cell)).toBe("42");
    expect((await kernel.run("options.n")).error?.message).toBe(
      `"options" is a type in "./${name}": it is gone when a cell runs, and is no value. Use it in types only.`,
    );
    expect((await kernel.run(`import { other } from "./${name}"`)).error?.message).toMatch(/has no export/);
  });

  it("that failed are what a later cell hears of", async () => {
    await kernel.run("import { gone } from 'no-such-package'");
    expect((await kernel.run("gone()")).error?.message).toBe(
      "gone is not there: the cell that imports it failed",
    );
  });

  it("of a broken file show where it is broken", async () => {
    write("broken.ts", "export const fine = 1;\nexport const = 2;\n");
    const end = await kernel.run("import { fine } from './broken'");
    expect(end.error?.text).toContain("at broken.ts:2:14");
    expect(end.error?.text).toContain("> 2 | export const = 2;");
  });

  it("lead errors into the module's own source", async () => {
    write(
      "fails.ts",
      "interface Unused { a: 1 }\nexport function fail(): never {\n  throw new Error('in a module');\n}\n",
    );
    const end = await kernel.run("import { fail } from './fails'; fail()");
    expect(end.error?.frames[0]?.position).toMatchObject({
      file: path.join(kernel.folder, "fails.ts"),
      line: 3,
      column: 9,
    });
    expect(end.error?.text).toContain("> 3 |   throw new Error('in a module');");
  });

  it("give all cells one instance of what the kernel offers", async () => {
    await kernel.value("import { display as d3 } from 'vaenb'", "import * as again from 'vaenb'");
    write("offered.ts", "import { display } from 'vaenb'; export { display };");
    expect(await value("import { display as d4 } from './offered'; d3 === again.display && d3 === d4")).toBe(
      "true",
    );
    expect(readFileSync(path.join(kernel.folder, "offered.ts"), "utf8")).toContain("vaenb");
  });
});
