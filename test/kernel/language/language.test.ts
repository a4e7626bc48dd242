import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { kernelOfThisFile, TestKernel } from "../testKernel";

let kernel: TestKernel;
beforeAll(async () => {
  kernel = new TestKernel();
  await kernel.value(
    `import * as path from "node:path";
/** Doubles a number.
 *  Exactly. */
const double = (x: number) => x * 2;
const model = { latent: 2, encode(input: number[]) { return input }, get costly() { throw new Error("was called") } };
class Layer { constructor(readonly units: number) {} grow(by = 1) {} }
const layer = new Layer(3);
const pixels = new Float32Array(1e7);
const matrix = { shape: [60000, 784], dtype: "uint8", dataSync: () => { throw new Error("was read") } };
const text = "some text", nothing = null, names = new Map([["a", 1]]);`,
  );
});
afterAll(() => kernel.close());

/** \`|\` marks the cursor. */
const at = (code: string) => ({ code: code.replace("|", ""), cursor: code.indexOf("|") });
const labels = async (code: string) =>
  (await kernel.process.request("complete", at(code))).items.map(({ label }) => label);

describe("completion", () => {
  it("offers variables and globals by their beginning", async () => {
    expect(await labels("mod|")).toContain("model");
    expect(await labels("cons|")).toContain("console");
  });

  it("offers the properties of live values, own ones first, without calling getters", async () => {
    expect((await labels("model.|")).slice(0, 3)).toEqual(["latent", "encode", "costly"]);
    expect(await labels("layer.g|")).toEqual(["grow"]);
    expect(await labels("path.posix.jo|")).toEqual(["join"]);
    expect(await labels("model?.lat|")).toEqual(["latent"]);
    expect(await labels("matrix.shape.flatM|")).toEqual(["flatMap"]);
  });

  it("says what will be replaced, and how a function is called", async () => {
    const { start, end, items } = await kernel.process.request("complete", at("f(model.enc|)"));
    expect([start, end]).toEqual([8, 11]);
    expect(items[0]).toMatchObject({ kind: "method", detail: "encode(input)" });
  });

  it("offers nothing where it cannot know", async () => {
    expect(await labels("unknownThing.|")).toEqual([]);
    expect(await labels("double(2).|")).toEqual([]);
    expect(await labels("nothing.|")).toEqual([]);
  });

  it("works while a cell waits", async () => {
    const running = kernel.run("await new Promise((r) => setTimeout(r, 200))");
    expect(await labels("mod|")).toContain("model");
    await running;
  });
});

describe("a cell with a long text", () => {
  const long = `const text = "${"a".repeat(200_000)}"; `;

  it("keeps nobody waiting", async () => {
    const start = performance.now();
    expect(await labels(`${long}model.enc|`)).toEqual(["encode"]);
    const { signature } = await kernel.process.request("signature", at(`${long}model.encode(|`));
    expect(signature?.label).toBe("encode(input)");
    await kernel.process.request("inspect", at(`${long}mod|el`));
    expect(performance.now() - start).toBeLessThan(2_000);
  });
});

describe("completion in prose", () => {
  it.each(['console.log("|', "// don'|", "`a ${model} |", "/* mod|"])("offers nothing: %s", async (code) =>
    expect(await labels(code)).toEqual([]),
  );
  it("offers names where code goes on in it", async () =>
    expect(await labels("`a ${mod|")).toContain("model"));
});

