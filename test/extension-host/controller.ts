import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import path from "node:path";
import { isDeepStrictEqual } from "node:util";
import { writeFileSync } from "node:fs";
import * as vscode from "vscode";
import {
  hasEnded,
  isAlive,
  newFolder,
  openFile,
  openNew,
  processOf,
  runAll,
  runCell,
  shown,
  shows,
  startCells,
} from "./notebooks";
import { promise, until } from "./promises";

const run = (command: string): Thenable<unknown> => vscode.commands.executeCommand(command);

promise("cells run in order and are numbered, timed and marked", async () => {
  const notebook = await openNew(["const a = 20;\na", "const b = a + 1;", "a + b + 1"]);
  await runAll(notebook);
  const cells = notebook.getCells();
  assert.deepEqual(
    cells.map(({ executionSummary }) => executionSummary?.executionOrder),
    [1, 2, 3],
  );
  assert.ok(cells.every(({ executionSummary }) => executionSummary?.success === true));
  assert.equal(shown(notebook.cellAt(2)), "42");
  assert.deepEqual(
    notebook.cellAt(2).outputs[0]?.items.map(({ mime }) => mime),
    ["text/plain"],
  );
});

promise("a cell that fails has a cross, and those behind it do not run", async () => {
  const notebook = await openNew(["1", "throw new RangeError('too far')", "3"]);
  await vscode.commands.executeCommand("notebook.execute", undefined, notebook.uri);
  await until("the failure", () => notebook.cellAt(1).executionSummary?.success === false);
  assert.match(shown(notebook.cellAt(1)), /RangeError/);
  assert.match(shown(notebook.cellAt(1)), /too far/);
  await new Promise((resolve) => setTimeout(resolve, 300));
  assert.equal(notebook.cellAt(2).executionSummary?.success, undefined);
  assert.deepEqual(notebook.cellAt(2).outputs, []);
});

promise("Run Above and Run Below run the cells they name and no others", async () => {
  const notebook = await openNew(["let ran = 'a'", "ran += 'b'", "ran += 'c'", "ran += 'd'"]);
  const at = { ranges: [{ start: 2, end: 3 }], document: notebook.uri };
  await vscode.commands.executeCommand("notebook.cell.executeCellsAbove", at);
  await shows(notebook.cellAt(1), "ab");
  assert.equal(hasEnded(notebook.cellAt(2)), false);
  await vscode.commands.executeCommand("notebook.cell.executeCellAndBelow", at);
  await shows(notebook.cellAt(3), "abcd");
});

promise("Stop ends a loop without a cross or a check mark, and the variables stay", async () => {
  const notebook = await openNew([
    "let turns = 0;\nconsole.log('turning');\nfor (;;) turns += 1;",
    "turns > 0",
  ]);
  await startCells(notebook, 0, 1);
  await shows(notebook.cellAt(0), "turning");
  await run("vaenb.stop");
  await until("the end of the loop", () => hasEnded(notebook.cellAt(0)));
  assert.equal(notebook.cellAt(0).executionSummary?.success, undefined);
  await runCell(notebook, 1);
  assert.equal(shown(notebook.cellAt(1)), "true");
});

promise("Restart clears the variables, in a new process", async () => {
  const notebook = await openNew(["const x = 1;\n`process ${process.pid}`", "typeof x"]);
  await runAll(notebook);
  const first = processOf(notebook.cellAt(0));
  await run("vaenb.restart");
  await runCell(notebook, 1);
  assert.equal(shown(notebook.cellAt(1)), "'undefined'");
  assert.equal(isAlive(first), false);
  assert.equal(notebook.cellAt(1).executionSummary?.executionOrder, 1);
});

promise("Restart and Run All runs every cell in a new process, and counts from one", async () => {
  const notebook = await openNew([
    "`process ${process.pid}`",
    "globalThis.times = (globalThis.times ?? 0) + 1",
  ]);
  await runAll(notebook);
  const first = processOf(notebook.cellAt(0));
  await run("vaenb.restartAndRunAll");
  await until(
    "another process",
    () => processOf(notebook.cellAt(0)) > 0 && processOf(notebook.cellAt(0)) !== first,
  );
  await shows(notebook.cellAt(1), "1");
  await until("its number", () => notebook.cellAt(1).executionSummary?.executionOrder === 2);
});

