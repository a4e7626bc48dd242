import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { TestKernel, withKernel } from "./testKernel";

/** A stopped cell must be over this soon. */
const LIMIT = 500;

let kernel: TestKernel;
beforeAll(async () => {
  kernel = new TestKernel();
  writeFileSync(
    path.join(kernel.folder, "busy.ts"),
    "export let turns = 0;\nexport function spin(): void { while (true) turns += 1; }\n",
  );
  await kernel.process.ready;
});
afterAll(() => kernel.close());

const sleep = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Runs a cell, stops it once it printed "started", and measures how long it went on. */
async function stopped(code: string, alsoWait = 60) {
  const running = kernel.run(`let state = 0; let cleaned = false;\n${code}`);
  await kernel.until(({ events }) => events.some((e) => e.type === "stream" && e.text.includes("started")));
  await sleep(alsoWait);
  const pressed = performance.now();
  kernel.process.interrupt();
  const end = await running;
  kernel.events.length = 0;
  return { ...end, took: performance.now() - pressed };
}

describe("Stop", () => {
  it.each([
    [
      "a synchronous loop",
      "try { console.log('started'); while (true) state += 1; } finally { cleaned = true; }",
    ],
    [
      "a loop without a body",
      "try { state = 1; console.log('started'); for (;;); } finally { cleaned = true; }",
    ],
    [
      "a recursion",
      "const fib = (n: number): number => (n < 2 ? n : fib(n - 1) + fib(n - 2)); try { console.log('started'); state = 1; fib(100); } finally { cleaned = true; }",
    ],
    [
      "a callback of an array method",
      "try { console.log('started'); Array.from({ length: 2 ** 32 - 1 }, () => (state += 1)); } finally { cleaned = true; }",
    ],
    [
      "a pending await",
      "try { console.log('started'); state = 1; await new Promise(() => {}); } finally { cleaned = true; }",
    ],
    [
      "a pending await in a called function",
      "async function wait() { try { await new Promise((r) => setTimeout(r, 60_000)) } finally { cleaned = true } } ; console.log('started'); state = 1; await wait();",
    ],
    [
      "a promise as the last expression",
      "cleaned = true; state = 1; console.log('started'); new Promise(() => {})",
    ],
    [
      "a pending for await",
      "async function* never() { try { yield 1; await new Promise(() => {}) } finally { cleaned = true } } ; for await (const x of never()) { state = x; console.log('started') }",
    ],
    [
      "a busy loop after an await",
      "try { await null; console.log('started'); while (true) state += 1; } finally { cleaned = true; }",
    ],
    [
      "a busy loop in a function after an await",
      "async function work() { await new Promise((r) => setTimeout(r, 5)); try { console.log('started'); while (true) state += 1; } finally { cleaned = true; } } ; await work();",
    ],
    [
      "a loop of awaits",
      "try { console.log('started'); while (true) { state += 1; await null; } } finally { cleaned = true; }",
    ],
    [
      "a loop of timers",
      "try { console.log('started'); while (true) { state += 1; await new Promise((r) => setTimeout(r, 1)); } } finally { cleaned = true; }",
    ],
    [
      "a busy loop in a timer callback",
      "setTimeout(() => { try { console.log('started'); while (true) state += 1; } finally { cleaned = true; } }, 5); await new Promise(() => {});",
    ],
    [
      "a busy loop inside a relative module",
      "import { spin, turns } from './busy'; try { console.log('started'); state = 1; spin(); } finally { cleaned = turns > 0; }",
    ],
    [
      "a busy loop inside a relative module after an await",
      "import { spin } from './busy'; try { await null; console.log('started'); state = 1; spin(); } finally { cleaned = true; }",
    ],
    [
      "catch clauses that swallow everything",
      "for (;;) { try { if (state++ === 0) console.log('started'); await new Promise((r) => setTimeout(r, 1)); } catch { } finally { cleaned = true } }",
    ],
    [
      "a loop with a destructuring catch",
      "for (;;) { try { if (state++ === 0) console.log('started'); throw new Error('x') } catch ({ message }) { String(message) } finally { cleaned = true } }",
    ],
  ])("ends %s: finally runs, variables stay, the next cell runs", async (_, code) => {
    const end = await stopped(code);
    expect(end.status).toBe("interrupted");
    expect(end.took).toBeLessThan(LIMIT);
    expect(end.error).toBeUndefined();
    expect(await kernel.value("[state > 0, cleaned]")).toBe("[ true, true ]");
  });

  it("breaks code without checks: a runaway regular expression", async () => {
    const end = await stopped("state = 1; console.log('started'); /^(a+)+$/.test('a'.repeat(60) + 'b');");
    expect(end.status).toBe("interrupted");
    expect(end.took).toBeLessThan(LIMIT);
    expect(await kernel.value("state")).toBe("1");
  });

  it("breaks a package's endless loop", async () => {
    writeFileSync(
      path.join(kernel.folder, "node_modules/cjs-only/spin.js"),
      "module.exports = () => { for (;;); };",
    );
    const end = await stopped(
      "const spinPackage = require('cjs-only/spin'); state = 1; console.log('started'); spinPackage();",
    );
    expect(end.status).toBe("interrupted");
    expect(end.took).toBeLessThan(LIMIT);
    expect(await kernel.value("state")).toBe("1");
  });

  it("ends what an earlier cell left running, when no cell runs", async () => {
    await kernel.value("setTimeout(() => { console.log('started'); while (true) state += 1; }, 5)");
    await kernel.until(({ events }) => events.some((e) => e.type === "stream" && e.text.includes("started")));
    kernel.process.interrupt();
    const before = performance.now();
    expect(await kernel.value("'alive'")).toBe("'alive'");
    expect(performance.now() - before).toBeLessThan(LIMIT);
  });

  it("stops the cell that waits, and not an earlier cell's timer that happens to run", async () => {
    await kernel.value(
      "let beats = 0; const beat = setInterval(() => { const end = Date.now() + 20; while (Date.now() < end); beats += 1; }, 22);",
    );
    for (let press = 0; press < 5; press++) {
      const end = await stopped("console.log('started'); await new Promise(() => {})");
      expect(end.status).toBe("interrupted");
    }
    const before = Number(await kernel.value("beats"));
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(Number(await kernel.value("beats"))).toBeGreaterThan(before);
    await kernel.value("clearInterval(beat)");
  });

  it("lets cleanup that awaits finish", async () => {
    const end = await stopped(
      "try { console.log('started'); await new Promise(() => {}); } finally { await new Promise((r) => setTimeout(r, 50)); cleaned = true; }",
    );
    expect(end.status).toBe("interrupted");
    expect(await kernel.value("cleaned")).toBe("true");
  });

  it.each([
    ["waits for ever", "await new Promise(() => {})", "still goes on"],
    ["is busy for ever", "while (true);", "was broken off"],
    ["is busy for ever between awaits", "for (;;) await 0", "was broken off"],
  ])("ends a cell whose cleanup %s, and says so", async (_, cleanup, said) => {
    const end = await stopped(
      `try { console.log('started'); state = 1; await new Promise(() => {}); } finally { ${cleanup} }`,
    );
    expect(end.status).toBe("interrupted");
    expect(end.printed).toContain(said);
    expect(kernel.isUnresponsive).toBe(false);
    expect(await kernel.value("state")).toBe("1");
  });

  it("ends cleanup too when it is pressed twice", async () => {
    const running = kernel.run(
      "try { console.log('started'); for (;;); } finally { console.log('cleanup'); for (;;) await 0 }",
    );
    for (const word of ["started", "cleanup"]) {
      await kernel.until(({ events }) => events.some((e) => e.type === "stream" && e.text.includes(word)));
      kernel.process.interrupt();
    }
    const asked = performance.now();
    expect((await running).status).toBe("interrupted");
    expect(performance.now() - asked).toBeLessThan(LIMIT);
  });

  it("ends the timers that the cell started, and no other cell's", async () => {
    await kernel.value("let others = 0, own = 0; const other = setInterval(() => { others += 1 }, 10);");
    const end = await stopped(`
      setInterval(async () => { await new Promise((r) => setTimeout(r, 5)); own += 1; }, 10);
      (function again() { own += 1; setTimeout(again, 10); })();
      console.log('started');
      await new Promise(() => {});`);
    expect(end.status).toBe("interrupted");
    const own = await kernel.value("own");
    const others = Number(await kernel.value("others"));
    await kernel.value("await new Promise((r) => setTimeout(r, 200))");
    expect(await kernel.value("own")).toBe(own);
    expect(Number(await kernel.value("others"))).toBeGreaterThan(others);
    await kernel.value("clearInterval(other)");
  });

  it("leaves cleanup the timers that it waits for", async () => {
    const end = await stopped(
      "const soon = new Promise((r) => setTimeout(r, 300)); try { console.log('started'); await new Promise(() => {}); } finally { await soon; cleaned = 'late'; }",
    );
    expect(end.status).toBe("interrupted");
    expect(await kernel.value("cleaned")).toBe("'late'");
  });

  it("ends timers that go on by starting the next one, also while cleanup waits", async () => {
    const end = await stopped(`
      let turns = 0, ticks = 0;
      (function spin() { turns += 1; setImmediate(spin); })();
      (function tick() { ticks += 1; setTimeout(tick, 5); })();
      try { console.log('started'); await new Promise(() => {}); }
      finally { const seen = ticks; while (ticks < seen + 3) await new Promise((r) => setTimeout(r, 10)); cleaned = true; }`);
    expect(end.status).toBe("interrupted");
    expect(await kernel.value("cleaned")).toBe("true");
    const before = await kernel.value("[turns, ticks]");
    await kernel.value("await new Promise((r) => setTimeout(r, 100))");
    expect(await kernel.value("[turns, ticks]")).toBe(before);
  });

  it("says nothing of cleanup that was slow and ended by itself", async () => {
    const end = await stopped(
      `try { console.log('started'); await new Promise(() => {}); }
      finally { const from = performance.now(); while (performance.now() - from < 2_700); cleaned = true; }`,
    );
    expect(end.status).toBe("interrupted");
    expect(await kernel.value("cleaned")).toBe("true");
    expect(end.printed).not.toContain("broken off");
  });

  it("ends the timers of earlier cells when no cell runs", async () => {
    await kernel.value("let left = 0; setInterval(() => { left += 1 }, 10); undefined");
    await new Promise((resolve) => setTimeout(resolve, 50));
    kernel.process.interrupt();
    await new Promise((resolve) => setTimeout(resolve, 50));
    const before = await kernel.value("left");
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await kernel.value("left")).toBe(before);
  });

  it("keeps the cells that wait behind the stopped one from running", async () => {
    const first = kernel.run("console.log('started'); while (true);");
    const second = kernel.run("console.log('never')");
    const third = kernel.run("console.log('never either')");
    await kernel.until(({ events }) => events.some((e) => e.type === "stream" && e.text.includes("started")));
    kernel.process.interrupt();
    expect((await Promise.all([first, second, third])).map(({ status }) => status)).toEqual([
      "interrupted",
      "aborted",
      "aborted",
    ]);
    expect(await kernel.value("'next'")).toBe("'next'");
  });

  it("keeps them from running also where the stopped one ends in native code, before it can notice", () =>
    withKernel(async (own) => {
      await own.process.ready;
      const native = own.run(
        "console.log('started'); Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300);",
      );
      const behind = [own.run("while (true);"), own.run("console.log('never')")];
      await own.until(({ events }) => events.some((e) => e.type === "stream"));
      await sleep(230);
      own.process.interrupt();
      await native;
      const late = sleep(3_000).then(() => "still running");
      const ends = Promise.all(behind).then(([busy, last]) => [busy?.status !== "ok", last?.status]);
      expect(await Promise.race([ends, late])).toEqual([true, "aborted"]);
    }));

  it("reaches a cell that is still being compiled or loads modules", async () => {
    await withKernel(async (fresh) => {
      await fresh.process.ready;
      const running = fresh.run("const typed: number = 1; enum First { A } ; while (true);");
      await fresh.until(({ events }) => events.some((e) => e.type === "status" && e.state === "busy"));
      fresh.process.interrupt();
      expect((await running).status).toBe("interrupted");
    });
  });

  it("is for the cells that were asked for when it was pressed, not for the next one", async () => {
    for (let i = 0; i < 30; i++) {
      await kernel.value("1");
      kernel.process.interrupt();
      expect((await kernel.run("await new Promise((r) => setTimeout(r, 1)); 'untouched'")).status).toBe("ok");
    }
  });

  it.each([
    ["", "() => { console.log('started'); while (true); }"],
    [", also in an asynchronous function", "async () => { console.log('started'); while (true); }"],
    [", also where it catches all", "() => { try { console.log('started'); while (true); } catch {} }"],
  ])("ends a timer that blocks again and again%s", (_, callback) =>
    withKernel(async (own) => {
      await own.process.ready;
      const running = own.run(`setInterval(${callback}, 5); await new Promise(() => {});`);
      await own.until(({ events }) => events.some((e) => e.type === "stream"));
      await sleep(60);
      own.process.interrupt();
      expect((await running).status).toBe("interrupted");
      expect(await own.value("await new Promise((r) => setTimeout(r, 30)); 'free'")).toBe("'free'");
    }),
  );

  it("ends a cell whose value never says how it looks", async () => {
    const waiting = kernel.run(
      "console.log('started'); ({ [Symbol.for('Jupyter.display')]: () => new Promise(() => {}) })",
    );
    await kernel.until(({ events }) => events.some((e) => e.type === "stream"));
    await sleep(30);
    kernel.process.interrupt();
    expect((await waiting).status).toBe("interrupted");
    expect(await kernel.value("'next'")).toBe("'next'");
    kernel.events.length = 0;
  });

  it("ends one that failed while its value did not say how it looks, and tells the error", async () => {
    const waiting = kernel.run(
      "import { display } from 'vaenb'; console.log('started'); display({ [Symbol.for('Jupyter.display')]: () => new Promise(() => {}) }); throw new Error('mine')",
    );
    await kernel.until(({ events }) => events.some((e) => e.type === "stream"));
    await sleep(30);
    kernel.process.interrupt();
    expect(await waiting).toMatchObject({ status: "interrupted", error: { message: "mine" } });
    expect(await kernel.value("'next'")).toBe("'next'");
    kernel.events.length = 0;
  });

  it("does nothing to a kernel that is idle, nor to its next cell", async () => {
    kernel.process.interrupt();
    await sleep(30);
    expect(
      await kernel.value("let fine = 0; for (let i = 0; i < 1000; i++) fine += 1; await null; fine"),
    ).toBe("1000");
  });

  it.skipIf(process.platform === "win32")("offers a restart where native code blocks", async () => {
    await withKernel(async (blocked) => {
      const fifo = path.join(blocked.folder, "fifo");
      execFileSync("mkfifo", [fifo]);
      const running = blocked.run(
        `import { readFileSync } from "node:fs"; console.log("started"); readFileSync(${JSON.stringify(fifo)})`,
      );
      const failed = running.then(
        () => "ended",
        (error: Error) => error.message,
      );
      await blocked.until(({ events }) => events.some((e) => e.type === "stream"));
      blocked.process.interrupt();
      await blocked.until(({ isUnresponsive }) => isUnresponsive, 8_000);
      blocked.process.kill();
      expect(await failed).toMatch(/shut down/);
    });
  });
});
