import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { parseNotebook, printNotebook } from "../../src/notebook";
import { childrenOf, exists, newFolder, start, type Started } from "./program";
import { notebookOf } from "./scriptedKernel";

const KERNELS = 10;
const KILLS = 20;

/** The same kills each time that the test runs, at moments from before the kernel is ready to near the run's end. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Milliseconds from the kernel's start: before it is ready, while it runs the first cells, or in the last. */
const LATEST_KILL = 3_000;
const notebook = notebookOf(
  'console.log("one");',
  "for (let i = 0; i < 200; i++) { console.log(i); await new Promise((resolve) => setTimeout(resolve, 5)); }",
  "let n = 0; const until = Date.now() + 500; while (Date.now() < until) n++;",
  "await new Promise(() => setInterval(() => {}, 1e6));",
);

async function kernelOf(program: Started): Promise<number> {
  for (;;) {
    const [kernel] = childrenOf(program.process.pid ?? 0);
    if (kernel !== undefined) return kernel;
    if (program.process.exitCode !== null)
      throw new Error(`The program ended without a kernel: ${(await program.ended).stderr}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

it("leaves no zombie, no temporary file and no half-written notebook, when ten kernels are killed at random moments", async () => {
  const folder = newFolder();
  const temporary = newFolder();
  const killed: number[] = [];

  async function killAgainAndAgain(index: number): Promise<void> {
    const next = random(index + 1);
    const file = join(folder, `${index}.vaenb`);
    writeFileSync(file, printNotebook(notebook));
    // At each moment the file is a whole notebook: the old one, or that of this run.
    const watching = setInterval(() => parseNotebook(readFileSync(file)), 100);
    for (let round = 0; round < KILLS; round += 1) {
      const program = start(["run", file, "--in-place"], { cwd: folder, env: { TMPDIR: temporary } });
      const kernel = await kernelOf(program);
      await new Promise((resolve) => setTimeout(resolve, next() * LATEST_KILL));
      process.kill(kernel, "SIGKILL");
      killed.push(kernel);
      const { code, stderr } = await program.ended;
      expect([code, stderr]).toEqual([1, expect.stringContaining("SIGKILL")]);
      const { cells } = parseNotebook(readFileSync(file));
      expect(cells.map((cell) => cell.source)).toEqual(notebook.cells.map((cell) => cell.source));
      expect(JSON.stringify(cells)).toContain("KernelDied");
    }
    clearInterval(watching);
  }

  await Promise.all(Array.from({ length: KERNELS }, (_, index) => killAgainAndAgain(index)));
  expect(killed).toHaveLength(KERNELS * KILLS);
  expect(killed.filter(exists)).toEqual([]);
  expect(childrenOf(process.pid).filter((pid) => killed.includes(pid))).toEqual([]);
  expect(readdirSync(folder).sort()).toEqual(Array.from({ length: KERNELS }, (_, i) => `${i}.vaenb`).sort());
  expect(readdirSync(temporary)).toEqual([]);
  rmSync(temporary, { recursive: true });
  rmSync(folder, { recursive: true });
});

it("keeps the old notebook or has the new one, when the program itself is killed at random moments", async () => {
  const folder = newFolder();
  const file = join(folder, "a.vaenb");
  const next = random(99);
  // Large, so that writing it takes a while.
  const large = notebookOf('"x".repeat(5_000_000)', "1");
  writeFileSync(file, printNotebook(large));
  for (let round = 0; round < KILLS; round += 1) {
    const program = start(["run", file, "--in-place", "--quiet"], { cwd: folder });
    await new Promise((resolve) => setTimeout(resolve, 200 + next() * 2_000));
    const kernels = childrenOf(program.process.pid ?? 0);
    program.process.kill("SIGKILL");
    await program.ended;
    expect(parseNotebook(readFileSync(file)).cells.map((cell) => cell.source)).toEqual(
      large.cells.map((cell) => cell.source),
    );
    // A kernel does not outlive its front end.
    await expect.poll(() => kernels.filter(exists), { timeout: 5_000 }).toEqual([]);
  }
  rmSync(folder, { recursive: true });
});
