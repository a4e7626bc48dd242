import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import * as vscode from "vscode";
import { newFolder, openFile, openNew, runAll, shown } from "./notebooks";
import { promise, until } from "./promises";

const fixture = path.resolve(
  process.env.VAENB_REPOSITORY ?? "",
  "test/notebook/fixtures/written-by-nbformat.ipynb",
);

promise("a notebook that Jupyter wrote is saved as Jupyter wrote it, byte for byte", async () => {
  const text = readFileSync(fixture, "utf8");
  const file = path.join(newFolder(), "copy.vaenb");
  writeFileSync(file, text);
  const notebook = await openFile(file);
  await change(notebook);
  assert.ok(await notebook.save());
  assert.equal(readFileSync(file, "utf8"), text);
});

promise("outputs are in the file after saving, and in the notebook after it is opened again", async () => {
  const notebook = await openNew([
    "console.log('printed');\n({ answer: 42 })",
    "throw new Error('on purpose')",
  ]);
  await vscode.commands.executeCommand("notebook.execute", undefined, notebook.uri);
  await until("the failure", () => notebook.cellAt(1).executionSummary?.success === false);
  assert.ok(await notebook.save());
  const { cells } = JSON.parse(readFileSync(notebook.uri.fsPath, "utf8")) as {
    cells: { outputs: { output_type: string }[] }[];
  };
  assert.deepEqual(
    cells.map(({ outputs }) => outputs.map(({ output_type }) => output_type)),
    [["stream", "execute_result"], ["error"]],
  );
  await vscode.commands.executeCommand("workbench.action.closeActiveEditor");
  await until("it to close", () => notebook.isClosed);
  const again = await openFile(notebook.uri.fsPath);
  assert.match(shown(again.cellAt(0)), /printed[^]*answer: 42/);
  assert.match(shown(again.cellAt(1)), /on purpose/);
});

promise("a new cell gets an id of its own, and so does a copy", async () => {
  const notebook = await openNew(["1"]);
  const edit = new vscode.WorkspaceEdit();
  const copy = new vscode.NotebookCellData(vscode.NotebookCellKind.Code, "1", "typescript");
  copy.metadata = { ...notebook.cellAt(0).metadata };
  const fresh = new vscode.NotebookCellData(vscode.NotebookCellKind.Code, "2", "typescript");
  edit.set(notebook.uri, [vscode.NotebookEdit.insertCells(1, [copy, fresh])]);
  await vscode.workspace.applyEdit(edit);
  const ids = (): unknown[] => notebook.getCells().map((cell) => (cell.metadata as { id?: unknown }).id);
  await until("three ids", () => new Set(ids()).size === 3 && ids().every((id) => typeof id === "string"));
});

promise("a file that is no notebook does not open, and keeps its bytes", async () => {
  const file = path.join(newFolder(), "broken.vaenb");
  writeFileSync(file, '{"cells": [}');
  await assert.rejects(
    async () => vscode.workspace.openNotebookDocument(vscode.Uri.file(file)),
    /line 1, column/,
  );
  assert.equal(readFileSync(file, "utf8"), '{"cells": [}');
  await vscode.commands.executeCommand("notifications.clearAll");
});

promise("an empty file opens as a notebook without cells", async () => {
  const file = path.join(newFolder(), "empty.vaenb");
  writeFileSync(file, "");
  const notebook = await openFile(file);
  assert.equal(notebook.cellCount, 0);
});

promise("saving while a cell prints loses nothing of what follows", async () => {
  const notebook = await openNew([
    "for (let i = 1; i <= 30; i++) { console.log(i); await new Promise((resolve) => setTimeout(resolve, 30)); }",
  ]);
  const running = runAll(notebook);
  await until("a few lines", () => shown(notebook.cellAt(0)).includes("5"));
  await notebook.save();
  await running;
  assert.deepEqual(
    shown(notebook.cellAt(0)).trim().split("\n").map(Number),
    Array.from({ length: 30 }, (_, i) => i + 1),
  );
});

/** A cell comes and goes: the notebook is dirty, and the same as before. */
async function change(notebook: vscode.NotebookDocument): Promise<void> {
  const insert = new vscode.WorkspaceEdit();
  const cell = new vscode.NotebookCellData(vscode.NotebookCellKind.Code, "", "typescript");
  insert.set(notebook.uri, [vscode.NotebookEdit.insertCells(0, [cell])]);
  await vscode.workspace.applyEdit(insert);
  const remove = new vscode.WorkspaceEdit();
  remove.set(notebook.uri, [vscode.NotebookEdit.deleteCells(new vscode.NotebookRange(0, 1))]);
  await vscode.workspace.applyEdit(remove);
}
