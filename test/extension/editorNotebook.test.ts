import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  type EditorNotebook,
  fromEditor,
  newCellId,
  toEditor,
} from "../../src/extension/file/editorNotebook";
import { isCellId, parseNotebook, printNotebook } from "../../src/notebook";
import { anyNotebook } from "../notebook/anyNotebook";

/** As the editor takes an output item: a name that is no MIME type it refuses, others it writes in small letters. */
function editorMime(mime: string): string {
  if (!/^.+\/.+$/.test(mime)) throw new Error(`INVALID mime type: ${mime}`);
  return mime.toLowerCase();
}

/** As the editor does between its processes: metadata as JSON, bytes as bytes. */
const throughTheEditor = ({ metadata, cells }: EditorNotebook): EditorNotebook => ({
  metadata: JSON.parse(JSON.stringify(metadata)) as EditorNotebook["metadata"],
  cells: cells.map((cell) => ({
    ...cell,
    metadata: JSON.parse(JSON.stringify(cell.metadata)) as EditorNotebook["metadata"],
    outputs: cell.outputs.map((output) => ({
      items: output.items.map(({ mime, data }) => ({
        mime: editorMime(mime),
        data: Uint8Array.from(data),
      })),
      metadata: JSON.parse(JSON.stringify(output.metadata ?? {})) as EditorNotebook["metadata"],
    })),
  })),
});

test("saving what was opened changes no byte", () => {
  fc.assert(
    fc.property(anyNotebook, (notebook) => {
      const file = printNotebook(notebook);
      const editor = throughTheEditor(toEditor(parseNotebook(file)));
      expect(printNotebook(fromEditor(editor))).toBe(file);
    }),
    { numRuns: 300 },
  );
});

test("a notebook that Jupyter wrote is saved as Jupyter wrote it", () => {
  const file = readFileSync(
    new URL("../notebook/fixtures/written-by-nbformat.ipynb", import.meta.url),
    "utf8",
  );
  expect(printNotebook(fromEditor(throughTheEditor(toEditor(parseNotebook(file)))))).toBe(file);
});

test("line ends that the editor joined are the file's again, unless the cell was edited", () => {
  const source = "a\r\nb\nc";
  const notebook = toEditor({
    metadata: {},
    cells: [{ type: "code", id: newCellId(), source, metadata: {}, executionCount: null, outputs: [] }],
  });
  const withText = (text: string) => ({
    ...notebook,
    cells: notebook.cells.map((cell) => ({ ...cell, text })),
  });
  expect(fromEditor(withText("a\nb\nc")).cells[0]?.source).toBe(source);
  expect(fromEditor(withText("a\nb\nd")).cells[0]?.source).toBe("a\nb\nd");
});

test("the name of a live display is not saved: after a reload nobody answers to it", () => {
  const output = {
    items: [{ mime: "text/plain", data: new TextEncoder().encode("1") }],
    metadata: { type: "display_data", metadata: {}, vaenb: { display: "d1" } },
  };
  const cell = { kind: "code", language: "typescript", text: "1", metadata: {}, outputs: [output] } as const;
  expect(printNotebook(fromEditor({ metadata: {}, cells: [cell] }))).not.toContain("d1");
});

test("new cells get ids that nbformat knows", () => {
  const ids = Array.from({ length: 100 }, newCellId);
  expect(ids.every(isCellId)).toBe(true);
  expect(new Set(ids).size).toBe(100);
});

test("an output under a name that the editor does not take opens, and is in the file as it was", () => {
  const data = { html: "<b>1</b>", "Text/Plain": "one\ntwo", "text/plain": "1" };
  const file = printNotebook({
    metadata: {},
    cells: [
      {
        type: "code",
        id: newCellId(),
        source: "1",
        metadata: {},
        executionCount: 1,
        outputs: [
          { type: "display_data", data, metadata: {} },
          { type: "display_data", data: { html: "<b>2</b>" }, metadata: {} },
        ],
      },
    ],
  });
  const editor = throughTheEditor(toEditor(parseNotebook(file)));
  expect(editor.cells[0]?.outputs[0]?.items.map(({ mime }) => mime)).toEqual(["text/plain"]);
  expect(printNotebook(fromEditor(editor))).toBe(file);
});
