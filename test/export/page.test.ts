import { expect, it } from "vitest";
import { type Exported, exportNotebook } from "../../src/export";
import { viewMime } from "../../src/protocol/views";
import { notebook, page, printed, redPixel, shown, thrown } from "./notebooks";

const main = (text: string): string => /<main>([\s\S]*)<\/main>/.exec(text)?.[1] ?? "";

it("takes its title from the first heading, and from the file where there is none", () => {
  expect(page(notebook({ markdown: "text\n\n# A *first* `VAE`" }))).toContain("<title>A first VAE</title>");
  expect(page(notebook({ code: "1" }), { fileName: "my lesson.vaenb" })).toContain(
    "<title>my lesson</title>",
  );
});

it("lists the headings where there are several, each under an address of its own", () => {
  const text = page(notebook({ markdown: "# Title\n## Data\n## Data\n### Größe & Form" }));
  const links = [...text.matchAll(/<li class="level-(\d)"><a href="#([^"]+)">([^<]+)</g)].map((m) =>
    m.slice(1),
  );
  expect(links).toEqual([
    ["0", "data", "Data"],
    ["0", "data-2", "Data"],
    ["1", "größe-form", "Größe &amp; Form"],
  ]);
  for (const [, id] of links) expect(main(text)).toContain(` id="${id}"`);
  expect(page(notebook({ markdown: "# Title\n## Only one" }))).not.toContain("<nav");
});