/** The kernels of this process. */
const kernels = (): number[] =>
  execFileSync("ps", ["-o", "pid=,args=", "--ppid", String(process.pid)], { encoding: "utf8" })
    .split("\n")
    .filter((line) => line.includes("kernel.cjs"))
    .map((line) => Number(line.trim().split(" ")[0]));

promise("two Restarts in a row leave one kernel", async () => {
  const notebook = await openNew(["`process ${process.pid}`"]);
  await runAll(notebook);
  await Promise.all([run("vaenb.restart"), run("vaenb.restart")]);
  await runCell(notebook, 0);
  // Those of notebooks that were closed just before wait a little for them to come back.
  await until("one kernel", () => isDeepStrictEqual(kernels(), [processOf(notebook.cellAt(0))]));
});

promise("Shut Down ends the process, and the next cell starts another", async () => {
  const notebook = await openNew(["`process ${process.pid}`"]);
  await runAll(notebook);
  const first = processOf(notebook.cellAt(0));
  await run("vaenb.shutDown");
  await until("its end", () => !isAlive(first));
  await runCell(notebook, 0);
  assert.notEqual(processOf(notebook.cellAt(0)), first);
});

promise("a kernel that dies says how in the cell, and ends it with a cross", async () => {
  const notebook = await openNew(["process.kill(process.pid, 'SIGKILL');\nawait new Promise(() => {})", "1"]);
  await startCells(notebook, 0, 2);
  await shows(notebook.cellAt(0), /it was killed \(SIGKILL\)/);
  await until("its cross", () => notebook.cellAt(0).executionSummary?.success === false);
  assert.equal(hasEnded(notebook.cellAt(1)), false);
});

promise("a kernel that dies while it starts says so, and the next start works", async () => {
  const settings = vscode.workspace.getConfiguration("vaenb");
  const notebook = await openNew(["'it runs'"]);
  await settings.update(
    "kernel.environment",
    { NODE_OPTIONS: "--no-such-option" },
    vscode.ConfigurationTarget.Global,
  );
  try {
    await startCells(notebook, 0, 1);
    await shows(notebook.cellAt(0), /kernel (died|could not be started)/);
  } finally {
    await settings.update("kernel.environment", undefined, vscode.ConfigurationTarget.Global);
  }
  await runCell(notebook, 0);
  assert.equal(shown(notebook.cellAt(0)), "'it runs'");
});

promise("closing a notebook ends its kernel, also while it starts", async () => {
  const idle = await openNew(["`process ${process.pid}`"]);
  await runAll(idle);
  const process_ = processOf(idle.cellAt(0));
  await run("workbench.action.revertAndCloseActiveEditor");
  await until("its end", () => !isAlive(process_), 20_000);

  const before = kernels().length;
  // A cell that ends soon is waited for, and nobody is asked.
  const starting = await openNew(["await new Promise((resolve) => setTimeout(resolve, 800))"]);
  await startCells(starting, 0, 1);
  await run("workbench.action.revertAndCloseActiveEditor");
  // It may come up before it is told to end.
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  await until("no new kernel to be left", () => kernels().length <= before, 20_000);
});

promise("two notebooks have two kernels, each with its own variables and its own Stop", async () => {
  const a = await openNew([
    "const who = 'a';\nawait new Promise((resolve) => setTimeout(resolve, 600_000))",
    "who",
  ]);
  await startCells(a, 0, 1);
  const b = await openNew([
    "const who = 'b';\nwho",
    "await new Promise((resolve) => setTimeout(resolve, 600_000))",
  ]);
  await runCell(b, 0);
  assert.equal(shown(b.cellAt(0)), "'b'");
  await startCells(b, 1, 2);
  await new Promise((resolve) => setTimeout(resolve, 500));
  await run("vaenb.stop"); // The one in front.
  await until("the end of b", () => hasEnded(b.cellAt(1)));
  assert.equal(hasEnded(a.cellAt(0)), false);
  await vscode.window.showNotebookDocument(a);
  await run("vaenb.stop");
  await until("the end of a", () => hasEnded(a.cellAt(0)));
  await runCell(a, 1);
  assert.equal(shown(a.cellAt(1)), "'a'");
});

