import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, it } from "vitest";
import {
  type Cell,
  idFromContent,
  NotebookError,
  newNotebookMetadata,
  type Notebook,
  omittedByPercent,
  parsePercent,
  printPercent,
} from "../../src/notebook";
import { anyNotebook } from "./anyNotebook";

const sample = readFileSync(new URL("fixtures/cells.percent.txt", import.meta.url), "utf8");
const sources = (text: string): [string, string][] =>
  parsePercent(text).cells.map((cell) => [cell.type, cell.source]);

/** What the format has a place for: no outputs, ids or attachments, and nothing that a text file cannot hold. */
function expressible(notebook: Notebook): Notebook {
  const cells = notebook.cells.map(({ type, metadata, source }): Cell => {
    const parts = { id: sameId, metadata, source: source.replace(/[\0\p{Surrogate}]/gu, "?") };
    return type === "code" ? { type, ...parts, executionCount: null, outputs: [] } : { type, ...parts };
  });
  return { metadata: notebook.metadata, cells };
}

const sameId = idFromContent({ type: "code", source: "" }, new Set());

it("reads code and text cells", () => {
  const cells = parsePercent(sample).cells;
  expect(cells.map((cell) => cell.type)).toEqual(["markdown", ...Array<string>(8).fill("code")]);
  expect(cells[0]?.source).toBe("# What cells may do\nNot about VAEs: the promises of the kernel.");
  expect(cells[2]?.source).toBe(
    "inc(); n                                      // 2: closures are live across cells",
  );
});

it("prints a file that it read byte for byte", () => {
  expect(printPercent(parsePercent(sample))).toBe(sample);
});

it("reads back every notebook that it prints: types, sources, metadata", () => {
  fc.assert(
    fc.property(anyNotebook.map(expressible), (notebook) => {
      expect(parsePercent(printPercent(notebook), { makeId: () => sameId })).toEqual(notebook);
    }),
    { numRuns: 150 },
  );
});

it("reads titles, types and metadata in a cell's header, and prints them so", () => {
  const text = [
    '// %% Sizes {"tags": ["parameters"]}\nconst n = 1;\n',
    "// %% The model [markdown]\n// # Model\n",
    '// %% [raw] {"format": "text/html"}\n// <hr>\n',
  ].join("\n");
  const { cells } = parsePercent(text);
  expect(cells.map(({ type, metadata }) => [type, metadata])).toEqual([
    ["code", { title: "Sizes", tags: ["parameters"] }],
    ["markdown", { title: "The model" }],
    ["raw", { format: "text/html" }],
  ]);
  expect(printPercent({ metadata: newNotebookMetadata, cells })).toBe(text);
});

it.each([
  ['tags=["parameters"]', { tags: ["parameters"] }],
  ['Sizes tags=["parameters", "hide-input"]', { title: "Sizes", tags: ["parameters", "hide-input"] }],
  [
    'Sizes collapsed=true n=-1.5 slideshow={"slide_type": "a=b c=[1]"} name="x y"',
    {
      title: "Sizes",
      collapsed: true,
      n: -1.5,
      slideshow: { slide_type: "a=b c=[1]" },
      name: "x y",
    },
  ],
  ["With lr=0.001 and bias=true", { title: "With lr=0.001 and bias=true" }],
  ["Where x == [1]", { title: "Where x == [1]" }],
  ["Sweep sizes=[200, 400]: compare", { title: "Sweep sizes=[200, 400]: compare" }],
  ['Sizes {"note": "tags=[]"}', { title: "Sizes", note: "tags=[]" }],
])("reads Jupytext's way of giving metadata: %s", (header, metadata) => {
  const [cell] = parsePercent(`// %% ${header}\n1`).cells;
  expect(cell?.metadata).toEqual(metadata);
  const text = printPercent({ metadata: newNotebookMetadata, cells: cell ? [cell] : [] });
  expect(parsePercent(text).cells[0]?.metadata).toEqual(metadata);
});

