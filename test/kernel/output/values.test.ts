import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { MimeBundle } from "../../../src/protocol/mime";
import { TestKernel } from "../testKernel";

let kernel: TestKernel;
beforeAll(async () => {
  kernel = new TestKernel();
  await kernel.process.ready;
});
afterAll(() => kernel.close());

/** The bundles that a cell shows, in order. */
async function bundles(code: string): Promise<MimeBundle[]> {
  const end = await kernel.run(code);
  if (end.error) throw new Error(end.error.text);
  return end.outputs.flatMap((one) => (one.type === "display" ? [one.bundle] : []));
}
const bundle = async (code: string) => (await bundles(code))[0] ?? {};

describe("values", () => {
  it.each([
    ["new Map([['a', 1]])", "Map(1) { 'a' => 1 }"],
    ["new Set([1])", "Set(1) { 1 }"],
    ["new Float32Array(3)", "Float32Array(3) [ 0, 0, 0 ]"],
    ["10n ** 20n", "100000000000000000000n"],
    ["Symbol('s')", "Symbol(s)"],
    ["/x/g", "/x/g"],
    ["function named() {} ; named", "[Function: named]"],
    ["class Point { constructor(public x: number) {} } ; new Point(1)", "Point { x: 1 }"],
    [
      "(() => { const a: any = { name: 'loop' }; a.self = a; return a })()",
      "<ref *1> { name: 'loop', self: [Circular *1] }",
    ],
  ])("%s reads as %s", async (code, text) => {
    expect((await bundle(code))["text/plain"]).toBe(text);
  });

  it("promises and timers show nothing of the kernel's", async () => {
    expect((await bundle("[Promise.resolve(1), new Promise(() => {})]"))["text/plain"]).toBe(
      "[ Promise { 1 }, Promise { <pending> } ]",
    );
    const end = await kernel.run(
      "const timer = setTimeout(() => {}); console.log(timer, Promise.reject(2).catch(() => 3)); timer",
    );
    expect(end.printed).toMatch(/^Timeout \{[^]*\} Promise \{ <pending> \}\n$/);
    expect(end.printed + (end.text ?? "")).not.toMatch(/kResourceStore|Run|async_id_symbol/);
  });

  it("counts what it leaves out of large values, and copies none of them", async () => {
    const large =
      "({ list: new Array(5_000_000).fill(0), map: new Map(Array.from({ length: 20_000 }, (_, i) => [i, i])) })";
    const tree = JSON.stringify((await bundle(large))["application/vnd.vaenb.value+json"]);
    expect(tree).toContain('"omitted":4999900');
    expect(tree).toContain('"omitted":19900');
  });

  it("objects unfold as a bounded tree without cycles", async () => {
    const tree = (
      await bundle(
        "const big: any = { list: Array.from({ length: 5000 }, (_, i) => ({ i })), get lazy() { throw new Error('not called') } }; big.self = big; big",
      )
    )["application/vnd.vaenb.value+json"] as {
      children: { key: string; preview: string; omitted?: number; children?: unknown[] }[];
    };
    const [list, lazy, self] = tree.children;
    expect(list).toMatchObject({ key: "list", omitted: 4_900 });
    expect(list?.children).toHaveLength(100);
    expect(lazy?.preview).toBe("[Getter]");
    expect(self?.preview).toBe("(circular)");
  });

  it("huge values cost little", async () => {
    const end = await kernel.run("const huge = Array.from({ length: 3_000_000 }, (_, i) => [i]); huge");
    expect(JSON.stringify(end.outputs).length).toBeLessThan(100_000);
  });

  it("arrays of records are tables", async () => {
    const { "text/html": html, "text/plain": text } = await bundle(
      "[{ name: '<b>', loss: 1.23456789 }, { name: 'y', loss: 10, extra: true }]",
    );
    expect(html).toContain('<th scope="col">loss</th>');
    expect(html).toContain("<td>&lt;b&gt;</td>");
    expect(text).toBe(
      "   name  loss     extra\n─  ────  ───────  ─────\n0  <b>   1.23457\n1  y          10  true",
    );
  });

  it("console.table shows a table", async () => {
    expect((await bundle("console.table([{ a: 1, b: 2 }], ['b'])"))["text/plain"]).toBe("   b\n─  ─\n0  2");
  });

  it("bytes with an image's beginning are the image", async () => {
    const png = await bundle(
      "Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=', 'base64')",
    );
    expect(png["image/png"]).toBeInstanceOf(Uint8Array);
    expect((png["image/png"] as Uint8Array).length).toBeGreaterThan(60);
  });

  it("HTML, Markdown, SVG and JSON are shown as such", async () => {
    const code =
      "import { html, markdown, svg, json, display } from 'vaenb'; display(html`<b>${1 + 1}</b>`); display(markdown('# T')); display(svg`<svg/>`); display(json({ a: [1] }));";
    expect(
      (await bundles(code)).map(
        (one) => one["text/html"] ?? one["text/markdown"] ?? one["image/svg+xml"] ?? one["application/json"],
      ),
    ).toEqual(["<b>2</b>", "# T", "<svg/>", { a: [1] }]);
  });

  it("anything with Jupyter.display shows what it says, bytes or base64", async () => {
    const own = await bundle(
      "({ [Symbol.for('Jupyter.display')]: async () => ({ 'image/png': 'iVBORw0K', 'text/plain': 'mine' }) })",
    );
    expect(own["text/plain"]).toBe("mine");
    expect(Array.from(own["image/png"] as Uint8Array)).toEqual([137, 80, 78, 71, 13, 10]);
  });

  it("a display that fails says why instead of failing the cell", async () => {
    expect(
      (await bundle("({ [Symbol.for('Jupyter.display')]: () => { throw new Error('no picture') } })"))[
        "text/plain"
      ],
    ).toBe("(cannot be shown: no picture)");
  });

  it.each([
    [
      "an id that is no text",
      "import { display } from 'vaenb'; display(1, { id: 5 as never })",
      "the id of a display must be a string, not 5",
    ],
    [
      "a prompt that is no text",
      "import { input } from 'vaenb'; await input(5 as never)",
      "the prompt of input must be a string, not 5",
    ],
  ])("%s is an error of the cell", async (_, code, message) => {
    expect((await kernel.run(code)).error?.message).toBe(message);
  });

  it("content that cannot travel says so, at once or later, and holds up nothing", async () => {
    const bad = "{ 'image/png': (() => 1) as never }";
    expect((await bundle(`({ [Symbol.for('Jupyter.display')]: () => (${bad}) })`))["text/plain"]).toMatch(
      /image\/png needs bytes or base64 text/,
    );
    expect(
      (await bundle(`({ [Symbol.for('Jupyter.display')]: async () => (${bad}) })`))["text/plain"],
    ).toMatch(/image\/png needs bytes/);
    expect(
      (await bundle("({ [Symbol.for('Jupyter.display')]: async () => { throw new Error('later') } })"))[
        "text/plain"
      ],
    ).toBe("(cannot be shown: later)");
    expect((await bundle("'next'"))["text/plain"]).toBe("'next'");
  });

  it("objects with very many keys and deep arrays stay small", async () => {
    const { "text/plain": text } = await bundle(
      "Object.fromEntries(Array.from({ length: 200_000 }, (_, i) => ['k' + i, i]))",
    );
    expect(String(text)).toMatch(/\.\.\. 199,900 more keys$/);
    const deep = await bundle(
      "const level = (n: number): unknown => (n ? Array.from({ length: 40 }, () => level(n - 1)) : 0); level(4)",
    );
    expect(JSON.stringify(deep).length).toBeLessThan(500_000);
  });

  it("what a cell showed is free to go when it runs again", async () => {
    const code =
      "display({ subscribed: 0, [Symbol.for('vaenb.live')]() { (globalThis as any).listening = ((globalThis as any).listening ?? 0) + 1; return () => ((globalThis as any).listening -= 1) }, [Symbol.for('Jupyter.display')]: () => ({ 'text/plain': 'live' }) });";
    for (let i = 0; i < 5; i++) await kernel.run(code, "again");
    expect(await kernel.value("(globalThis as any).listening")).toBe("1");
  });

  it("records with holes among them are shown as they are", async () => {
    expect(
      (await bundle("[...Array.from({ length: 60 }, (_, i) => ({ i })), null]"))["text/plain"],
    ).toContain("null");
  });

  it("tensors show shape, type and values", async () => {
    expect(
      (await bundle("({ shape: [2, 2], dtype: 'float32', dataSync: () => new Float32Array([1, 2, 3, 4]) })"))[
        "text/plain"
      ],
    ).toBe("Object [2, 2] float32\n[1, 2, 3, 4]");
  });

  it("display returns a handle that updates the output in place", async () => {
    const end = await kernel.run(
      "import { display } from 'vaenb'; const shown = display('working', { id: 'status' }); console.log('between'); shown.update('done');",
    );
    expect(end.outputs.map((one) => (one.type === "display" ? one.bundle["text/plain"] : one.type))).toEqual([
      "done",
      "stream",
    ]);
    const later = await kernel.run("shown.update({ a: 1 }); display('again', { id: 'status' });");
    expect(later.outputs).toHaveLength(1);
  });

  it("a living figure is drawn again when it changes, at most ten times a second, its last state always", async () => {
    const code = `const figure: any = { n: 0, listeners: [] as (() => void)[], [Symbol.for('vaenb.live')](f: () => void) { this.listeners.push(f); return () => {} }, [Symbol.for('Jupyter.display')]() { return { 'text/plain': String(this.n) } } };
      display(figure); for (let i = 1; i <= 200; i++) { figure.n = i; figure.listeners.forEach((f: any) => f()); await new Promise((r) => setTimeout(r, 2)); }`;
    const before = kernel.events.length;
    const end = await kernel.run(code);
    const updates = kernel.events.slice(before).filter((event) => event.type === "update").length;
    expect(end.outputs.map((one) => one.type === "display" && one.bundle["text/plain"])).toEqual(["200"]);
    expect(updates).toBeGreaterThan(2);
    expect(updates).toBeLessThan(15);
  });

  it("a figure answers the questions of its view", async () => {
    const code =
      "display({ [Symbol.for('vaenb.answer')]: async (q: string, p: number) => `${q} ${p * 2}`, [Symbol.for('Jupyter.display')]: () => ({ 'text/plain': 'asks' }) }, { id: 'asker' });";
    await kernel.run(code);
    const answer = await kernel.process.request("viewMessage", {
      display: "asker",
      question: "decode",
      payload: 21,
    });
    expect(answer.payload).toBe("decode 42");
    await expect(
      kernel.process.request("viewMessage", { display: "gone", question: "x", payload: 0 }),
    ).rejects.toThrow(/Run its cell again/);
  });

  it("clearOutput empties the cell, at once or with its next output", async () => {
    expect(
      (
        await kernel.run(
          "import { clearOutput } from 'vaenb'; console.log('a'); clearOutput(); console.log('b')",
        )
      ).printed,
    ).toBe("b\n");
    expect(
      (await kernel.run("console.log('a'); clearOutput({ wait: true }); console.log('b')")).printed,
    ).toBe("b\n");
    expect((await kernel.run("console.log('a'); clearOutput({ wait: true });")).printed).toBe("a\n");
  });

  it("input asks the front end", async () => {
    const running = kernel.run(
      "import { input } from 'vaenb'; const name = await input('Your name?'); `hello ${name}`",
    );
    await kernel.until(({ events }) => events.some((event) => event.type === "inputRequest"));
    const request = kernel.events.find((event) => event.type === "inputRequest");
    expect(request).toMatchObject({ prompt: "Your name?", password: false });
    await kernel.process.request("inputReply", {
      input: request?.type === "inputRequest" ? request.input : 0,
      value: "Ada",
    });
    expect((await running).text).toBe("'hello Ada'");
  });
});
