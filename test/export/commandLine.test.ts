import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { parseNotebook, parsePercent, printNotebook } from "../../src/notebook";
import { newFolder, vaenb } from "../cli/program";
import { notebook, printed, redPixel, shown } from "./notebooks";

let folder = "";
beforeEach(() => {
  folder = newFolder();
  writeFileSync(join(folder, "my lesson.vaenb"), printNotebook(lesson));
});
afterEach(() => rmSync(folder, { recursive: true }));
const at = (name: string): string => join(folder, name);
const read = (name: string): string => readFileSync(at(name), "utf8");

const lesson = notebook(
  { markdown: "# A lesson\n\n[data](data.csv) ![dot](dot.png)" },
  { code: "const a: number = 1;\na", count: 1, outputs: [printed("hello\n"), shown({ "text/plain": "1" })] },
  { code: "plot", count: 2, outputs: [shown({ "image/png": redPixel, "text/plain": "dot" })] },
);

it("writes a page beside the notebook, with the pictures that lie there in it", async () => {
  writeFileSync(at("dot.png"), Buffer.from(redPixel, "base64"));
  const { code, stderr } = await vaenb("export", at("my lesson.vaenb"), "--to", "html");
  expect([code, stderr]).toEqual([0, `Wrote ${at("my lesson.html")}.\n`]);
  const page = read("my lesson.html");
  expect(page).toContain("<title>A lesson</title>");
  expect(page).toContain(`<img src="data:image/png;base64,${redPixel}" alt="dot">`);
  expect(page).toContain("hello");
  // Neither the views nor plotly: it has no figures.
  expect(page.length).toBeLessThan(60_000);
  expect(page).not.toMatch(/(?:src|href)="https?:/);
});

it("writes what Jupyter reads: a valid notebook with our kernel and the outputs", async () => {
  await vaenb("export", at("my lesson.vaenb"), "--to", "ipynb");
  const { metadata, cells } = parseNotebook(read("my lesson.ipynb"));
  expect(metadata).toMatchObject({
    kernelspec: { name: "vaenb", display_name: "VAE Notebook (TypeScript)", language: "typescript" },
    language_info: { name: "typescript", file_extension: ".ts" },
  });
  expect(cells).toEqual(lesson.cells);
  expect(JSON.parse(read("my lesson.ipynb"))).toMatchObject({ nbformat: 4, nbformat_minor: 5 });
});

it("writes TypeScript that reads back to the same cells, and names what it leaves out", async () => {
  const { stderr } = await vaenb("export", at("my lesson.vaenb"), "--to", "ts");
  expect(stderr).toContain("without the outputs of 2 cells, which .ts files do not keep");
  const texts = (of: typeof lesson) => of.cells.map(({ type, source }) => [type, source]);
  expect(texts(parsePercent(read("my lesson.ts")))).toEqual(texts(lesson));
});

it("writes Markdown with its pictures beside it, and links that lead back", async () => {
  const { stderr } = await vaenb("export", at("my lesson.vaenb"), "--output", at("docs/lesson.md"));
  expect(stderr).toBe(`Wrote ${at("docs/lesson.md")} and 1 picture beside it.\n`);
  expect(readdirSync(at("docs"))).toEqual(["lesson.md", "lesson_files"]);
  expect(read("docs/lesson.md")).toContain("[data](../data.csv)");
  expect(read("docs/lesson.md")).toContain("![dot](lesson_files/cell-3.png)");
  expect(readFileSync(at("docs/lesson_files/cell-3.png")).toString("base64")).toBe(redPixel);
});

it("writes to standard output, and nothing else there", async () => {
  const { stdout, stderr } = await vaenb("export", at("my lesson.vaenb"), "--to", "md", "--output", "-");
  expect(stdout).toMatch(/^# A lesson\n/);
  expect(stdout).toContain(`![dot](data:image/png;base64,${redPixel})`);
  expect(stderr).toBe("");
  expect(readdirSync(folder)).toEqual(["my lesson.vaenb"]);
});

it("replaces a file only when it is told to, and says why it cannot write", async () => {
  writeFileSync(at("my lesson.html"), "precious");
  const refused = await vaenb("export", at("my lesson.vaenb"), "--to", "html");
  expect([refused.code, refused.stderr]).toEqual([
    2,
    `vaenb: ${at("my lesson.html")} exists already; --force replaces it\n`,
  ]);
  expect(read("my lesson.html")).toBe("precious");
  expect((await vaenb("export", at("my lesson.vaenb"), "--to", "html", "--force")).code).toBe(0);
  expect(read("my lesson.html")).toContain("A lesson");
  mkdirSync(at("folder"));
  const folderGiven = await vaenb(
    "export",
    at("my lesson.vaenb"),
    "--to",
    "md",
    "-o",
    at("folder"),
    "--force",
  );
  expect([folderGiven.code, folderGiven.stderr]).toEqual([2, `vaenb: ${at("folder")} is a folder\n`]);
});
