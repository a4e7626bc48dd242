import { KernelDied } from "../../src/client/kernel";
import { expect, it } from "vitest";
import { type RunOptions, startRun } from "../../src/cli/runNotebook";
import type { Notebook } from "../../src/notebook";
import { viewMime } from "../../src/protocol/views";
import { type CellRun, fail, notebookOf, scriptedKernel, silent } from "./scriptedKernel";

const strict: RunOptions = { allowErrors: false };
const run = (notebook: Notebook, kernel: ReturnType<typeof scriptedKernel>, options = strict) =>
  startRun(notebook, kernel.start, silent, options).finished;
const outputsOf = (notebook: Notebook): unknown[] =>
  notebook.cells.flatMap((cell) => (cell.type === "code" ? [cell.outputs] : []));

it("runs the code cells from top to bottom, and no text or empty cell", async () => {
  const kernel = scriptedKernel(() => "ok");
  const { outcome, cellsRun, notebook } = await run(
    notebookOf("1", "// %% [markdown]\n// text", "  ", "2"),
    kernel,
  );
  expect(kernel.asked).toEqual(["1", "2"]);
  expect([outcome, cellsRun]).toEqual([{ kind: "completed" }, 2]);
  expect(notebook.cells.map((cell) => (cell.type === "code" ? cell.executionCount : "text"))).toEqual([
    1,
    "text",
    null,
    2,
  ]);
  expect(kernel.isShutDown()).toBe(true);
});

it("writes what each cell showed, in nbformat's words", async () => {
  const kernel = scriptedKernel(({ cell, emit }) => {
    emit({ type: "stream", cell, name: "stdout", text: "one\n" });
    emit({ type: "stream", cell, name: "stdout", text: "two\n" });
    emit({ type: "stream", cell, name: "stderr", text: "oh\n" });
    emit({ type: "display", cell, display: "status", bundle: { "text/plain": "working" } });
    emit({ type: "update", display: "status", bundle: { "text/plain": "done" } });
    emit({
      type: "display",
      cell,
      result: true,
      bundle: { "image/png": Uint8Array.of(1, 2, 3), "application/json": { a: [undefined, 1n] } },
    });
    return "ok";
  });
  const { notebook } = await run(notebookOf("work()"), kernel);
  expect(outputsOf(notebook)).toEqual([
    [
      { type: "stream", name: "stdout", text: "one\ntwo\n" },
      { type: "stream", name: "stderr", text: "oh\n" },
      { type: "display_data", data: { "text/plain": "done" }, metadata: {} },
      {
        type: "execute_result",
        executionCount: 1,
        data: { "image/png": "AQID", "application/json": { a: [null, 1n] } },
        metadata: {},
      },
    ],
  ]);
});

it("drops the outputs of earlier runs, also of cells that it did not reach", async () => {
  const before = await run(
    notebookOf("1", "2"),
    scriptedKernel((cell) => fail(cell, "early") && "ok"),
    { allowErrors: true },
  );
  const { notebook } = await run(
    before.notebook,
    scriptedKernel((cell) => fail(cell, "late")),
  );
  expect(outputsOf(notebook)).toMatchObject([[{ type: "error", message: "late" }], []]);
});

it("ends at the first cell that fails, and says which and why", async () => {
  const kernel = scriptedKernel((cell) => (cell.code === "2" ? fail(cell, "no such file") : "ok"));
  const { outcome, notebook, cellsLeft } = await run(notebookOf("1", "2", "3"), kernel);
  expect([kernel.asked, cellsLeft]).toEqual([["1", "2"], 1]);
  expect(outcome).toEqual({ kind: "failed", cell: 2, reason: "Error: no such file" });
  expect(outputsOf(notebook)[1]).toEqual([
    {
      type: "error",
      name: "Error",
      message: "no such file",
      traceback: ["Error: no such file", "    at Cell 1:1:1"],
    },
  ]);
});

it("goes on behind a cell tagged raises-exception, and with --allow-errors behind every cell", async () => {
  const failing = (): ReturnType<typeof scriptedKernel> => scriptedKernel((cell) => fail(cell, "expected"));
  const tagged = notebookOf(
    '// %% {"tags": ["raises-exception"]}\n1',
    '// %% {"tags": ["raises-exception"]}\n2',
  );
  expect((await run(tagged, failing())).outcome).toEqual({ kind: "completed" });
  const { outcome, cellsRun, allowedFailures } = await run(notebookOf("1", "2"), failing(), {
    allowErrors: true,
  });
  expect([outcome, cellsRun, allowedFailures]).toEqual([{ kind: "completed" }, 2, 2]);
});

