import { expect, test } from "vitest";
import type { EditorCell, EditorNotebook } from "../../src/extension/file/editorNotebook";
import { fromEditor, toEditor } from "../../src/extension/file/editorNotebook";
import { LiveDisplays } from "../../src/extension/file/liveDisplays";
import { parseNotebook, printNotebook } from "../../src/notebook";

const image = { mime: "image/png", data: Uint8Array.of(1, 2, 3) };
const cellWith = (displays: readonly (string | undefined)[], executionCount = 1): EditorCell => ({
  kind: "code",
  language: "typescript",
  text: "plot",
  metadata: { id: "a-cell", metadata: {} },
  executionCount,
  outputs: displays.map((display) => ({
    items: [image],
    metadata: { type: "display_data", metadata: {}, ...(display && { vaenb: { display } }) },
  })),
});
/** Through a file, as when a notebook is saved under another name. */
const reread = (cells: readonly EditorCell[]): readonly EditorCell[] => {
  const notebook: EditorNotebook = { metadata: { metadata: {} }, cells };
  return toEditor(parseNotebook(printNotebook(fromEditor(notebook)))).cells;
};
const displays = (cells: readonly EditorCell[]): unknown[] =>
  cells.flatMap(({ outputs }) => outputs.map(({ metadata }) => metadata?.vaenb));

test("a notebook that is saved under another name keeps the figures that its kernel answers for", () => {
  const live = new LiveDisplays();
  const cells = [cellWith([undefined, "display-7-1"])];
  live.note(cells);
  expect(displays(reread(cells))).toEqual([undefined, undefined]);
  expect(displays(live.restore(reread(cells)))).toEqual([undefined, { display: "display-7-1" }]);
});

test.each([
  ["another run of the cell", [cellWith(["display-7-1"], 2)]],
  ["other outputs", [cellWith(["display-7-1", undefined])]],
  ["another cell", [{ ...cellWith(["display-7-1"]), metadata: { id: "another", metadata: {} } }]],
])("%s answers to none of them", (_, cells) => {
  const live = new LiveDisplays();
  live.note([cellWith(["display-7-1"])]);
  const read = live.restore(reread(cells));
  expect(displays(read).every((display) => display === undefined)).toBe(true);
});

test("outputs that were cleared and saved are forgotten", () => {
  const live = new LiveDisplays();
  live.note([cellWith(["display-7-1"])]);
  live.note([cellWith([])]);
  expect(displays(live.restore(reread([cellWith([undefined])])))).toEqual([undefined]);
});
