import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import * as vscode from "vscode";
import { newNotebookMetadata, printNotebook } from "../../src/notebook";
import { newCellId } from "../../src/extension/file/editorNotebook";
import { until } from "./promises";

/** A folder of its own for each test; people's paths have spaces and letters beyond ASCII. */
export function newFolder(): string {
  const folder = path.join(mkdtempSync(path.join(os.tmpdir(), "vaenb-host-")), "Übung 2 (VAE)");
  mkdirSync(folder);
  return folder;
}

export function writeNotebook(file: string, sources: readonly string[]): void {
  const cells = sources.map((source) => ({
    type: "code" as const,
    id: newCellId(),
    source,
    metadata: {},
    executionCount: null,
    outputs: [],
  }));
  writeFileSync(file, printNotebook({ metadata: newNotebookMetadata, cells }));
}

/** Opens a notebook with these cells as a person does, with its controller chosen. */
export async function openNew(
  sources: readonly string[],
  name = "notebook.vaenb",
): Promise<vscode.NotebookDocument> {
  const file = path.join(newFolder(), name);
  writeNotebook(file, sources);
  return openFile(file);
}

export async function openFile(file: string): Promise<vscode.NotebookDocument> {
  // Not `openNotebookDocument`, which keeps a document open for a minute after its editor was closed.
  const uri = vscode.Uri.file(file);
  const type = file.endsWith(".ipynb") ? "jupyter-notebook" : "vaenb";
  await vscode.commands.executeCommand("vscode.openWith", uri, type);
  return until(`${file} in front`, () => {
    const notebook = vscode.window.activeNotebookEditor?.notebook;
    return notebook?.uri.toString() === uri.toString() ? notebook : undefined;
  });
}

/** Runs cells as the toolbar does; resolves when they have ended. */
export async function runAll(notebook: vscode.NotebookDocument): Promise<void> {
  const before = notebook.getCells().map(marks);
  await vscode.commands.executeCommand("notebook.execute", undefined, notebook.uri);
  await until("all cells to end", () =>
    notebook.getCells().every((cell, i) => marks(cell) !== before[i] && hasEnded(cell)),
  );
}

export async function runCell(notebook: vscode.NotebookDocument, index: number): Promise<void> {
  const cell = notebook.cellAt(index);
  const before = marks(cell);
  await startCells(notebook, index, index + 1);
  await until(`cell ${index + 1} to end`, () => marks(cell) !== before && hasEnded(cell));
}

export async function startCells(
  notebook: vscode.NotebookDocument,
  start: number,
  end: number,
): Promise<void> {
  await vscode.commands.executeCommand("notebook.cell.execute", {
    ranges: [{ start, end }],
    document: notebook.uri,
  });
}

const marks = ({ executionSummary }: vscode.NotebookCell): string => JSON.stringify(executionSummary ?? {});
export const hasEnded = ({ executionSummary }: vscode.NotebookCell): boolean =>
  executionSummary?.timing?.endTime !== undefined && executionSummary.timing.endTime > 0;

const decoder = new TextDecoder();

/** What a cell shows, as text. */
export const shown = (cell: vscode.NotebookCell): string =>
  cell.outputs
    .map(({ items }) => {
      const plain = items.find(({ mime }) => mime === "text/plain") ?? items[0];
      return plain ? decoder.decode(plain.data) : "";
    })
    .join("\n");

export const shows = (
  cell: vscode.NotebookCell,
  text: string | RegExp,
  patience?: number,
): Promise<boolean> =>
  until(
    `cell ${cell.index + 1} to show ${String(text)}`,
    () => (typeof text === "string" ? shown(cell).includes(text) : text.test(shown(cell))),
    patience,
  ).catch((error: unknown) => {
    throw new Error(`${error instanceof Error ? error.message : String(error)}; it shows: ${shown(cell)}`);
  });

/** The process that a cell printed as `process 123`. */
export const processOf = (cell: vscode.NotebookCell): number =>
  Number(/process (\d+)/.exec(shown(cell))?.[1]);

export function isAlive(process_: number): boolean {
  try {
    process.kill(process_, 0);
    return true;
  } catch {
    return false;
  }
}