promise("a file that is renamed keeps its kernel, and its variables", async () => {
  const notebook = await openNew(["const kept = 41;\n`process ${process.pid}`", "kept + 1"]);
  await runCell(notebook, 0);
  const process_ = processOf(notebook.cellAt(0));
  await notebook.save();
  const renamed = path.join(newFolder(), "renamed.vaenb");
  const edit = new vscode.WorkspaceEdit();
  edit.renameFile(notebook.uri, vscode.Uri.file(renamed));
  await vscode.workspace.applyEdit(edit);
  const after = await openFile(renamed);
  await until("the old name to be gone", () => notebook.isClosed);
  await runCell(after, 1);
  assert.equal(shown(after.cellAt(1)), "42");
  assert.equal(isAlive(process_), true);
});

promise("an untitled notebook runs in the open folder", async () => {
  const data = new vscode.NotebookData([
    new vscode.NotebookCellData(
      vscode.NotebookCellKind.Code,
      "const kept = 42;\nprocess.cwd()",
      "typescript",
    ),
    new vscode.NotebookCellData(vscode.NotebookCellKind.Code, "kept", "typescript"),
  ]);
  const notebook = await vscode.workspace.openNotebookDocument("vaenb", data);
  await vscode.window.showNotebookDocument(notebook);
  await runCell(notebook, 0);
  const open = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? "";
  assert.ok(shown(notebook.cellAt(0)).includes(path.basename(open)), shown(notebook.cellAt(0)));
});

promise(
  "a Jupyter file with our kernelspec opens with our controller and runs; another one is left alone",
  async () => {
    const file = path.join(newFolder(), "jupyter.ipynb");
    const cell = {
      cell_type: "code",
      execution_count: null,
      id: "a1",
      metadata: {},
      outputs: [],
      source: ["6 * 7"],
    };
    const kernelspec = { display_name: "VAE Notebook (TypeScript)", language: "typescript", name: "vaenb" };
    const metadata = { kernelspec, language_info: { name: "typescript" } };
    writeFileSync(file, JSON.stringify({ cells: [cell], metadata, nbformat: 4, nbformat_minor: 5 }));
    const notebook = await openFile(file);
    assert.equal(notebook.notebookType, "jupyter-notebook");
    await runAll(notebook);
    assert.equal(shown(notebook.cellAt(0)), "42");
  },
);

promise("raw cells and cells tagged skip-execution do not run with Restart and Run All", async () => {
  const notebook = await openNew([
    "globalThis.ran = ['first']",
    "globalThis.ran.push('skipped')",
    "globalThis.ran",
  ]);
  const edit = new vscode.WorkspaceEdit();
  const { metadata } = notebook.cellAt(1);
  edit.set(notebook.uri, [
    vscode.NotebookEdit.updateCellMetadata(1, { ...metadata, metadata: { tags: ["skip-execution"] } }),
  ]);
  await vscode.workspace.applyEdit(edit);
  await run("vaenb.restartAndRunAll");
  await shows(notebook.cellAt(2), "first");
  assert.doesNotMatch(shown(notebook.cellAt(2)), /skipped/);
  await runCell(notebook, 0);
  await run("notebook.execute");
  await until(
    "the last cell to have run again",
    () => notebook.cellAt(2).executionSummary?.executionOrder === 5,
  );
  assert.doesNotMatch(shown(notebook.cellAt(2)), /skipped/);
  await runCell(notebook, 1);
  await runCell(notebook, 2);
  assert.match(shown(notebook.cellAt(2)), /skipped/, "by itself it runs");
});

promise("commands without a notebook say what they need, and fail in no other way", async () => {
  const told = ["stop", "restart", "shutDown", "export"].map((command) => run(`vaenb.${command}`));
  await new Promise((resolve) => setTimeout(resolve, 300));
  await run("notifications.clearAll");
  // Each ends when its message is away; one that failed, or said nothing and waits, is not among them.
  await Promise.all(told);
});
