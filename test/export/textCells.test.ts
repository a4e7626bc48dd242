import { expect, it } from "vitest";
import { localPictures } from "../../src/export";
import { notebook, page, redPixel } from "./notebooks";

const main = (markdown: string, options: Parameters<typeof page>[1] = {}): string =>
  /<main>\n<section[^>]*>([\s\S]*)<\/section>\n<\/main>/
    .exec(page(notebook({ markdown }), options))?.[1]
    ?.trim() ?? "";

it.each([
  ["an emphasis", "*a* and **b**", "<p><em>a</em> and <strong>b</strong></p>"],
  ["a line break of HTML", "a<br>b", "<p>a<br>b</p>"],
  [
    "HTML that is harmless",
    '<kbd>Ctrl</kbd> <sub title="t">2</sub>',
    '<p><kbd>Ctrl</kbd> <sub title="t">2</sub></p>',
  ],
  ["a script", "<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"],
  ["a handler", '<b onclick="alert(1)">x</b>', "<p><b>x</b></p>"],
  ["a style", '<b style="position:fixed">x</b>', "<p><b>x</b></p>"],
  ["a frame", "a <iframe src=//e></iframe>", "<p>a &lt;iframe src=//e&gt;&lt;/iframe&gt;</p>"],
  ["an end tag of somebody else", "a</section></main>b", "<p>a&lt;/section&gt;&lt;/main&gt;b</p>"],
  ["an end tag without a beginning", "a</div>b", "<p>ab</p>"],
  ["a tag that is left open", "<b>x", "<p><b>x</p>\n</b>"],
  ["a comment", "a<!-- secret -->b", "<p>ab</p>"],
  ["a link that would run", "[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>"],
  ["a link of HTML that would run", '<a href="java&#x73;cript:alert(1)">x</a>', undefined],
  [
    "a remote picture",
    "![alt](https://example.org/a.png)",
    '<p><a href="https://example.org/a.png" rel="noopener noreferrer">alt</a></p>',
  ],
  ["prices", "from $5 to $6", "<p>from $5 to $6</p>"],
])("shows %s as is right", (_, markdown, expected) => {
  const result = main(markdown);
  if (expected !== undefined) expect(result).toBe(expected);
  expect(result).not.toMatch(/<script|<iframe|onclick|href="[^"]*script:/i);
});

it("writes formulas as MathML, in lines and on their own", () => {
  expect(main("The $q(z \\mid x)$ of")).toMatch(
    /<p>The <span class="katex"><math[^>]*>[^]*<\/math><\/span> of<\/p>/,
  );
  const displayed = main("Thus\n$$\n\\mathcal{L} = a\n$$\nso");
  expect(displayed).toMatch(/<p>Thus<\/p>\n[^]*display="block"[^]*<p>so<\/p>/);
  expect(main("$\\notACommand{$")).toContain("notACommand");
});

it("colours fenced code of our languages and shows others as they are", () => {
  expect(main("```ts\nconst a = 1\n```")).toContain('<span class="t-keyword">const</span>');
  expect(main("```python\nx < 1\n```")).toContain("x &lt; 1");
});

it("has attachments and the pictures beside the notebook in it", () => {
  const attached = page(
    notebook({
      markdown: "![a](attachment:my%20a.png)",
      attachments: { "my a.png": { "image/png": redPixel } },
    }),
  );
  expect(attached).toContain(`<img src="data:image/png;base64,${redPixel}" alt="a">`);
  const bytes = Buffer.from(redPixel, "base64");
  const picture = ({ path }: { path: string }): Uint8Array | undefined =>
    path === "img/a b.png" ? bytes : undefined;
  expect(main("![a](img/a%20b.png)", { picture })).toContain(`src="data:image/png;base64,${redPixel}"`);
  expect(main('<img src="img/a b.png" width="40">', { picture })).toContain(
    `base64,${redPixel}" width="40">`,
  );
  expect(main("![gone](img/gone.png)", { picture })).toContain(
    '<a href="img/gone.png" rel="noopener noreferrer">gone</a>',
  );
});

it("asks for pictures in the notebook's folder only", () => {
  const markdown =
    "![](a.png) ![](./b/../c.JPG) ![](../d.png) ![](/e.png) ![](b/../../f.png) ![](..%2Fg.png) ![](C:/h.png) ![](https://x/i.png) ![](id_rsa) ![](a.png)";
  expect(localPictures([{ type: "markdown", source: markdown }]).map(({ path }) => path)).toEqual([
    "a.png",
    "c.JPG",
  ]);
});

it("finds what lies beside the notebook from where the page is", () => {
  const link = (target: string): string | undefined =>
    /href="([^"]*)"/.exec(main(`[x](${target})`, { base: "../my lessons" }))?.[1];
  expect(link("digits.vae")).toBe("../my%20lessons/digits.vae");
  expect(link("../data/a.csv")).toBe("../data/a.csv");
  expect(link("#the-data")).toBe("#the-data");
  expect(link("https://example.org/")).toBe("https://example.org/");
});
