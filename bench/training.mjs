// Training steps side by side with PyTorch and the other TensorFlow.js engines, in one run: `npm run bench:training`.
// Whole steps: batch from the data, forwards, backwards, Adam, loss read. Every peer is a process of its own that trains only in
// its turn; turns alternate, so that a slow moment of the machine meets all of them. Ratios count; milliseconds are this machine's.
// `--rounds 5 --turn 1000 --threads 1,2 --models mlp,conv`; PYTHON names an interpreter that has PyTorch.
import { execFileSync, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { printBreakdown } from "./peers/breakdown.mjs";
import { everywhere, flopsPerStep, models } from "./peers/models.mjs";

const { values: options } = parseArgs({
  options: {
    rounds: { type: "string", default: "5" },
    turn: { type: "string", default: "1000" },
    threads: { type: "string", default: "1,2" },
    models: { type: "string", default: "" },
  },
});
const root = path.resolve(import.meta.dirname, "..");
const peersFolder = path.join(import.meta.dirname, "peers");
const { tfjsNodeFolder } = createRequire(import.meta.url)("../dist/engine-install.cjs");

const python = findPython();
const nativeTfjs =
  existsSync(path.join(tfjsNodeFolder(), "node_modules/@tensorflow/tfjs-node/lib")) && tfjsNodeFolder();
if (!python)
  console.log(
    "PyTorch is left out: neither python3 nor pip has it here (set PYTHON to an interpreter that does).",
  );
if (!nativeTfjs) console.log("tfjs-node is left out: not installed (vaenb engine install tfjs-node).");
const threadCounts = options.threads
  .split(",")
  .map(Number)
  .filter((count) => count <= os.availableParallelism());
const pinned = canPin();
const verdicts = [];
const gemmLimits = new Map();

for (const [name, spec] of Object.entries(models)) {
  if (options.models && !options.models.split(",").some((part) => name.includes(part))) continue;
  for (const threads of threadCounts) await compare(name, spec, threads);
  printBreakdown({ ...(await ask("profile.mjs", 1, name)), gemmLimit: await gemmLimit(1) }, spec);
}
console.log("");
for (const line of verdicts) console.log(line);

async function compare(name, spec, threads) {
  const bars = { ...spec.atLeast, ...everywhere };
  const where = `${name}, ${threads} ${threads === 1 ? "thread" : "threads"}`;
  const contestants = [];
  for (const [label, command] of Object.entries(commands(name, spec, threads))) {
    try {
      contestants.push({ label, times: [], ...(await start(command, threads)) });
    } catch (error) {
      console.log(`${label} is left out: ${error.message}`);
      if (bars[label]) verdicts.push(`no peer ${where}: ${bars[label]}x ${label}, which cannot train it`);
    }
  }
  for (let round = 0; round < Number(options.rounds); round++) {
    for (const { times, train } of contestants) times.push(await train(Number(options.turn)));
  }
  for (const { stop } of contestants) stop();
  const [ours] = contestants;
  console.log(
    `\n${name}, batch ${spec.batch}, ${threads} ${threads === 1 ? "thread" : "threads"}${pinned ? "" : " (not pinned)"}`,
  );
  const productsAlone = flopsPerStep(spec) / (await gemmLimit(threads)) / 1e6;
  for (const { label, times } of contestants) {
    const ratio = median(times.map((time, round) => time / ours.times[round]));
    const bar = bars[label];
    const isMet = bar === undefined ? undefined : ratio >= bar;
    const verdict = bar === undefined ? "" : `  asked: ${bar}x  ${isMet ? "yes" : "NO"}`;
    if (bar !== undefined)
      verdicts.push(`${isMet ? "met    " : "missed "} ${where}: ${bar}x ${label} (${ratio.toFixed(2)}x)`);
    console.log(
      `  ${label.padEnd(20)} ${median(times).toFixed(3).padStart(9)} ms/step  ${ratio.toFixed(2).padStart(7)}x our time${verdict}`,
    );
    if (isMet === false)
      console.log(
        `    at most ${(median(times) / productsAlone).toFixed(1)}x of it is possible: the products alone take ${productsAlone.toFixed(3)} ms`,
      );
  }
}

function commands(name, spec, threads) {
  const node = (script, ...args) => [process.execPath, path.join(peersFolder, script), name, ...args];
  const torch = (adam) => [
    python,
    path.join(peersFolder, "torch_vae.py"),
    JSON.stringify(spec),
    String(threads),
    adam,
  ];
  return {
    vaenb: node("vaenb.mjs"),
    ...(python && { pytorch: torch("eager"), "pytorch, fused Adam": torch("fused") }),
    ...(nativeTfjs && { "tfjs-node": node("tfjs.mjs", "tensorflow", nativeTfjs) }),
    "tfjs wasm": node("tfjs.mjs", "wasm"),
  };
}

/** Starts a peer and waits until it is warm. */
async function start(command, threads) {
  const [program, ...args] = pinned ? ["taskset", "-c", `0-${threads - 1}`, ...command] : command;
  const child = spawn(program, args, { cwd: root, stdio: ["pipe", "pipe", "pipe"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  let complaint = "";
  child.stderr.on("data", (text) => (complaint += text));
  const answer = async () => {
    for (;;) {
      const { done, value } = await lines.next();
      if (done)
        throw new Error(
          complaint.split("\n").find((line) => line.includes("Error")) ?? `it ended. ${complaint}`,
        );
      // A library may print; answers are JSON.
      if (/^("ready"|[\d.]+|\{.*\})$/.test(value)) return JSON.parse(value);
    }
  };
  const first = await answer();
  return {
    first,
    stop: () => child.kill(),
    train(milliseconds) {
      child.stdin.write(`${milliseconds}\n`);
      return answer();
    },
  };
}

/** What a script measures by itself. */
async function ask(script, threads, ...args) {
  const { first, stop } = await start([process.execPath, path.join(peersFolder, script), ...args], threads);
  stop();
  return first;
}

/** What one large product of matrices reaches, in GFLOPS: no step can be quicker than its own products at that speed. */
async function gemmLimit(threads) {
  if (!gemmLimits.has(threads))
    gemmLimits.set(threads, (await ask("gemm.mjs", threads, String(threads))).gemmLimit);
  return gemmLimits.get(threads);
}

/** An interpreter with PyTorch: $PYTHON, python3, or a virtual environment that pip fills the first time. */
function findPython() {
  const own = path.join(root, ".cache", "bench-training", "venv");
  const inOwn = path.join(own, process.platform === "win32" ? "Scripts/python.exe" : "bin/python");
  const hasTorch = (program) => {
    try {
      execFileSync(program, ["-c", "import torch"], { stdio: "ignore" });
      return true;
    } catch {
      return false;
    }
  };
  const found = [process.env.PYTHON, "python3", inOwn].find((program) => program && hasTorch(program));
  if (found) return found;
  try {
    console.log("Fetching PyTorch with pip, once ...");
    execFileSync("python3", ["-m", "venv", own], { stdio: "ignore" });
    execFileSync(inOwn, ["-m", "pip", "install", "--quiet", "torch", "numpy"], { stdio: "ignore" });
    return inOwn;
  } catch {
    return undefined;
  }
}

/** One thread means one core for every peer, whatever threads a runtime has beside its workers. */
function canPin() {
  try {
    execFileSync("taskset", ["-c", "0", "true"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}