it("reads Jupytext's metadata behind a cell's type", () => {
  const [cell] = parsePercent('// %% The model [markdown] tags=["intro"]\n// # Model').cells;
  expect(cell).toMatchObject({ type: "markdown", metadata: { title: "The model", tags: ["intro"] } });
});

it.each([
  ["// %% [md]\n// a", [["markdown", "a"]]],
  ["//%%\n1", [["code", "1"]]],
  ["// %% [markdown] A title after the type\n// a", [["markdown", "a"]]],
  [
    "1\n\n// %%\n2",
    [
      ["code", "1"],
      ["code", "2"],
    ],
  ],
  ["\n// %%\n2", [["code", "2"]]],
  [
    "// %%\r\n1\r\n2\r\n\r\n// %%\r\n3\r\n",
    [
      ["code", "1\n2"],
      ["code", "3"],
    ],
  ],
  [
    "// %% [markdown]\n//\n//a\n\n\n// %%\n",
    [
      ["markdown", "\na"],
      ["code", ""],
    ],
  ],
  ["// %%\n// // %%\n// // // %% x", [["code", "// %%\n// // %% x"]]],
  ["// %%time\nx", [["code", "// %%time\nx"]]],
  ["", []],
])("reads %j", (text, cells) => {
  expect(sources(text)).toEqual(cells);
});

it("keeps the notebook's own metadata when it is not that of every new notebook", () => {
  const metadata = { authors: [{ name: "Ada" }] };
  const text = printPercent({ ...parsePercent("// %%\n1"), metadata });
  expect(text).toBe('// notebook {"authors": [{"name": "Ada"}]}\n\n// %%\n1\n');
  expect(parsePercent(text).metadata).toEqual(metadata);
});

it.each([
  ["// %% [markdown]\n// text\ncode()", /line 3, column 1, in cell 1: a text cell has comment lines only/],
  [
    "// %%\n\n// %% {tags: 1}",
    /line 3, column 8, in cell 2: expected a key in double quotes, found "t" \(what begins with "\{" is the cell's metadata/,
  ],
  ['// %% a {"tags": []', /line 1, column 20, in cell 1: the metadata has no "}" at its end/],
  [
    `// %% tags=['a']`,
    /line 1, column 13, in cell 1: expected .* \(what follows "tags=" is its value, as JSON\)/,
  ],
  ['// %% tags=["a"] {"b": 1}', /line 1, column 18, in cell 1: .*what follows "tags=" is its value/],
  ["// %% tags=parameters", /line 1, column 7, in cell 1: tags are a list: tags=\["parameters"\]/],
  ['// %% tags="parameters"', /tags are a list: tags=\["parameters"\]/],
  ['// %% tags=["a"] tags=["b"]', /"tags" is here twice/],
  ['// %% a {"title": "b"}', /in cell 1: the title is here twice/],
])("refuses %j, and says where and what", (text, message) => {
  expect(() => parsePercent(text)).toThrow(NotebookError);
  expect(() => parsePercent(text)).toThrow(message);
});

it("says what it leaves out", () => {
  const [cell] = parsePercent("// %%\n1").cells;
  if (cell?.type !== "code") throw new Error("expected a code cell");
  const withOutput: Cell = { ...cell, outputs: [{ type: "stream", name: "stdout", text: "1" }] };
  expect(omittedByPercent({ metadata: {}, cells: [withOutput] })).toEqual(["the outputs of 1 cell"]);
  expect(omittedByPercent({ metadata: {}, cells: [cell] })).toEqual([]);
});

it("makes ids from what cells say: the same ones each time, and others stay when a cell is added", () => {
  const ids = (text: string): string[] => parsePercent(text).cells.map((cell) => cell.id);
  const before = ids("// %%\na\n\n// %%\nb\n\n// %%\nb\n");
  expect(new Set(before).size).toBe(3);
  expect(ids("// %%\nnew\n\n// %%\na\n\n// %%\nb\n\n// %%\nb\n").slice(1)).toEqual(before);
});
