import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type Notebook, type Output, parseNotebook, printNotebook } from "../../src/notebook";
import { childrenOf, exists, newFolder, root, start, vaenb } from "./program";
import { notebookOf } from "./scriptedKernel";

let folder = "";
beforeEach(() => {
  folder = newFolder();
});
afterEach(() => rmSync(folder, { recursive: true }));

const at = (name: string): string => join(folder, name);
function write(...cells: readonly string[]): string {
  writeFileSync(at("a.vaenb"), printNotebook(notebookOf(...cells)));
  return at("a.vaenb");
}
const read = (file: string): Notebook => parseNotebook(readFileSync(file));
const outputsOf = (notebook: Notebook): (readonly Output[])[] =>
  notebook.cells.flatMap((cell) => (cell.type === "code" ? [cell.outputs] : []));
const textOf = (outputs: readonly Output[] | undefined): string =>
  (outputs ?? []).map((output) => (output.type === "stream" ? output.text : "")).join("");

it("runs examples/cells.vaenb to its end, shows its outputs and writes them", async () => {
  const { code, stdout, stderr } = await vaenb("run", "examples/cells.vaenb", "--output", at("out.vaenb"));
  const numbers = Array.from({ length: 1000 }, (_, i) => `${i}\n`).join("");
  expect(stdout).toBe(`2\nPoint2 { x: 1, y: 2 }\n42\n42\nworking\ndone\n${numbers}`);
  expect(stderr).toContain("Error: on purpose");
  expect(stderr).toMatch(/8 cells ran in [\d.]+ s, 1 of them with an error that was allowed/);
  expect(code).toBe(0);
  const outputs = outputsOf(read(at("out.vaenb")));
  expect(outputs[1]).toMatchObject([
    { type: "execute_result", executionCount: 2, data: { "text/plain": "2" } },
  ]);
  expect(outputs[3]).toMatchObject([{ type: "error", name: "Error", message: "on purpose" }]);
  expect(outputs[6]).toMatchObject([{ type: "display_data", data: { "text/plain": "done" } }]);
  expect(textOf(outputs[7])).toBe(numbers);
  expect(read(join(root, "examples/cells.vaenb")).cells.map((cell) => cell.source)).toEqual(
    read(at("out.vaenb")).cells.map((cell) => cell.source),
  );
});

it("keeps standard output and standard error apart", async () => {
  const { stdout, stderr } = await vaenb("run", write('console.log("out"); console.error("err")'), "--quiet");
  expect([stdout, stderr]).toEqual(["", "err\n"]);
});

it("exits with 1 at the first cell that fails, shows the error, and writes what there is", async () => {
  const { code, stdout, stderr } = await vaenb("run", write("1", "null.x\n", "3"), "--in-place");
  expect(code).toBe(1);
  expect(stdout).toBe("1\n");
  expect(stderr).toContain("TypeError: Cannot read properties of null");
  expect(stderr.match(/TypeError: Cannot read/g)).toHaveLength(1);
  expect(stderr).toMatch(/cell 2 failed after [\d.]+ s; 1 cell behind it did not run\. Wrote/);
  expect(outputsOf(read(at("a.vaenb"))).map((outputs) => outputs.length)).toEqual([1, 1, 0]);
});

it("exits with 1 when a training ended in NaN, at the end of the run, unless that was expected", async () => {
  const diverging = `
    import { data, dense, vae } from "vaenb";
    const { train } = data.digits({ train: 64, test: 8, size: 8 });
    const model = vae({ input: train.shape, latent: 2, encoder: [dense(4)], likelihood: "gaussian" });
    const run = await model.fit(train, { steps: 50, batchSize: 16, learningRate: 1e30 });`;
  const { code, stdout, stderr } = await vaenb("run", write(diverging, "run.status"));
  expect(stdout).toMatch(/'failed'\s*$/);
  expect(stderr).toMatch(
    /cell 1 has a training without a result: The loss is no number any more\. 2 cells ran in/,
  );
  expect(code).toBe(1);
  expect((await vaenb("run", write(`// %% {"tags": ["raises-exception"]}\n${diverging}`))).code).toBe(0);
  expect((await vaenb("run", write(diverging), "--allow-errors")).code).toBe(0);
});

it("sets the variables that --param names", async () => {
  const file = write(
    '// %% {"tags": ["parameters"]}\nlet seed = 1;\nlet name = "a";',
    "`${seed + 1} ${name}`",
  );
  const { stdout } = await vaenb(
    "run",
    file,
    "--param",
    "seed=41",
    "-p",
    "name=it's",
    "--output",
    at("b.vaenb"),
  );
  expect(stdout).toContain("42 it's");
  expect(read(at("b.vaenb")).cells[1]?.source).toBe('let seed = 41;\nlet name = "it\'s";');
});

it("runs percent files, and refuses to write outputs into one", async () => {
  writeFileSync(at("a.ts"), "// %%\n20 + 1\n");
  expect((await vaenb("run", at("a.ts"))).stdout).toBe("21\n");
  const { code, stderr } = await vaenb("run", at("a.ts"), "--in-place");
  expect([code, stderr]).toEqual([2, expect.stringContaining(".ts files keep no outputs")]);
});

it("gives a cell what stands on standard input", async () => {
  const { ended } = start(["run", write('import { input } from "vaenb";\nawait input("Name?")')], {
    input: "Ada\n",
  });
  const { stdout, stderr } = await ended;
  expect(stdout).toContain("Ada");
  expect(stderr).toContain("Name?");
});

