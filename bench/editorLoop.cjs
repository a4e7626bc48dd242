// Runs inside the extension host: how long its loop is blocked while a training starts, and while it is drawn.
const { writeFileSync } = require("node:fs");
const { clearInterval, setInterval } = require("node:timers");
const vscode = require("vscode");

const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Milliseconds of work of this thread alone, where Node can tell. */
const ownWork = () => {
  const { user, system } = process.threadCpuUsage?.() ?? process.cpuUsage();
  return (user + system) / 1_000;
};

/** Ticks every 2 ms, and notes how late each tick was and how much this thread worked since the last one. */
function watchLoop() {
  let [lastAt, lastWork] = [performance.now(), ownWork()];
  const ticks = [];
  const timer = setInterval(() => {
    const [at, work] = [performance.now(), ownWork()];
    ticks.push({ late: at - lastAt - 2, work: work - lastWork });
    [lastAt, lastWork] = [at, work];
  }, 2);
  return () => {
    clearInterval(timer);
    const late = ticks.map((tick) => tick.late).sort((a, b) => a - b);
    return {
      max: late.at(-1),
      p99: late[Math.floor(0.99 * (late.length - 1))],
      work: Math.max(...ticks.map((tick) => tick.work)),
    };
  };
}

exports.run = async () => {
  const { VAENB_BENCH_NOTEBOOK: file, VAENB_BENCH_RESULTS: results } = process.env;
  const uri = vscode.Uri.file(file);
  await vscode.commands.executeCommand("vscode.openWith", uri, "vaenb");
  while (vscode.window.activeNotebookEditor?.notebook.uri.toString() !== uri.toString()) await pause(50);
  const { notebook } = vscode.window.activeNotebookEditor;
  const started = watchLoop();
  await vscode.commands.executeCommand("notebook.execute", undefined, uri);
  const chart = notebook.cellAt(1);
  for (let i = 0; i < 1_200 && chart.outputs.length === 0; i++) await pause(50);
  await pause(2_000);
  const starting = started();
  const from = Date.now();
  const drawn = watchLoop();
  await pause(8_000);
  writeFileSync(results, JSON.stringify({ starting, drawing: drawn(), from, to: Date.now() }));
};
