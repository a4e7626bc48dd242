import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, it } from "vitest";
import { parseNotebook, printNotebook } from "../../src/notebook";
import { anyNotebook } from "./anyNotebook";

it("reads back every notebook that it prints, with nothing changed", () => {
  fc.assert(
    fc.property(anyNotebook, (notebook) => {
      expect(parseNotebook(printNotebook(notebook))).toEqual(notebook);
    }),
    { numRuns: 150 },
  );
});

it("prints a file that it read byte for byte, once it was printed here", () => {
  fc.assert(
    fc.property(anyNotebook, (notebook) => {
      const printed = printNotebook(notebook);
      expect(printNotebook(parseNotebook(new TextEncoder().encode(printed)))).toBe(printed);
    }),
    { numRuns: 150 },
  );
});

it("prints what Jupyter's nbformat wrote byte for byte", () => {
  const file = readFileSync(new URL("fixtures/written-by-nbformat.ipynb", import.meta.url));
  expect(printNotebook(parseNotebook(file))).toBe(file.toString("utf8"));
});

it("turns a change of one line of a cell into a change of one line of the file", () => {
  const file = readFileSync(new URL("fixtures/written-by-nbformat.ipynb", import.meta.url), "utf8");
  const notebook = parseNotebook(file);
  const edited = printNotebook({
    ...notebook,
    cells: notebook.cells.map((cell) => ({
      ...cell,
      source: cell.source.replace("const b = 2;", "const b = 3;"),
    })),
  });
  const before = file.split("\n");
  const after = edited.split("\n");
  expect(after).toHaveLength(before.length);
  expect(after.filter((line, i) => line !== before[i])).toEqual(['    "const b = 3;\\n",']);
});

it("prints keys in one order, whatever order they were made in", () => {
  const cells = '"cells": [], "nbformat": 4, "nbformat_minor": 5';
  const one = parseNotebook(`{"metadata": {"b": {"d": 1, "c": 2}, "a": 3}, ${cells}}`);
  const other = parseNotebook(`{${cells}, "metadata": {"a": 3, "b": {"c": 2, "d": 1}}}`);
  expect(printNotebook(one)).toBe(printNotebook(other));
});

it("keeps integers that a double would round, and negative zero", () => {
  const numbers = "[12345678901234567890, -0.0, 1e-07, 0.1, 1e+21]";
  const { metadata } = parseNotebook(
    `{"metadata": {"n": ${numbers}}, "cells": [], "nbformat": 4, "nbformat_minor": 5}`,
  );
  expect(metadata.n).toEqual([12345678901234567890n, -0, 1e-7, 0.1, 1e21]);
  const printed = printNotebook({ metadata, cells: [] });
  expect(printed.replace(/\s+/g, "")).toContain(numbers.replace(/\s+/g, ""));
});

it("keeps a key named __proto__ as a key", () => {
  const file =
    '{"metadata": {"__proto__": {"polluted": true}}, "cells": [], "nbformat": 4, "nbformat_minor": 5}';
  const notebook = parseNotebook(file);
  expect("polluted" in notebook.metadata).toBe(false);
  expect(printNotebook(notebook)).toContain('"__proto__"');
});

it("gives a repeated cell id a new one when it prints, so that a copied cell never makes the file unreadable", () => {
  const notebook = parseNotebook(
    readFileSync(new URL("fixtures/written-by-nbformat.ipynb", import.meta.url)),
  );
  const doubled = parseNotebook(
    printNotebook({ ...notebook, cells: [...notebook.cells, ...notebook.cells] }),
  );
  expect(doubled.cells.map((cell) => cell.source)).toEqual(
    [...notebook.cells, ...notebook.cells].map((cell) => cell.source),
  );
  expect(doubled.cells.slice(0, notebook.cells.length)).toEqual(notebook.cells);
});
