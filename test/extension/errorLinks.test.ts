import { expect, test } from "vitest";
import { withLinks, withoutLinks } from "../../src/extension/run/errorLinks";
import type { ErrorReport } from "../../src/protocol/messages";

const cell = "vscode-notebook-cell:/folder/a%20b.vaenb#W0sZmlsZQ%3D%3D";
const report = (text: string, ...places: [line: number, column: number][]): ErrorReport => ({
  name: "Error",
  message: "on purpose",
  text,
  frames: places.map(([line, column]) => ({ position: { cell, line, column }, location: "Cell 3" })),
});

test("a frame links to its line, which the editor counts from 0", () => {
  expect(withLinks(report("Error: on purpose\n    at f (Cell 3:12:5)", [12, 5]))).toBe(
    `Error: on purpose\n    at f (<a href="${cell}?line=11">Cell 3:12:5</a>)`,
  );
});

test("a place whose digits begin like another's links to its own line", () => {
  const linked = withLinks(report("at Cell 3:1:1\nat Cell 3:1:10\nat Cell 3:1:1", [1, 1], [1, 10]));
  expect(linked.match(/>Cell 3:1:1</g)).toHaveLength(2);
  expect(linked.match(/>Cell 3:1:10</g)).toHaveLength(1);
  expect(linked).not.toContain("Cell 13");
});

test("a file gets the text without the links", () => {
  const text = 'Error: <a href="x">not ours</a>\n    at Cell 3:1:1 and Cell 13:1:1';
  const linked = withLinks(report(text, [1, 1]));
  expect(linked).not.toBe(text);
  expect(withoutLinks(linked)).toBe(text);
});

test("a long message is broken for the screen, its code and its frames are not, and a file gets it whole", () => {
  const message = `Error: There is no package "lodash" in /home/ada/vae/node_modules, nor in a folder above it. If that is its name, install it beside the notebook: npm install lodash`;
  const code = `> 1 | ${"const wide = 1; ".repeat(10)}`;
  const text = `${message}\n${code}\n    at Cell 3:1:1`;
  const shown = withLinks(report(text, [1, 1]));
  const lines = shown.split("\n");
  expect(Math.max(...lines.slice(0, 2).map((line) => line.length))).toBeLessThanOrEqual(91);
  expect(lines.slice(2)).toEqual([code, expect.stringContaining("Cell 3:1:1</a>")]);
  expect(withoutLinks(shown)).toBe(text);
});
