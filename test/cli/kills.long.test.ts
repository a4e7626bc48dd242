import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { parseNotebook, printNotebook } from "../../src/notebook";
import { childrenOf, exists, newFolder, start } from "./program";
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

const notebook = notebookOf(
  'console.log("one");',
  "for (let i = 0; i < 200; i++) { console.log(i); await new Promise((resolve) => setTimeout(resolve, 5)); }",
  "let n = 0; const until = Date.now() + 1000; while (Date.now() < until) n++;",
  'console.log("last");',
);

it("leaves no zombie, no temporary file and no half-written notebook, when ten kernels are killed at random moments", async () => {
  const folder = newFolder();
  const own = (name: string): boolean => /vaenb/.test(name) && !folder.endsWith(name);
  const temporaryBefore = readdirSync(tmpdir()).filter(own);
  const killed: number[] = [];
  let completed = 0;

  async function killAgainAndAgain(index: number): Promise<void> {
    const next = random(index + 1);
    const file = join(folder, `${index}.vaenb`);
    const old = printNotebook(notebook);
    writeFileSync(file, old);
    for (let round = 0; round < KILLS; round += 1) {
      const before = readFileSync(file, "utf8");
      const program = start(["run", file, "--in-place"], { cwd: folder });
      await new Promise((resolve) => setTimeout(resolve, next() * 8_000));
      for (const kernel of childrenOf(program.process.pid ?? 0)) {
        killed.push(kernel);
        if (exists(kernel)) process.kill(kernel, "SIGKILL");
      }
      const watching = setInterval(() => {
        // At each moment the file is a whole notebook: the old one, or that of this run.
        parseNotebook(readFileSync(file));
      }, 20);
      const { code, stderr } = await program.ended;
      clearInterval(watching);
      const after = readFileSync(file, "utf8");
      expect(parseNotebook(after).cells.map((cell) => cell.source)).toEqual(
        notebook.cells.map((cell) => cell.source),
      );
      if (code === 0) completed += 1;
      else {
        expect([code, stderr]).toEqual([1, expect.stringContaining("SIGKILL")]);
        expect(after).toContain("KernelDied");
        expect(before).not.toBe("");
      }
    }
  }

  await Promise.all(Array.from({ length: KERNELS }, (_, index) => killAgainAndAgain(index)));
  expect(killed.length).toBeGreaterThan((KERNELS * KILLS) / 2);
  expect(completed).toBeLessThan(KERNELS * KILLS);
  expect(killed.filter(exists)).toEqual([]);
  expect(childrenOf(process.pid).filter((pid) => killed.includes(pid))).toEqual([]);
  expect(readdirSync(folder).sort()).toEqual(Array.from({ length: KERNELS }, (_, i) => `${i}.vaenb`).sort());
  expect(
    readdirSync(tmpdir())
      .filter(own)
      .filter((name) => !temporaryBefore.includes(name)),
  ).toEqual([]);
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
