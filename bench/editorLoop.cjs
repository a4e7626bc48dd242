// Runs inside the extension host: how long its loop is blocked at most while a training is drawn ten times a second.
const { writeFileSync } = require("node:fs");
const { monitorEventLoopDelay } = require("node:perf_hooks");
const vscode = require("vscode");

const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

exports.run = async () => {
  const { VAENB_BENCH_NOTEBOOK: file, VAENB_BENCH_RESULTS: results } = process.env;
  const uri = vscode.Uri.file(file);
  await vscode.commands.executeCommand("vscode.openWith", uri, "vaenb");
  while (vscode.window.activeNotebookEditor?.notebook.uri.toString() !== uri.toString()) await pause(50);
  const { notebook } = vscode.window.activeNotebookEditor;
  let updates = 0;
  const counting = vscode.workspace.onDidChangeNotebookDocument((change) => {
    updates += change.cellChanges.filter(({ outputs }) => outputs !== undefined).length;
  });
  await vscode.commands.executeCommand("notebook.execute", undefined, uri);
  const chart = notebook.cellAt(1);
  for (let i = 0; i < 1_200 && chart.outputs.length === 0; i++) await pause(50);
  await pause(1_000);
  updates = 0;
  const loop = monitorEventLoopDelay({ resolution: 2 });
  loop.enable();
  const start = performance.now();
  await pause(8_000);
  loop.disable();
  const seconds = (performance.now() - start) / 1_000;
  counting.dispose();
  // The monitor counts its own wait of 2 ms in.
  writeFileSync(
    results,
    JSON.stringify({
      perSecond: updates / seconds,
      max: loop.max / 1e6 - 2,
      p99: loop.percentile(99) / 1e6 - 2,
    }),
  );
};
