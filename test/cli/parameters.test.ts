import { expect, it } from "vitest";
import { declaredNames } from "../../src/cli/declaredNames";
import { setParameters } from "../../src/cli/parameters";
import { tagsOf } from "../../src/notebook";
import { notebookOf } from "./scriptedKernel";

const tagged = '// %% {"tags": ["parameters"]}\nlet seed = 1;\nconst layers = [1], name = "a";';
const sourcesOf = (notebook: ReturnType<typeof notebookOf>): string[] =>
  notebook.cells.map((cell) => cell.source);

it("puts the values in a cell of their own behind the one tagged parameters", () => {
  const set = setParameters(notebookOf("0", tagged, "use(seed)"), [
    { name: "seed", value: "3" },
    { name: "name", value: '"b"' },
  ]);
  expect(sourcesOf(set)[2]).toBe('let seed = 3;\nlet name = "b";');
  expect(set.cells.map((cell) => tagsOf(cell))).toEqual([[], ["parameters"], ["injected-parameters"], []]);
  expect(new Set(set.cells.map((cell) => cell.id)).size).toBe(4);
});

it("replaces the cell that an earlier run put there", () => {
  const once = setParameters(notebookOf(tagged), [{ name: "seed", value: "3" }]);
  expect(sourcesOf(setParameters(once, [{ name: "seed", value: "4" }]))).toEqual([
    'let seed = 1;\nconst layers = [1], name = "a";',
    "let seed = 4;",
  ]);
});

it("changes nothing without parameters", () => {
  const notebook = notebookOf(tagged);
  expect(setParameters(notebook, [])).toBe(notebook);
});

it.each([
  [tagged, "sed", "does not declare sed; did you mean seed?"],
  [tagged, "epochs", "it declares seed, layers"],
  [
    '// %% {"tags": ["parameters"]}\n// epochs are fixed\nlet text = "epochs", seed = 1; use(epochs)',
    "epochs",
    "it declares text, seed",
  ],
  ["let seed = 1;", "seed", "no code cell of this notebook has that tag"],
])("refuses a name that no such cell declares: %j, %s", (cell, name, message) => {
  expect(() => setParameters(notebookOf(cell), [{ name, value: "3" }])).toThrow(message);
});

it.each([
  ["let a = 1, b: number = f(c, d), e\nconst g = 2", ["a", "b", "e", "g"]],
  ["const { h, i: j, ...k } = o, [l, m] = p; q = 1", ["h", "j", "k", "l", "m"]],
  ["let r: Map<string, Array<n>> = {}\nvar s = `${t}`; const enum E { A }", ["r", "s"]],
  ["export let u = (v) => { let w = 1 }, x = 2", ["u", "x"]],
  ["let __proto__ = 1", ["__proto__"]],
])("knows what a cell declares: %s", (source, names) => {
  expect(declaredNames(source)).toEqual(names);
});