it("keeps the names of its own parts for itself", () => {
  const text = page(
    notebook({ markdown: "# Cell 1\n## Cell\n## Cell\n## Theme\n## vaenb-plotly\n## Vaenb frame" }),
  );
  const ids = [...text.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(text).toContain('<h2 id="vaenb-plotly">');
});

it("shows sources in colours and when each was run", () => {
  const text = main(page(notebook({ code: 'const a = "x<y"; // why', count: 12 })));
  expect(text).toContain(
    '<span class="t-keyword">const</span> a = <span class="t-string">&quot;x&lt;y&quot;</span>',
  );
  expect(text).toContain('<span class="t-comment">// why</span>');
  expect(text).toMatch(/class="count"[^>]*>12</);
});

it("carries of the renderer what its outputs need and no more", () => {
  const parts = (...data: Parameters<typeof shown>): string[] =>
    [
      ...page(notebook({ code: "x", outputs: data.map(shown) })).matchAll(
        /id="vaenb_(plotly|frame)"|the part (\w+)/g,
      ),
    ].map(([, id, name]) => id ?? name ?? "");
  expect(parts({ "text/plain": "1" })).toEqual(["host"]);
  expect(parts({ [viewMime("table")]: {} })).toEqual(["host", "views"]);
  expect(parts({ [viewMime("training")]: {} })).toEqual(["host", "views"]);
  expect(parts({ "application/vnd.plotly.v1+json": { data: [] } })).toEqual(["host", "views", "plotly"]);
  expect(parts({ "text/html": "<b>x</b>" })).toEqual(["host", "frame", "frame"]);
});

it("chooses the interactive form of a value, and keeps its text for readers without scripts", () => {
  const bundle = {
    "text/plain": "the table in words",
    "image/png": redPixel,
    [viewMime("table")]: { title: "T" },
  };
  const text = main(page(notebook({ code: "x", outputs: [shown(bundle)] })));
  expect(text).toContain('data-mime="application/vnd.vaenb.table+json"');
  expect(text).toContain('<script type="application/json">{"title": "T"}</script>');
  expect(text).toMatch(/<noscript>[^]*the table in words[^]*<\/noscript>/);
  expect(text).not.toContain(redPixel);
});

it("shows pictures with the words that the figure has for them", () => {
  const outputs = [shown({ "image/png": `${redPixel}\n`, "text/plain": 'Samples of "a"\n....' })];
  expect(main(page(notebook({ code: "x", outputs })))).toContain(
    `<img src="data:image/png;base64,${redPixel}" alt="Samples of &quot;a&quot;"`,
  );
});

it("draws a terminal's colours, and of lines that were written over the last state", () => {
  const text = main(
    page(notebook({ code: "x", outputs: [printed("\u001b[31mred\u001b[0m <b>\n10 %\r20 %\rdone\n")] })),
  );
  expect(text).toContain('<span class="ansi-red-fg">red</span> &lt;b&gt;\ndone');
  expect(text).not.toContain("10 %");
});

it("keeps every line and the colours of a long text, in parts that a browser lays out when they are seen", () => {
  const lines = Array.from({ length: 2345 }, (_, i) => `line ${i}${i === 0 ? "\u001b[32m" : ""}`);
  const text = main(page(notebook({ code: "x", outputs: [printed(lines.join("\n"))] })));
  const parts = [...text.matchAll(/<span class="lines">([^]*?)<\/span><\/span>/g)].map(
    ([, part = ""]) => part,
  );
  expect(parts).toHaveLength(5);
  expect(parts[4]).toMatch(/^<span class="ansi-green-fg">line 2000\n/);
  const plain = parts.join("").replaceAll(/<[^>]*>/g, "");
  expect(plain.split("\n")).toEqual(Array.from({ length: 2345 }, (_, i) => `line ${i}`));
});

it("shows an error with its frames, which lead to their cells", () => {
  const outputs = [
    thrown("TypeError", "x is <not> a function", "    at f (Cell 2:1:7)", "    at Cell 99:1:1"),
  ];
  const text = main(page(notebook({ markdown: "# T" }, { code: "f()", outputs })));
  expect(text).toContain("TypeError: x is &lt;not&gt; a function");
  expect(text).toContain('at f (<a href="#cell_2">Cell 2</a>:1:7)');
  expect(text).toContain('id="cell_2"');
  expect(text).toContain("at Cell 99:1:1");
});

it("leads to the file in which the rest of a long output is", () => {
  const note =
    "[This cell printed more than 5 million characters. The rest is in /tmp/vaenb-output-x 1/output.txt]\n";
  expect(main(page(notebook({ code: "x", outputs: [printed(`text\n${note}`)] })))).toContain(
    'The rest is in <a href="file:///tmp/vaenb-output-x%201/output.txt">/tmp/vaenb-output-x 1/output.txt</a>]',
  );
});

it("leaves out and folds what tags say", () => {
  const cell = (tag: string): string =>
    main(
      page(notebook({ code: "the(source)", outputs: [printed("the output")], metadata: { tags: [tag] } })),
    );
  expect(cell("remove-cell").trim()).toBe("");
  expect(cell("remove-input")).not.toContain("source");
  expect(cell("remove-output")).not.toContain("the output");
  expect(cell("hide-input")).toMatch(/<details class="folded"><summary>Code/);
  expect(cell("other")).not.toContain("<details");
});

it("is the same page for the same notebook, and loads nothing by its policy", () => {
  const make = (): string => page(notebook({ markdown: "# A" }, { code: "1", outputs: [printed("1")] }));
  expect(make()).toBe(make());
  const [, policy = ""] = /Content-Security-Policy" content="([^"]+)"/.exec(make()) ?? [];
  expect(policy).toContain("default-src &#39;none&#39;");
  expect(policy).toMatch(/script-src &#39;nonce-[\w-]{43}&#39;;/);
  expect(policy).not.toMatch(/http|unsafe-eval|script-src[^;]*unsafe/);
});

const attack = '</script></pre><script>alert(1)</script><img src=x onerror="alert(1)">\'"&<!--<script>';

it("keeps hostile text as text, wherever it stands", () => {
  const text = page(
    notebook(
      { markdown: attack, attachments: { [attack]: { "image/png": attack } } },
      { raw: attack },
      {
        code: attack,
        metadata: { title: attack },
        outputs: [
          printed(attack),
          printed(`\u001b[31m${attack}`, "stderr"),
          thrown(attack, attack, attack),
          shown({ "text/html": attack }),
          shown({ "text/plain": attack }),
          shown({ "text/markdown": attack }),
          shown({ "text/latex": attack }),
          shown({ "image/png": attack, "text/plain": attack }),
          shown({ "image/svg+xml": `<svg xmlns="http://www.w3.org/2000/svg">${attack}</svg>` }),
          shown({ "application/json": { [attack]: attack } }),
          shown({ "application/pdf": attack }),
          shown({ "video/mp4": attack }),
          shown({ [viewMime("value")]: { [attack]: attack } }),
          shown({ [`x/"${attack}`]: attack }),
        ],
      },
    ),
    { fileName: `${attack}.vaenb` },
  );
  // What is left are the page's own scripts and data; what would end them or begin others is escaped.
  const scripts = [...text.matchAll(/<script([^>]*)>/g)].map(([, attributes = ""]) => attributes.trim());
  const own = /^(?:nonce="[\w-]{43}"|type="application\/json"|type="text\/plain" id="vaenb_\w+")$/;
  expect(scripts.filter((attributes) => !own.test(attributes))).toEqual([]);
  expect(text.match(/<script/g)).toHaveLength(text.match(/<\/script>/g)?.length ?? 0);
  expect(text).not.toContain("<img src=x");
  expect(text).not.toContain("<!--");
  expect(text.match(/<\/main>/g)).toHaveLength(1);
});

it("costs a large notebook time in proportion", () => {
  const cost = (count: number): number => {
    const long = "A<".repeat(100_000);
    const outputs = Array.from({ length: count }, (_, i) =>
      i % 2 === 0 ? printed(long) : shown({ [viewMime("value")]: { preview: long } }),
    );
    const start = process.cpuUsage();
    expect(page(notebook({ code: "x", outputs })).length).toBeGreaterThan(count * 200_000);
    return process.cpuUsage(start).user;
  };
  cost(2);
  // Ten times the outputs: ten times the work, with room for a busy machine. A hundred times would be quadratic.
  expect(cost(20)).toBeLessThan(40 * cost(2) + 1e6);
});

it("lets its caller rest after each cell", () => {
  const options = { fileName: "a", base: "", part: () => "", picture: () => undefined };
  const steps = exportNotebook(notebook({ code: "1" }, { markdown: "2" }), "html", options);
  const seen: number[] = [];
  let step: IteratorResult<number, Exported> = steps.next();
  for (; step.done !== true; step = steps.next()) seen.push(step.value);
  expect(seen).toEqual([0.5, 1]);
});
