import { expect, it } from "vitest";
import { NotebookError, parseNotebook, printNotebook } from "../../src/notebook";

const cell = (id: string, source = "1 + 1"): string =>
  `{"cell_type": "code", "id": "${id}", "metadata": {}, "source": ["${source}"], "execution_count": null, "outputs": []}`;
const file = (cells: string, rest = '"metadata": {}, "nbformat": 4, "nbformat_minor": 5'): string =>
  `{\n "cells": [\n${cells}\n],\n${rest}\n}\n`;

/** The message that a person gets for this file. */
function refusal(content: string | Uint8Array): string {
  try {
    parseNotebook(content);
  } catch (error) {
    if (error instanceof NotebookError) return `${error.trouble}: ${error.message}`;
    throw error;
  }
  throw new Error("the file was read");
}

it.each([
  [
    "a missing comma",
    file(`${cell("a")}\n${cell("b")}`),
    'syntax: line 4, column 1, in cell 1: expected "," or "]" after a list\'s item, found "{"',
  ],
  [
    "a cell type that does not exist",
    file(cell("a").replace("code", "cod")),
    /structure: line 3, column 15, in cell 1: "cell_type" must be "code" or "markdown" or "raw", but is "cod"/,
  ],
  [
    "a misspelt key",
    file(cell("a").replace("outputs", "output")),
    /line 3, column 96, in cell 1: "output" is unknown: nbformat knows .*"outputs"/,
  ],
  [
    "a missing key",
    file(cell("a").replace(', "outputs": []', "")),
    /line 3, column 1, in cell 1: a cell has no "outputs"/,
  ],
  [
    "a source that is a number",
    file(cell("a").replace('["1 + 1"]', "7")),
    /line 3, column 60, in cell 1: "source" must be a text or a list of its lines, but is 7/,
  ],
  [
    "a source line that is a number",
    file(cell("a").replace('["1 + 1"]', '["", 7]')),
    /column 65, in cell 1: each item of "source" must be a text, but is 7/,
  ],
  [
    "an unknown key at the top",
    file("", '"metadata": {}, "nbformat": 4, "nbformat_minor": 5, "cell": []'),
    /structure: line 5, column 53: "cell" is unknown/,
  ],
  [
    "a key that is there twice",
    file("", '"metadata": {}, "metadata": {}, "nbformat": 4, "nbformat_minor": 5'),
    /syntax: line 5, column 17: the key "metadata" is in this object twice/,
  ],
  [
    "an id that two cells have",
    file(`${cell("a")},\n${cell("b")},\n${cell("a")}`),
    /line 5, column 29, in cell 3: the id "a" is that of cell 1 too; give one of the two another id/,
  ],
  ["an id with a space", file(cell("a b")), /in cell 1: "a b" is no cell id: 1 to 64 letters/],
  [
    "a cell without an id in 4.5",
    file(cell("a").replace('"id": "a", ', "")),
    /in cell 1: this cell has no "id", which nbformat 4.5 asks for; add one such as/,
  ],
  [
    "a negative execution count",
    file(cell("a").replace("null", "-1")),
    /"execution_count" must be a whole number, but is -1/,
  ],
  [
    "tags that are no list",
    file(cell("a").replace('"metadata": {}', '"metadata": {"tags": "x"}')),
    /"tags" must be a list, but is "x"/,
  ],
  [
    "an output of an unknown type",
    file(cell("a").replace("[]", '[{"output_type": "pyout"}]')),
    /in cell 1: "output_type" must be .* but is "pyout"/,
  ],
  [
    "a MIME bundle with an object under a text type",
    file(
      cell("a").replace(
        "[]",
        '[{"output_type": "display_data", "metadata": {}, "data": {"text/plain": {}}}]',
      ),
    ),
    /"text\/plain" must be a text or a list of its lines, but is an object/,
  ],
  [
    "a line break inside a text",
    file(cell("a", "x\ny")),
    /syntax: line 3, column 61, in cell 1: a text begins here and its line ends before a closing quote/,
  ],
  [
    "a control character",
    file(cell("a", "x\u0007")),
    /in cell 1: the control character U\+0007 may not stand in a text/,
  ],
  ["an escape that JSON has not", file(cell("a", "\\x41")), /is no escape that JSON knows/],
  ["half of a surrogate pair", file(cell("a", "\ud83d")), /half of a surrogate pair stands alone/],
  [
    "zero bytes",
    file(cell("a", "\0\0\0")),
    /^encoding: line 3, column 62: the file has zero bytes here: it is damaged/,
  ],
  [
    "a number without end",
    file("", '"metadata": {"x": 1e999}, "nbformat": 4, "nbformat_minor": 5'),
    /1e999 is larger than any number/,
  ],
  [
    "NaN, as Python writes it",
    file("", '"metadata": {"x": NaN}, "nbformat": 4, "nbformat_minor": 5'),
    /syntax: line 5, column 19: expected a value, found "N"/,
  ],
  [
    "a number with a leading zero",
    file("", '"metadata": {"x": 01}, "nbformat": 4, "nbformat_minor": 5'),
    /expected "," or "}" after the value of "x", found "1"/,
  ],
  ["a comment", file("// a comment"), /expected a value, found "\/"/],
  ["a trailing comma", file(`${cell("a")},`), /line 4, column 1, in cell 2: expected a value, found "]"/],
  ["something after the end", `${file("")}}`, /line 7, column 1: nothing may follow the notebook's last "}"/],
  [
    "an unresolved merge conflict",
    file(`<<<<<<< HEAD\n${cell("a")}\n=======\n${cell("b")}\n>>>>>>> other`),
    /line 3, column 1, in cell 1: a merge conflict is not resolved/,
  ],
  ["values nested without end", "[".repeat(100_000), /nested more than 500 deep/],
  ["nothing", "", /^empty: line 1, column 1: the file is empty/],
  ["only spaces", " \n ", /^empty:/],
  [
    "JSON that is no notebook",
    '{"name": "vaenb"}',
    /^structure: line 1, column 1: this is JSON but no notebook/,
  ],
  ["a list", "[]", /a notebook must be an object/],
  ["no JSON at all", "hello", /^syntax: line 1, column 1: expected a value, found "h"/],
  ["version 3", '{"worksheets": []}', /^version: .*jupyter nbconvert --to notebook --inplace/],
  [
    "version 5",
    '{"nbformat": 5, "nbformat_minor": 0}',
    /^version: line 1, column 14: this is nbformat 5; versions 4.0 to 4.5 are read here/,
  ],
  [
    "version 4.6",
    '{"nbformat": 4, "nbformat_minor": 6}',
    /^version: line 1, column 35: this is nbformat 4.6; .*update this program, or save the notebook as 4.5/,
  ],
])("refuses %s, and says where and what", (_, content, message) => {
  expect(refusal(content)).toMatch(message);
});

it("refuses every file that was cut off, and says so", () => {
  const whole = new TextEncoder().encode(file(`${cell("a", "é")},\n${cell("b")}`).trimEnd());
  for (let length = 1; length < whole.length; length += 1) {
    expect(refusal(whole.subarray(0, length))).toMatch(/cut off$/);
  }
  expect(refusal(whole.subarray(0, whole.length - 60))).toContain("in cell 2");
});

it.each([
  [
    "Latin-1",
    Buffer.from(file(cell("a", "caf\u00e9")), "latin1"),
    /^encoding: line 3, column 65: the bytes here \(e9 22\) are not UTF-8 text/,
  ],
  ["UTF-16", Buffer.from(`\ufeff${file("")}`, "utf16le"), /^encoding: .*UTF-16 text; save it as UTF-8/],
])("refuses %s, and says at which byte", (_, content, message) => {
  expect(refusal(content)).toMatch(message);
});

it("reads a file with a byte order mark and Windows line ends as the same notebook", () => {
  const text = file(`${cell("a")},\n${cell("b")}`);
  const windows = Buffer.from(`\ufeff${text.replaceAll("\n", "\r\n")}`);
  expect(parseNotebook(windows)).toEqual(parseNotebook(text));
});

it("reads nbformat 4.0 to 4.4, makes the ids that those lack, and makes the same ones each time", () => {
  for (const minor of [0, 1, 2, 3, 4]) {
    const old = file(
      `${cell("a")},\n${cell("b")},\n${cell("c", "2")}`.replaceAll(/"id": "[abc]", /g, ""),
      `"metadata": {}, "nbformat": 4, "nbformat_minor": ${minor}`,
    );
    const { cells } = parseNotebook(old);
    expect(new Set(cells.map((one) => one.id)).size).toBe(3);
    expect(parseNotebook(old).cells).toEqual(cells);
    expect(printNotebook(parseNotebook(old))).toContain('"nbformat_minor": 5');
  }
});

it("keeps an id that a 4.4 file has, and never makes the same one for another cell", () => {
  const made = parseNotebook(
    file(cell("x").replace('"id": "x", ', ""), '"metadata": {}, "nbformat": 4, "nbformat_minor": 4'),
  );
  const taken = made.cells[0]?.id ?? "";
  const { cells } = parseNotebook(
    file(
      `${cell("x").replace('"id": "x", ', "")},\n${cell(taken, "other")}`,
      '"metadata": {}, "nbformat": 4, "nbformat_minor": 4',
    ),
  );
  expect(cells[1]?.id).toBe(taken);
  expect(cells[0]?.id).not.toBe(taken);
});
