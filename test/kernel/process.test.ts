import { spawn } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { TestKernel, temporaryFolder, withKernel } from "./testKernel";

const isRunning = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return !readFileSync(`/proc/${pid}/stat`, "utf8").includes(") Z ");
  } catch {
    return false;
  }
};

/** Runs a cell that ends its kernel, and gives the words for how it died. */
async function deathBy(code: string, execArgv: readonly string[] = []): Promise<string> {
  const kernel = new TestKernel(undefined, undefined, execArgv);
  const reason = await kernel.run(code).then(
    () => "the cell ended",
    (error: Error) => error.message,
  );
  await kernel.close();
  return reason;
}

describe("the kernel process", () => {
  it("compiles on when its compiler was killed", async () => {
    await withKernel(async (kernel) => {
      expect(await kernel.value("const typed: number = 20; typed")).toBe("20");
      const compiler = await kernel.value(
        "(await import('node:child_process')).execFileSync('ps', ['-o', 'pid=,comm=', '--ppid', String(process.pid)], { encoding: 'utf8' }).split('\\n').find((line) => line.includes('esbuild'))",
      );
      process.kill(Number(/\d+/.exec(compiler ?? "")?.[0]), "SIGKILL");
      await new Promise((resolve) => setTimeout(resolve, 100));
      expect(await kernel.value("const more: number = typed + 1; more")).toBe("21");
    });
  });

  it("says that its folder is gone", () => {
    expect(() => new TestKernel("/no/such/folder")).toThrow(
      "its folder is not there any more: /no/such/folder. Save the notebook in another one",
    );
  });

  it.each([
    ["process.exit", "process.exit(3)", /ended the process with exit code 3 \(process\.exit\?\)/],
    [
      "kill -9",
      "process.kill(process.pid, 'SIGKILL'); await new Promise(() => {})",
      /it was killed \(SIGKILL\)/,
    ],
    [
      "a crash of native code",
      "process.kill(process.pid, 'SIGSEGV'); await new Promise(() => {})",
      /native code crashed \(SIGSEGV\)/,
    ],
    ["an abort", "process.abort()", /gave up \(SIGABRT\)/],
  ])("says how it died: %s", async (_, code, words) => {
    expect(await deathBy(code)).toMatch(words);
  });

  it("says that it ran out of memory", async () => {
    expect(
      await deathBy("const hog: number[][] = []; while (true) hog.push(new Array(1e6).fill(1.5));", [
        "--max-old-space-size=64",
      ]),
    ).toMatch(/ran out of memory/);
  });

  it("answers the cells that wait, too", async () => {
    const kernel = new TestKernel();
    const ends = await Promise.allSettled([kernel.run("process.exit(1)"), kernel.run("1 + 1")]);
    expect(ends.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    await expect(kernel.run("1")).rejects.toThrow(/The kernel died/);
    await kernel.close();
  });

  it.each([
    ["idle", "1"],
    ["busy", "while (true);"],
    ["waiting", "await new Promise(() => {})"],
  ])("ends when its parent does, while %s", async (_, code) => {
    const folder = temporaryFolder();
    const script = path.join(folder, "parent.cjs");
    writeFileSync(script, parentScript(code));
    const parent = spawn(process.execPath, [script], { stdio: ["ignore", "pipe", "inherit"] });
    const pid = await new Promise<number>((resolve) =>
      parent.stdout.once("data", (line: Buffer) => resolve(Number(String(line)))),
    );
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(isRunning(pid)).toBe(true);
    parent.kill("SIGKILL");
    const end = Date.now() + 4_000;
    while (isRunning(pid) && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(isRunning(pid)).toBe(false);
  });

  it("leaves no child process behind", () =>
    withKernel(async (kernel) => {
      // The compiler of types is a process of its own.
      await kernel.value("let typed: number = 1");
      const pid = kernel.process.pid ?? 0;
      const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8")
        .trim()
        .split(" ")
        .filter(Boolean)
        .map(Number);
      expect(children.length).toBeGreaterThan(0);
      process.kill(pid, "SIGKILL");
      await kernel.process.gone();
      await new Promise((resolve) => setTimeout(resolve, 300));
      expect(children.filter(isRunning)).toEqual([]);
    }));

  it("does not die of a closed standard stream", () =>
    withKernel(async (kernel) => {
      expect(
        await kernel.value(
          "import fs from 'node:fs'; fs.closeSync(1); fs.closeSync(2); console.log('still heard'); 'alive'",
        ),
      ).toBe("'alive'");
    }));

  it("stands in the notebook's folder and has no channel of its own to send on", () =>
    withKernel(async (kernel) => {
      expect(
        await kernel.value(
          "import path from 'node:path'; [path.basename(process.cwd()), typeof process.send]",
        ),
      ).toBe(`[ '${path.basename(kernel.folder)}', 'undefined' ]`);
    }));

  it("refuses requests that are not of the protocol, and lives", () =>
    withKernel(async (kernel) => {
      // @ts-expect-error -- a front end of another version
      await expect(kernel.process.request("execute", { cell: 5 })).rejects.toThrow(
        "execute.params.cell: expected a string",
      );
      expect(await kernel.value("1 + 1")).toBe("2");
    }));
});

function parentScript(code: string): string {
  const entry = path.resolve(import.meta.dirname, "../../dist/kernel.cjs");
  const files = readdirSync(path.dirname(entry));
  if (!files.includes("kernel.cjs")) throw new Error("build first: npm run build");
  return `const child = require("node:child_process").fork(${JSON.stringify(entry)}, [], { cwd: ${JSON.stringify(path.dirname(entry))}, serialization: "advanced", detached: true, stdio: ["ignore", "pipe", "pipe", "ipc", "pipe", "pipe"] });
    for (const fd of [1, 2, 5]) child.stdio[fd].resume();
    child.send({ request: 1, name: "execute", params: { cell: "a", code: ${JSON.stringify(code)} } });
    console.log(child.pid); setInterval(() => {}, 1000);`;
}
