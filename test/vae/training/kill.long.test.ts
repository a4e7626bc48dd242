import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build, type Plugin } from "esbuild";
import { beforeAll, expect, test } from "vitest";
import { stream } from "../../../src/vae/random";

const bundle = join(import.meta.dirname, "../../../.cache/test/trainee.cjs");
const kills = 20;

beforeAll(async () => {
  const plugin = join(import.meta.dirname, "../../../src/vae/wasm/plugin.mjs");
  const { esbuildAssembly } = (await import(plugin)) as { esbuildAssembly: Plugin };
  await build({
    entryPoints: [join(import.meta.dirname, "trainee.ts")],
    outfile: bundle,
    bundle: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    plugins: [esbuildAssembly],
    external: ["onnxruntime-node", "@tensorflow/*"],
  });
});

/** Runs the trainee, which kills itself with SIGKILL when it has printed `killAt` points. */
function trainee(mode: "fit" | "resume", folder: string, killAt = Infinity) {
  return new Promise<{ readonly output: string; readonly signal: string | null }>((resolve, reject) => {
    const child = spawn(process.execPath, [bundle, mode, folder, String(killAt)], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    let output = "";
    child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
    child.on("error", reject);
    child.on("close", (_code, signal) => resolve({ output, signal }));
  });
}
function weightsIn(output: string): string {
  const hash = /weights ([0-9a-f]{64})/.exec(output)?.[1];
  if (hash === undefined) throw new Error(`Training did not end: ${output.slice(-200)}`);
  return hash;
}

test(`killed ${kills} times at random steps and resumed, training ends with the unbroken run's weights`, async () => {
  const folder = await mkdtemp(join(tmpdir(), "vaenb-kill-"));
  const unbroken = weightsIn((await trainee("fit", join(folder, "unbroken"))).output);
  const random = stream(Date.now() % 2 ** 32, "kill");
  for (let round = 0; round < kills; round++) {
    const here = join(folder, String(round));
    const points = 10 + Math.floor(random.next() * 375);
    const killed = await trainee("fit", here, points);
    expect(killed.signal).toBe("SIGKILL");
    const resumed = await trainee("resume", here);
    expect(weightsIn(resumed.output), `killed after ${points} points`).toBe(unbroken);
    // Resumed, not trained anew: the first step that it took was not the first.
    expect(Number(/step (\d+)/.exec(resumed.output)?.[1])).toBeGreaterThan(7);
  }
  await rm(folder, { recursive: true });
});

test("a resumed run can be killed and resumed again", async () => {
  const folder = await mkdtemp(join(tmpdir(), "vaenb-kill-"));
  const unbroken = weightsIn((await trainee("fit", join(folder, "unbroken"))).output);
  const here = join(folder, "killed");
  await trainee("fit", here, 60);
  await trainee("resume", here, 60);
  await trainee("resume", here, 60);
  expect(weightsIn((await trainee("resume", here)).output)).toBe(unbroken);
  await rm(folder, { recursive: true });
});
