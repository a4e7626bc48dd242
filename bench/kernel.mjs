// How quick a kernel is, beside its peers, in one run: `npm run bench:kernel`. Ratios count; milliseconds are this machine's.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import { build } from "esbuild";
import { startJupyterKernel } from "./kernels/jupyter.mjs";

const ROUNDS = Number(process.env.ROUNDS ?? 5);
const WARM = 100;
const root = path.resolve(import.meta.dirname, "..");
const cache = path.join(root, ".cache", "bench-kernel");
const TYPED = `type Point = { x: number; y: number };
const points: Point[] = [{ x: 1, y: 2 }, { x: 3, y: 4 }];
const norm = ({ x, y }: Point): number => Math.hypot(x, y);
points.map(norm).reduce((a: number, b: number) => a + b, 0)`;

const contestants = { vaenb: await startOurs(), ...(await peers()) };
const results = Object.fromEntries(Object.keys(contestants).map((name) => [name, []]));
for (let round = 0; round < ROUNDS; round++)
  for (const [name, start] of Object.entries(contestants)) results[name].push(await measure(start));
report();
process.exit(0);

/** Our own kernel through the same client that the editor uses. */
async function startOurs() {
  await build({
    entryPoints: [path.join(root, "src/client/kernel.ts")],
    bundle: true,
    platform: "node",
    outfile: path.join(cache, "client.cjs"),
    logLevel: "error",
  });
  const { KernelProcess } = createRequire(import.meta.url)(path.join(cache, "client.cjs"));
  return async () => {
    const started = performance.now();
    const kernel = new KernelProcess(
      { entry: path.join(root, "dist/kernel.cjs"), folder: os.tmpdir() },
      { onEvent() {}, onDeath() {} },
    );
    await kernel.ready;
    const ready = performance.now() - started;
    let count = 0;
    return {
      pid: kernel.pid,
      ready,
      run: (code) => kernel.request("execute", { cell: `cell-${++count}`, code }),
      close: () => kernel.shutdown(),
    };
  };
}

/** tslab and Deno, installed from npm into the cache the first time; left out, with the reason, where that fails. */
async function peers() {
  try {
    if (!existsSync(path.join(cache, "node_modules", "deno"))) {
      mkdirSync(cache, { recursive: true });
      writeFileSync(path.join(cache, "package.json"), '{ "private": true }');
      execFileSync("npm", ["install", "--ignore-scripts", "tslab@1.0.22", "deno@2.9.6", "zeromq@6"], {
        cwd: cache,
        stdio: "pipe",
      });
    }
    const require = createRequire(path.join(cache, "package.json"));
    const zmq = require("zeromq");
    const bin = (name) => path.join(cache, "node_modules", ".bin", name);
    const found = {
      tslab: () =>
        startJupyterKernel(zmq, (file) => [process.execPath, bin("tslab"), "kernel", "--config-path", file]),
      deno: () => startJupyterKernel(zmq, (file) => [bin("deno"), "jupyter", "--kernel", "--conn", file]),
    };
    for (const [name, start] of Object.entries(found))
      await attempt(name, start).catch((error) => {
        console.log(`${name} is left out: ${error.message}`);
        delete found[name];
      });
    return found;
  } catch (error) {
    console.log(`Peers are left out: ${String(error.message).split("\n")[0]}`);
    return {};
  }
}

async function attempt(name, start) {
  let timer;
  const late = new Promise(
    (_, reject) => (timer = setTimeout(() => reject(new Error("it did not answer in 60 s")), 60_000)),
  );
  const kernel = await Promise.race([start(), late]);
  await Promise.race([kernel.run("1+1"), late]);
  clearTimeout(timer);
  await kernel.close();
}

async function measure(start) {
  const kernel = await start();
  const time = async (code) => {
    const started = performance.now();
    await kernel.run(code);
    return performance.now() - started;
  };
  const first = await time("1+1");
  const idle = memory(kernel.pid);
  const warm = [];
  for (let i = 0; i < WARM; i++) warm.push(await time("1+1"));
  await time(TYPED);
  const typed = [];
  for (let i = 0; i < 20; i++) typed.push(await time(TYPED));
  const loaded = memory(kernel.pid);
  await kernel.close();
  return { ready: kernel.ready, first, warm: median(warm), typed: median(typed), idle, loaded };
}

/** Resident megabytes of a process and all below it, where /proc tells. */
function memory(pid) {
  if (!existsSync(`/proc/${pid}/status`)) return NaN;
  const kilobytes = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0);
  const children = readdirSync(`/proc/${pid}/task`).flatMap((task) =>
    readFileSync(`/proc/${pid}/task/${task}/children`, "utf8").trim().split(" ").filter(Boolean),
  );
  return kilobytes / 1024 + children.reduce((sum, child) => sum + memory(child), 0);
}

function median(values) {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

function report() {
  const figures = [
    ["spawn to ready, ms", "ready"],
    ["first cell (1+1), ms", "first"],
    ["warm 1+1, ms", "warm"],
    ["warm 4-line typed cell, ms", "typed"],
    ["idle memory, MB", "idle"],
    ["memory after typed cells, MB", "loaded"],
  ];
  const names = Object.keys(results);
  const of = (name, key) => median(results[name].map((one) => one[key]));
  console.log(
    `\nMedians of ${ROUNDS} rounds, kernels in turn; Node ${process.version}, ${os.cpus().length} cores\n`,
  );
  console.log(
    [
      "".padEnd(30),
      ...names.map((name) => name.padStart(10)),
      ...names.slice(1).map((name) => `${name}/ours`.padStart(12)),
    ].join(""),
  );
  for (const [title, key] of figures) {
    const values = names.map((name) => of(name, key));
    const ratios = values.slice(1).map((value) => `${(value / values[0]).toFixed(1)}x`.padStart(12));
    console.log(
      [title.padEnd(30), ...values.map((value) => value.toFixed(2).padStart(10)), ...ratios].join(""),
    );
  }
  const bars = [
    ["ready under 300 ms", of("vaenb", "ready") < 300],
    ["warm 1+1 under 2 ms", of("vaenb", "warm") < 2],
    ["idle memory under 120 MB", of("vaenb", "idle") < 120],
    ...(results.tslab ? [["ready 3x before tslab", of("tslab", "ready") > 3 * of("vaenb", "ready")]] : []),
    ...(results.deno ? [["warm 1+1 not slower than Deno", of("vaenb", "warm") <= of("deno", "warm")]] : []),
  ];
  console.log("");
  for (const [title, isMet] of bars) console.log(`${isMet ? "met   " : "missed"}  ${title}`);
}