it("does not run a cell tagged skip-execution", async () => {
  const kernel = scriptedKernel(() => "ok");
  await run(notebookOf('// %% {"tags": ["skip-execution"]}\n1', "2"), kernel);
  expect(kernel.asked).toEqual(["2"]);
});

it("counts an error that nobody awaited as a failure of its cell, after the other cells ran", async () => {
  const first: CellRun[] = [];
  const kernel = scriptedKernel((cell) => {
    first.push(cell);
    if (cell.code === "2" && first[0]) fail(first[0], "stray");
    return "ok";
  });
  const { outcome, cellsRun } = await run(notebookOf("1", "2", "3"), kernel);
  expect([outcome, cellsRun]).toEqual([{ kind: "strayError", cell: 1, reason: "Error: stray" }, 3]);
});

it("stops a cell that takes longer than the timeout, and counts that as its failure", async () => {
  const kernel = scriptedKernel(({ stopped }) => stopped.then(() => "interrupted" as const));
  const { outcome, notebook } = await run(notebookOf("forever()", "2"), kernel, {
    ...strict,
    timeoutSeconds: 0.05,
  });
  expect(outcome).toEqual({ kind: "failed", cell: 1, reason: "Timeout: The cell took longer than 0.05 s." });
  expect(outputsOf(notebook)).toMatchObject([[{ name: "Timeout" }], []]);
  expect(kernel.asked).toEqual(["forever()"]);
});

it("goes on after a timeout where errors are allowed", async () => {
  const kernel = scriptedKernel(({ code, stopped }) =>
    code === "2" ? "ok" : stopped.then(() => "interrupted" as const),
  );
  const { outcome, cellsRun } = await run(notebookOf("forever()", "2"), kernel, {
    allowErrors: true,
    timeoutSeconds: 0.05,
  });
  expect([outcome, cellsRun]).toEqual([{ kind: "completed" }, 2]);
});

it("kills the kernel of a cell that ran out of time and does not stop", async () => {
  const kernel = scriptedKernel(({ killed }) => killed);
  const { outcome } = await run(notebookOf("native()"), kernel, {
    ...strict,
    timeoutSeconds: 0.05,
    graceSeconds: 0.05,
  });
  expect(outcome).toEqual({
    kind: "failed",
    cell: 1,
    reason: "Timeout: The cell took longer than 0.05 s. It did not stop, so its kernel was killed.",
  });
});

it("keeps what a cell showed before its kernel died, and says how it died", async () => {
  const kernel = scriptedKernel(({ cell, emit }) => {
    emit({ type: "stream", cell, name: "stdout", text: "before\n" });
    const text = "The kernel died: native code crashed (SIGSEGV).";
    return Promise.reject(new KernelDied({ expected: false, code: null, signal: "SIGSEGV", text }));
  });
  const { outcome, notebook } = await run(notebookOf("1", "2"), kernel, { allowErrors: true });
  expect(outcome).toEqual({
    kind: "failed",
    cell: 1,
    reason: "KernelDied: The kernel died: native code crashed (SIGSEGV).",
  });
  expect(outputsOf(notebook)).toMatchObject([[{ text: "before\n" }, { name: "KernelDied" }], []]);
});

it("stops the running cell when asked, runs no other, and keeps what there is", async () => {
  const kernel = scriptedKernel(async ({ cell, emit, stopped }) => {
    emit({ type: "stream", cell, name: "stdout", text: "epoch 1\n" });
    await stopped;
    return "interrupted" as const;
  });
  const going = startRun(notebookOf("train()", "2"), kernel.start, silent, strict);
  await new Promise((resolve) => setTimeout(resolve, 10));
  going.stop();
  const { outcome, notebook } = await going.finished;
  expect(outcome).toEqual({ kind: "stopped" });
  expect(outputsOf(notebook)).toMatchObject([[{ text: "epoch 1\n" }, { name: "Interrupted" }], []]);
  expect(kernel.asked).toEqual(["train()"]);
});