describe("hints of parameters", () => {
  const hint = async (code: string) => {
    const { signature } = await kernel.process.request("signature", at(code));
    const part = signature?.parameters[signature.parameter];
    return signature && [signature.label, part && signature.label.slice(part.start, part.end)];
  };

  it("say how a function is called, and which argument is being written", async () => {
    expect(await hint("double(|")).toEqual(["double(x)", "x"]);
    expect(await hint("await model.encode([1, 2], |)")).toEqual(["encode(input)", undefined]);
    expect(await hint("new Layer(|")).toEqual(["class Layer(units)", "units"]);
    expect(await hint("path.resolve(double(2), { a: [1|")).toEqual(["resolve(...args)", "...args"]);
    expect(await hint("path.join('a', 'b', |")).toEqual(["join(...args)", "...args"]);
    expect(await hint("double((1 + |")).toEqual(["double(x)", "x"]);
  });

  it("are those of the library, with their types and what they are for", async () => {
    const code = 'import { dense, vae } from "vaenb";\nvae({ input: [4], encoder: [dense(8, |';
    const { signature } = await kernel.process.request("signature", at(code));
    expect(signature?.label).toMatch(/^dense\(units: number, /);
    expect(signature?.documentation).toContain("layer");
    expect(await hint(code)).toEqual([signature?.label, expect.stringMatching(/^options/)]);
    expect((await hint(code.replace("dense(8, |", "|")))?.[0]).toMatch(/^vae\(/);
  });

  it("say nothing where nothing is called, or nothing is known", async () => {
    expect(await hint("double(2)|")).toBeUndefined();
    expect(await hint("if (|")).toBeUndefined();
    expect(await hint("function double(|")).toBeUndefined();
    expect(await hint("unknownThing(|")).toBeUndefined();
    expect(await hint("double(2).double(|")).toBeUndefined();
    expect(await hint("double([1].map(|")).toBeUndefined();
    expect(await hint("double(double(2)[0](|")).toBeUndefined();
    expect(await hint("path.join(['a'].map((x) => { return |")).toBeUndefined();
    for (const native of ["Math.max(|", "JSON.parse(|", "new Promise(|", "console.log(|"])
      expect(await hint(native)).toBeUndefined();
    expect(await hint("const double = (x: number) => x;\ndouble(|")).toBeUndefined();
  });
});

describe("values with very many elements", () => {
  const { kernel: own, value } = kernelOfThisFile();
  const cpuMilliseconds = async () => Number(await value("process.cpuUsage().user / 1000"));

  it.each([
    ["a typed array", "new Float32Array(3e6)", "fill"],
    ["an array", "new Array(3e6).fill(0)", "flatMap"],
    ["a text", '"x".repeat(3e6)', "padEnd"],
    ["a dictionary", 'Object.fromEntries(Array.from({ length: 2e5 }, (_, i) => ["key" + i, i]))', "key10"],
  ])("are completed without a look at each element of %s", async (_, code, member) => {
    await value(`const many = ${code};`);
    const before = await cpuMilliseconds();
    const { items } = await own.process.request("complete", at(`many.${member}|`));
    expect(items.map(({ label }) => label)).toContain(member);
    expect((await cpuMilliseconds()) - before).toBeLessThan(1_000);
  });

  it("are inspected by the first of them", async () => {
    await value('const keys = Object.fromEntries(Array.from({ length: 2e5 }, (_, i) => ["key" + i, i]));');
    const { bundle } = await own.process.request("inspect", at("ke|ys"));
    expect(String(bundle?.["text/plain"]).length).toBeLessThan(5_000);
  });
});

describe("inspection", () => {
  it("shows signature and comment of a function", async () => {
    const { bundle } = await kernel.process.request("inspect", at("dou|ble(2)"));
    expect(bundle?.["text/plain"]).toBe("double(x)\n\nDoubles a number.\n Exactly.");
  });

  it("shows type, size and value", async () => {
    const { bundle } = await kernel.process.request("inspect", at("nam|es"));
    expect(bundle?.["text/plain"]).toBe("names: Map, 1 entry\n\nMap(1) { 'a' => 1 }");
    expect((await kernel.process.request("inspect", at("nob|ody"))).found).toBe(false);
  });
});

describe("variables", () => {
  it("lists name, type, size and a preview, without reading what is inside", async () => {
    const { variables } = await kernel.process.request("variables", undefined);
    const byName = Object.fromEntries(variables.map((one) => [one.name, one]));
    expect(byName.pixels).toMatchObject({ kind: "const", type: "Float32Array", size: "10000000 elements" });
    expect(byName.matrix).toMatchObject({ size: "[60000, 784]" });
    expect(byName.text).toMatchObject({ type: "string", size: "9 characters", preview: "'some text'" });
    expect(byName.double).toMatchObject({ type: "function", preview: "[Function: double]" });
    expect(byName.Layer).toMatchObject({ kind: "class", type: "class" });
    expect(variables.every((one) => one.preview.length <= 160)).toBe(true);
  });

  it("lists the others beside a value that lets nobody look at it", async () => {
    await kernel.value(
      "const { proxy: revoked, revoke } = Proxy.revocable({}, {}); revoke(); const odd = { get shape() { throw new Error('no') } };",
    );
    const { variables } = await kernel.process.request("variables", undefined);
    expect(variables.map(({ name }) => name)).toEqual(expect.arrayContaining(["revoked", "odd", "model"]));
    expect(await labels("rev|")).toContain("revoked");
  });

  it("is quick for huge values", async () => {
    await kernel.value(
      "const hugeList = Array.from({ length: 2e6 }, (_, i) => i), hugeMap = new Map(hugeList.map((i) => [i, i]));",
    );
    const started = performance.now();
    await kernel.process.request("variables", undefined);
    // Milliseconds; one that looked at every value would take seconds.
    expect(performance.now() - started).toBeLessThan(500);
  });
});

describe("an error says what may have been meant", () => {
  const message = async (code: string) => (await kernel.run(code)).error?.message;

  it.each([
    ["model.enkode([1])", "model.enkode is not a function. Did you mean model.encode?"],
    [
      "(() => {\n  return path.posix.joiin('a')\n})()",
      "path.posix.joiin is not a function. Did you mean path.posix.join?",
    ],
    [
      "layer.unit.toFixed()",
      "Cannot read properties of undefined (reading 'toFixed'). Did you mean layer.units?",
    ],
    [
      "const late = Promise.resolve({ a: 1 }); late.a.b",
      "Cannot read properties of undefined (reading 'b'). late is a promise: put await before the call that gives it.",
    ],
    ["print(1)", "print is not defined. In TypeScript it is console.log(...)."],
    ["matrix.shape.mapp(String)", "matrix.shape.mapp is not a function. Did you mean matrix.shape.map?"],
    ["modl.latent", "modl is not defined. Did you mean model?"],
    ["consol.log()", "consol is not defined. Did you mean console?"],
    [
      "markdown`# a`",
      'markdown is not defined. It has to be imported first: import { markdown } from "vaenb"',
    ],
    ["dense(4)", 'dense is not defined. It has to be imported first: import { dense } from "vaenb"'],
  ])("%s", async (code, expected) => {
    expect(await message(code)).toBe(expected);
  });

  it.each([
    ["model.xyzzy()", "model.xyzzy is not a function"],
    ["model.latent()", "model.latent is not a function"],
    ["xyzzy", "xyzzy is not defined"],
    ["mo", "mo is not defined"],
    ["nothing!.name", "Cannot read properties of null (reading 'name')"],
    ["throw new TypeError('modl is not defined, or is it?')", "modl is not defined, or is it?"],
  ])("and nothing where nothing is near: %s", async (code, expected) => {
    expect(await message(code)).toBe(expected);
  });

  it("without calling a getter, and what the code itself sees of the error stays as it was", async () => {
    expect(await message("model.costly2()")).toBe(
      "model.costly2 is not a function. Did you mean model.costly?",
    );
    expect(
      await kernel.value(
        "let seen; try { (model as any).enkode() } catch (error) { seen = error.message } ; seen",
      ),
    ).toBe("'model.enkode is not a function'");
  });

  it("without running the code of a proxy", async () => {
    await kernel.run(
      "const asked: string[] = []; const proxied: any = new Proxy({}, { getOwnPropertyDescriptor: (_, name) => { asked.push(String(name)); return undefined; }, ownKeys: () => { asked.push('all'); return []; } });",
    );
    expect(await message("proxied.foo.bar")).toBe("Cannot read properties of undefined (reading 'bar')");
    expect(await kernel.value("asked.length")).toBe("0");
  });

  it("at once, also for a value with hundreds of thousands of keys", async () => {
    await kernel.run(
      "const words: any = Object.fromEntries(Array.from({ length: 300_000 }, (_, i) => [`word${i}`, i]));",
    );
    const started = performance.now();
    expect(await message("words.wrod1.length")).toContain("Cannot read properties of undefined");
    // Milliseconds where nothing else runs; the rest is for machines that many share.
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});
