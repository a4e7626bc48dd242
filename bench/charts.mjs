// What a redraw of the training chart costs: `npm run bench:charts`. A browser that draws without a graphics card gets new
// data ten times a second; counted is the processor's time: of the thread that the page shares with its scripts, and of
// the whole browser, which also turns lines into pixels. Where this thread is VS Code's own too, it is what the editor waits.
import { existsSync, mkdtempSync, readFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { build } from "esbuild";
import { chromium } from "playwright-core";
import { rendererBundle } from "../src/renderer/bundle.mjs";

const outdir = mkdtempSync(path.join(os.tmpdir(), "vaenb-charts-"));
await build({ ...rendererBundle, outdir });

const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
if (!existsSync(executablePath)) {
  console.error(`Nothing was measured: ${executablePath} is not there. Install Chromium, or set CHROMIUM.`);
  process.exit(1);
}
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
const cases = [
  { points: 500, runs: 1, bar: 8 },
  { points: 500, runs: 3, bar: 16 },
  { points: 20_000, runs: 1, bar: 16 },
];

async function measure({ points, runs }) {
  const page = await browser.newPage({ viewport: { width: 1000, height: 800 } });
  await page.route("**/*", (route) => {
    const { pathname } = new URL(route.request().url());
    return pathname === "/"
      ? route.fulfill({ contentType: "text/html", body: shell })
      : route.fulfill({ contentType: "text/javascript", body: readFileSync(path.join(outdir, pathname)) });
  });
  await page.goto("https://charts.test/");
  await page.waitForFunction("window.draw !== undefined");
  const cdp = await page.context().newCDPSession(page);
  const whole = await browser.newBrowserCDPSession();
  await cdp.send("Performance.enable", { timeDomain: "threadTicks" });
  const threadTime = async () => {
    const { metrics } = await cdp.send("Performance.getMetrics");
    return metrics.find(({ name }) => name === "TaskDuration").value * 1_000;
  };
  const browserTime = async () => {
    const { processInfo } = await whole.send("SystemInfo.getProcessInfo");
    return processInfo.reduce((sum, { cpuTime }) => sum + cpuTime, 0) * 1_000;
  };
  const updates = 40;
  const spent = async (isDrawing) => {
    const before = [await threadTime(), await browserTime()];
    await page.evaluate(({ isDrawing, updates }) => window.draw(isDrawing, updates), { isDrawing, updates });
    const after = [await threadTime(), await browserTime()];
    return after.map((time, i) => (time - before[i]) / updates);
  };
  await page.evaluate(({ points, runs }) => window.prepare(points, runs), { points, runs });
  await spent(true);
  const [idle, drawing] = [await spent(false), await spent(true)];
  await page.close();
  return { thread: drawing[0] - idle[0], all: drawing[1] - idle[1] };
}

/* global window -- what runs in the page */
const shell = `<!doctype html><html lang="en"><body style="background: #1f1f1f; color: #ccc; margin: 0"><main id="output"></main>
<script type="module">
import { activate } from "./renderer.js";
const renderer = activate({});
const base64 = (array) => {
  const bytes = new Uint8Array(array.buffer);
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
};
const column = (dtype, values) => ({ dtype, bdata: base64(values) });
const curves = (first, last, every) => {
  const steps = [];
  for (let step = first; step <= last; step += every) steps.push(step);
  const noise = (step) => 20 * Math.abs(Math.sin(step * 12.9898) * 43758.5453 % 1);
  const of = (base, fall) => column("f4", Float32Array.from(steps, (step) => base + fall / Math.sqrt(step) + noise(step)));
  return {
    step: column("i4", Int32Array.from(steps)), epoch: column("f4", Float32Array.from(steps, (step) => step / 100)),
    loss: of(150, 300), reconstruction: of(130, 300), kl: of(20, -10),
  };
};
let states;
window.prepare = (points, runs) => {
  states = Array.from({ length: 40 }, (_, i) => {
    const last = points - 40 + i;
    return {
      title: "Training", unit: "nats per example",
      runs: Array.from({ length: runs }, (_, r) => ({
        name: "run " + r, data: "digits", engine: "compiled", status: "running",
        colours: { training: "#3f90da", validation: "#ffa90e" },
        train: curves(1 + r, last, 1), validation: curves(20, last, Math.ceil(points / 25)),
        progress: { step: last, steps: 2 * points, epoch: last / 100, epochs: points / 50, batchSize: 128, examplesPerSecond: 1000 + i, seconds: i, secondsLeft: 100 - i },
        klPerDimension: column("f4", Float32Array.of(1, 2)), warnings: [],
      })),
    };
  });
};
const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
window.draw = async (isDrawing, updates) => {
  for (let i = 0; i < updates; i++) {
    const item = { id: "output", mime: "application/vnd.vaenb.training+json", metadata: {}, json: () => states[i % states.length] };
    if (isDrawing) await renderer.renderOutputItem(item, document.getElementById("output"));
    await pause(100);
  }
};
</script></body></html>`;

for (const one of cases) {
  const { thread, all } = await measure(one);
  const met = thread < one.bar ? "met   " : "missed";
  console.log(
    `${met} ${one.points} points of ${one.runs === 1 ? "a run" : `${one.runs} runs`}: ${thread.toFixed(1)} ms of the page's thread for a redraw, ${all.toFixed(1)} ms of the browser; bar ${one.bar} ms`,
  );
}
await browser.close();