it("does not start a kernel for a notebook in another language, or a file that is broken", async () => {
  writeFileSync(
    at("py.ipynb"),
    printNotebook({ metadata: { language_info: { name: "python" } }, cells: [] }),
  );
  expect(await vaenb("run", at("py.ipynb"))).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("is written in python") as string,
  });
  writeFileSync(at("cut.vaenb"), printNotebook(notebookOf("1")).slice(0, 60));
  const cut = await vaenb("run", at("cut.vaenb"), "--in-place");
  expect(cut).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/cut\.vaenb:\d+:\d+: .*cut off/) as string,
  });
  expect(readFileSync(at("cut.vaenb"), "utf8")).toHaveLength(60);
});

it.each([
  ["a synchronous loop", 'console.log("go"); while (true);'],
  ["a pending await", 'console.log("go"); await new Promise(() => setInterval(() => {}, 1e6));'],
])("ends at Ctrl-C in %s, and writes what there is", async (_, code) => {
  const file = write('console.log("before")', code, '"never"');
  const program = start(["run", file, "--in-place"]);
  await program.prints("go");
  program.process.kill("SIGINT");
  const { code: status, stderr } = await program.ended;
  expect(status).toBe(130);
  expect(stderr).toMatch(/stopped after [\d.]+ s; 1 cell did not run/);
  expect(outputsOf(read(file)).map(textOf)).toEqual(["before\n", "go\n", ""]);
  expect(readdirSync(folder)).toEqual(["a.vaenb"]);
});

it("kills a kernel that native code blocks at the second Ctrl-C, and still writes", async () => {
  const file = write(
    'import { execFileSync } from "node:child_process";\nconsole.log("go");\nexecFileSync("sleep", ["600"], { stdio: "ignore" });',
  );
  const program = start(["run", file, "--output", at("b.vaenb")]);
  await program.prints("go");
  const [kernel = 0] = childrenOf(program.process.pid ?? 0);
  const sleeping = childrenOf(kernel);
  program.process.kill("SIGINT");
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(exists(kernel)).toBe(true);
  program.process.kill("SIGINT");
  expect((await program.ended).code).toBe(130);
  expect(exists(kernel)).toBe(false);
  expect(outputsOf(read(at("b.vaenb")))[0]).toMatchObject([{ text: "go\n" }, { name: "Interrupted" }]);
  sleeping.forEach((pid) => exists(pid) && process.kill(pid));
});

it("ends when it is asked to end, with its kernel, and writes what there is", async () => {
  const file = write('console.log("go"); while (true);');
  const program = start(["run", file, "--in-place"]);
  await program.prints("go");
  const [kernel = 0] = childrenOf(program.process.pid ?? 0);
  program.process.kill("SIGTERM");
  expect((await program.ended).code).toBe(143);
  expect(exists(kernel)).toBe(false);
  expect(textOf(outputsOf(read(file))[0])).toBe("go\n");
});

it("stops a cell at its timeout and goes on where errors are allowed, with the variables kept", async () => {
  const file = write("let n = 41; while (true);", "n + 1");
  const { code, stdout, stderr } = await vaenb("run", file, "--timeout", "0.5", "--allow-errors");
  expect([code, stdout]).toEqual([0, "42\n"]);
  expect(stderr).toContain("The cell took longer than 0.5 s.");
});

it("does not write over what was saved to its file during the run: the executed notebook goes beside it", async () => {
  const file = write('console.log("go"); await new Promise((r) => setTimeout(r, 500))');
  const program = start(["run", file, "--in-place"]);
  await program.prints("go");
  write("edited meanwhile");
  const { code, stderr } = await program.ended;
  expect(code).toBe(0);
  expect(stderr).toMatch(/a\.vaenb was changed during the run.*a\.executed\.vaenb/);
  expect(read(file).cells[0]?.source).toBe("edited meanwhile");
  expect(textOf(outputsOf(read(at("a.executed.vaenb")))[0])).toBe("go\n");
});

it("says how the kernel died when it is killed, and writes what there is", async () => {
  const file = write('console.log("go");\nawait new Promise(() => setInterval(() => {}, 1e6));', '"never"');
  const program = start(["run", file, "--in-place"]);
  await program.prints("go");
  process.kill(childrenOf(program.process.pid ?? 0)[0] ?? 0, "SIGKILL");
  const { code, stderr } = await program.ended;
  expect(code).toBe(1);
  expect(stderr).toContain("SIGKILL");
  expect(outputsOf(read(file))).toMatchObject([[{ text: "go\n" }, { name: "KernelDied" }], []]);
});

it("goes on when nobody reads its output any more", async () => {
  const file = write('for (let i = 0; i < 20_000; i++) console.log("line", i);', '"end"');
  const program = start(["run", file, "--in-place"]);
  await program.prints("line 0");
  program.process.stdout?.destroy();
  await program.ended;
  expect(outputsOf(read(file))[1]).toMatchObject([{ type: "execute_result" }]);
});

it("shows help and its version without loading what a run needs", async () => {
  const loaded = `require("./dist/cli.cjs"); process.on("exit", () => console.log(process.moduleLoadList.join()))`;
  const modules = execFileSync(process.execPath, ["-e", loaded, "vaenb", "--help"], {
    cwd: root,
    encoding: "utf8",
  });
  expect(modules).toContain("vaenb run FILE");
  expect(modules).not.toContain("NativeModule child_process");
  expect((await vaenb("--version")).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
});