it("kills the kernel when asked to stop a second time", async () => {
  const kernel = scriptedKernel(({ killed }) => killed);
  const going = startRun(notebookOf("native()", "2"), kernel.start, silent, strict);
  await new Promise((resolve) => setTimeout(resolve, 10));
  going.stop();
  going.stop();
  const { outcome, notebook } = await going.finished;
  expect([outcome, kernel.interruptions()]).toEqual([{ kind: "stopped" }, 1]);
  expect(outputsOf(notebook)).toMatchObject([
    [{ message: "The cell was stopped by killing its kernel." }],
    [],
  ]);
});

it("answers what a cell asks, also that there is no answer", async () => {
  const kernel = scriptedKernel(({ cell, emit }) => {
    emit({ type: "inputRequest", cell, input: 1, prompt: "Name?", password: false });
    emit({ type: "inputRequest", cell, input: 2, prompt: "Word?", password: true });
    return "ok";
  });
  const asks = (prompt: string, password: boolean): Promise<string | undefined> =>
    Promise.resolve(password ? undefined : `${prompt} Ada`);
  await startRun(notebookOf("ask()"), kernel.start, { ...silent, asks }, strict).finished;
  expect(kernel.answers).toEqual(["Name? Ada", undefined]);
});

it("gives what a cell prints after its end to that cell", async () => {
  const runs: CellRun[] = [];
  const kernel = scriptedKernel((cell) => {
    runs.push(cell);
    runs[0]?.emit({ type: "stream", cell: runs[0].cell, name: "stdout", text: `during ${cell.code}\n` });
    return "ok";
  });
  const { notebook } = await run(notebookOf("1", "2"), kernel);
  expect(outputsOf(notebook)).toEqual([
    [{ type: "stream", name: "stdout", text: "during 1\nduring 2\n" }],
    [],
  ]);
});

const training = (status: string) => ({
  [viewMime("training")]: { runs: [{ status, warnings: [] }] },
  "text/plain": status,
});

it("waits for a training that no cell waited for", async () => {
  let ended = false;
  const kernel = scriptedKernel(({ cell, emit }) => {
    emit({ type: "display", cell, display: "run", bundle: training("running") });
    setTimeout(() => {
      ended = true;
      emit({ type: "update", display: "run", bundle: training("finished") });
    }, 150);
    return "ok";
  });
  const notes: string[] = [];
  const reporter = { ...silent, notes: (text: string) => void notes.push(text) };
  const { outcome } = await startRun(notebookOf("model.fit()"), kernel.start, reporter, strict).finished;
  expect([outcome.kind, ended]).toEqual(["completed", true]);
  expect(notes.join()).toContain("Put await before fit");
});

/** A kernel whose cells leave a training behind that goes on. */
const endlessTraining = () =>
  scriptedKernel(({ cell, emit }) => {
    emit({ type: "display", cell, display: "run", bundle: training("running") });
    return "ok";
  });

it("waits no longer for such a training when it is stopped", async () => {
  const kernel = endlessTraining();
  const going = startRun(notebookOf("model.fit()"), kernel.start, silent, strict);
  setTimeout(() => going.stop(), 100);
  expect((await going.finished).outcome.kind).toBe("stopped");
  expect(kernel.interruptions()).toBe(1);
});

it("calls a training that it waited for a failure when its time is over", async () => {
  const kernel = scriptedKernel(({ cell, emit, stopped }) => {
    emit({ type: "display", cell, display: "run", bundle: training("running") });
    void stopped.then(() => emit({ type: "update", display: "run", bundle: training("stopped") }));
    return "ok";
  });
  const options = { ...strict, timeoutSeconds: 0.1 };
  const { outcome } = await startRun(notebookOf("1", "model.fit()"), kernel.start, silent, options).finished;
  expect(outcome).toEqual({ kind: "failed", cell: 1, reason: "Timeout: The cell took longer than 0.1 s." });
});

it("calls it a failure when the kernel dies meanwhile", async () => {
  const kernel = endlessTraining();
  const going = startRun(notebookOf("model.fit()"), kernel.start, silent, strict);
  setTimeout(() => kernel.kill(), 100);
  const { outcome, notebook } = await going.finished;
  expect(outcome).toEqual({ kind: "failed", cell: 1, reason: "Error: The kernel died." });
  expect(JSON.stringify(outputsOf(notebook))).toContain("The kernel died.");
});
