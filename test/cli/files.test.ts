import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { prepareToWrite, writeAtomically } from "../../src/cli/atomicWrite";
import { exportFile } from "../../src/cli/export";
import { formatOfName } from "../../src/export/formats";
import { readNotebookFile } from "../../src/cli/files";
import { parsePercent, printNotebook } from "../../src/notebook";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "vaenb-files-"));
});
afterEach(() => rmSync(folder, { recursive: true }));
const at = (name: string): string => join(folder, name);
const convert = (input: string, output: string, force = false): string | undefined => {
  const format = formatOfName(output) ?? "html";
  return exportFile(
    { name: "export", input: at(input), output: at(output), format, force },
    "dist",
    () => {},
  );
};
const percent = '// %% [markdown]\n// # Title\n\n// %% Sum {"tags": ["x"]}\n1 + 1\n';

it("replaces a file as a whole, and leaves no other file behind", () => {
  writeFileSync(at("a.vaenb"), "old");
  writeAtomically(at("a.vaenb"), "new");
  expect(readFileSync(at("a.vaenb"), "utf8")).toBe("new");
  expect(readdirSync(folder)).toEqual(["a.vaenb"]);
});

it("keeps the old file and leaves no other behind when it cannot write", () => {
  mkdirSync(at("a.vaenb"));
  expect(() => writeAtomically(at("a.vaenb"), "new")).toThrow();
  expect(readdirSync(folder)).toEqual(["a.vaenb"]);
});

it("keeps a file's permissions, and a link a link", () => {
  writeFileSync(at("a.vaenb"), "old");
  chmodSync(at("a.vaenb"), 0o600);
  symlinkSync(at("a.vaenb"), at("link.vaenb"));
  writeAtomically(at("link.vaenb"), "new");
  expect(lstatSync(at("link.vaenb")).isSymbolicLink()).toBe(true);
  expect(readFileSync(at("a.vaenb"), "utf8")).toBe("new");
  expect(statSync(at("a.vaenb")).mode & 0o777).toBe(0o600);
});

it("keeps permissions that the process's own mask would take away, and writes where a link leads", () => {
  writeFileSync(at("shared.vaenb"), "old");
  chmodSync(at("shared.vaenb"), 0o666);
  const mask = process.umask(0o077);
  try {
    writeAtomically(at("shared.vaenb"), "new");
    writeAtomically(at("own.vaenb"), "new");
  } finally {
    process.umask(mask);
  }
  expect(statSync(at("shared.vaenb")).mode & 0o777).toBe(0o666);
  expect(statSync(at("own.vaenb")).mode & 0o777).toBe(0o600);
  symlinkSync("later.vaenb", at("dangling.vaenb"));
  writeAtomically(at("dangling.vaenb"), "new");
  expect(readFileSync(at("later.vaenb"), "utf8")).toBe("new");
  expect(lstatSync(at("dangling.vaenb")).isSymbolicLink()).toBe(true);
});

it("says before the run that a file cannot be written, and makes the folder that is missing", () => {
  mkdirSync(at("a.vaenb"));
  expect(() => prepareToWrite(at("a.vaenb"))).toThrow("a.vaenb is a folder");
  writeFileSync(at("file"), "");
  expect(() => prepareToWrite(at("file/b.vaenb"))).toThrow("cannot be written");
  prepareToWrite(at("new/folder/b.vaenb"));
  expect(readdirSync(at("new"))).toEqual(["folder"]);
  expect(readdirSync(at("new/folder"))).toEqual([]);
});

it.runIf(existsSync("/proc/self"))("finds a folder that takes no files before the run, for root too", () => {
  expect(() => prepareToWrite("/proc/a.vaenb")).toThrow(
    "/proc/a.vaenb cannot be written: no file can be made in /proc",
  );
});

it("converts between .ts, .vaenb and .ipynb, and back to the same text", () => {
  writeFileSync(at("a.ts"), percent);
  convert("a.ts", "a.vaenb");
  convert("a.vaenb", "a.ipynb");
  expect(convert("a.ipynb", "b.ts")).toBe(`Wrote ${at("b.ts")}.`);
  expect(readFileSync(at("b.ts"), "utf8")).toBe(percent);
  expect(readFileSync(at("a.ipynb"))).toEqual(readFileSync(at("a.vaenb")));
});

it("says what a conversion leaves out", () => {
  const { metadata, cells } = parsePercent(percent);
  const withOutputs = cells.map((cell) =>
    cell.type === "code"
      ? { ...cell, outputs: [{ type: "stream", name: "stdout", text: "2" } as const] }
      : cell,
  );
  writeFileSync(at("a.vaenb"), printNotebook({ metadata, cells: withOutputs }));
  expect(convert("a.vaenb", "a.ts")).toContain("without the outputs of 1 cell");
});

it("does not convert over a file that is there, unless it is told to", () => {
  writeFileSync(at("a.ts"), percent);
  writeFileSync(at("a.vaenb"), "precious");
  expect(() => convert("a.ts", "a.vaenb")).toThrow("exists already; --force replaces it");
  expect(readFileSync(at("a.vaenb"), "utf8")).toBe("precious");
  convert("a.ts", "a.vaenb", true);
  expect(readNotebookFile(at("a.vaenb")).cells).toHaveLength(2);
});

it.each([
  ["missing.vaenb", "missing.vaenb cannot be read: there is no such file or folder"],
  ["notes.md", "notes.md: notebooks are .vaenb, .ipynb or .ts files"],
  ["broken.vaenb", "broken.vaenb:3:1: cell 1: a merge conflict is not resolved"],
])("says of %s what is wrong, as file:line:column where there is one", (name, message) => {
  writeFileSync(at("broken.vaenb"), '{\n "cells": [\n<<<<<<< HEAD');
  expect(() => readNotebookFile(at(name))).toThrow(message);
});
