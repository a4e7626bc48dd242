import { readFileSync, rmSync, statSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import type { Event } from "../../../src/protocol/messages";
import { TestKernel, withKernel } from "../testKernel";

const streams = (events: readonly Event[], cell: string) =>
  events.flatMap((event) =>
    event.type === "stream" && event.cell === cell ? [[event.name, event.text] as const] : [],
  );

describe("what cells print", () => {
  it("keeps the order of stdout and stderr, and of bytes that native code writes", () =>
    withKernel(async (kernel) => {
      // _rawDebug and inherited child processes write to the file descriptors themselves.
      const end = await kernel.run(
        `
        import { execSync } from "node:child_process";
        import { writeSync } from "node:fs";
        for (let i = 0; i < 50; i++) {
          console.log("out " + i);
          (process as any)._rawDebug("native err " + i);
          console.error("err " + i);
          writeSync(1, "native out " + i + "\\n");
        }
        process.stdout.write("before the child\\n");
        execSync("echo from the child; echo child error 1>&2", { stdio: "inherit" });
        process.stdout.write("after the child\\n");`,
        "a",
      );
      const lines = end.printed.trimEnd().split("\n");
      const expected = Array.from({ length: 50 }, (_, i) => [
        `out ${i}`,
        `native err ${i}`,
        `err ${i}`,
        `native out ${i}`,
      ]).flat();
      expect(lines.slice(0, 200)).toEqual(expected);
      expect(lines.slice(200).sort()).toEqual([
        "after the child",
        "before the child",
        "child error",
        "from the child",
      ]);
      expect(lines.at(200)).toBe("before the child");
      expect(lines.at(-1)).toBe("after the child");
    }));

  it("is without the lines by which TensorFlow tells that all is well", () =>
    withKernel(async (kernel) => {
      const end = await kernel.run(`
        const say = (process as any)._rawDebug;
        say("I0000 00:00:1795483669.942514   15499 port.cc:153] oneDNN custom operations are on.");
        say("E0000 00:00:1795483669.942514   15499 port.cc:154] out of memory");`);
      expect(end.printed).toBe("E0000 00:00:1795483669.942514   15499 port.cc:154] out of memory\n");
    }));

  it("is all there before the cell's end is reported, however much", () =>
    withKernel(async (kernel) => {
      const end = await kernel.run("for (let i = 0; i < 20_000; i++) console.log(i);");
      expect(end.printed.split("\n").length).toBe(20_001);
    }));

  it("goes to the cell whose code wrote it, also after that cell ended", () =>
    withKernel(async (kernel) => {
      await kernel.run(
        "setTimeout(() => console.log('late from first'), 30); (async () => { await new Promise((r) => setTimeout(r, 40)); console.error('later') })();",
        "first",
      );
      await kernel.run(
        "console.log('second'); await new Promise((r) => setTimeout(r, 100)); console.log('still second')",
        "second",
      );
      expect(kernel.shown("first").printed).toBe("late from first\nlater\n");
      expect(kernel.shown("second").printed).toBe("second\nstill second\n");
    }));

  it("survives a crash to the last line", async () => {
    const kernel = new TestKernel();
    await expect(
      kernel.run(
        "console.log('last words'); process.stderr.write('and these'); process.kill(process.pid, 'SIGKILL');",
        "a",
      ),
    ).rejects.toThrow(/SIGKILL/);
    expect(kernel.shown("a").printed).toBe("last words\nand these");
    await kernel.close();
  });

  it("may end in the middle of a character", () =>
    withKernel(async (kernel) => {
      const end = await kernel.run(
        "const bytes = Buffer.from('a€b'); process.stdout.write(bytes.subarray(0, 2)); process.stdout.write(bytes.subarray(2)); process.stdout.write('ff', 'hex')",
      );
      expect(end.printed.startsWith("a€b")).toBe(true);
    }));

  it("shows what a cell leaves of a character in that cell, from JavaScript and from native code", () =>
    withKernel(async (kernel) => {
      const half = "Buffer.from('€').subarray(0, 2)";
      expect((await kernel.run(`process.stdout.write(${half})`)).printed).toBe("\ufffd");
      expect((await kernel.run(`require("fs").writeSync(1, ${half})`)).printed).toBe("\ufffd");
      expect((await kernel.run(`process.stdout.write(${half}); console.log("b")`)).printed).toBe("\ufffdb\n");
      expect((await kernel.run("console.log('next')")).printed).toBe("next\n");
    }));

  it("comes in pieces where it is long, and a Stop comes in between", () =>
    withKernel(async (kernel) => {
      const end = await kernel.run("process.stdout.write('x' + '\u{1f600}'.repeat(300_000)); 1", "long");
      const pieces = streams(kernel.events, "long").map(([, text]) => text);
      expect(Math.max(...pieces.map((text) => text.length))).toBeLessThanOrEqual(250_000);
      expect(end.printed).toBe(`x${"\u{1f600}".repeat(300_000)}`);
      expect(pieces.filter((text) => /[\ud800-\udfff]/u.test(text))).toEqual([]);

      const running = kernel.run("process.stdout.write(Buffer.alloc(4e8, 97)); 'all of it'", "endless");
      await kernel.until(({ events }) => streams(events, "endless").length > 3);
      const asked = performance.now();
      kernel.process.interrupt();
      expect((await running).status).toBe("interrupted");
      expect(performance.now() - asked).toBeLessThan(1_000);
    }));

  it("has its own process.stdout: write calls back, end does not close it", () =>
    withKernel(async (kernel) => {
      const end = await kernel.run(
        "await new Promise<void>((done) => process.stdout.write('one ', () => done())); process.stdout.end(); process.stdout.write('two')",
      );
      expect(end.printed).toBe("one two");
    }));

  it("may come through a pipeline", () =>
    withKernel(async (kernel) => {
      const end = await kernel.run(
        "import { Readable } from 'node:stream'; import { pipeline } from 'node:stream/promises'; await pipeline(Readable.from(['a', 'b']), process.stdout); 'through'",
      );
      expect([end.status, end.printed]).toEqual(["ok", "ab"]);
    }));

  it("waits where the front end reads slowly, and loses nothing", () =>
    withKernel(async (kernel) => {
      kernel.process.pause();
      const running = kernel.run(
        "let written = 0; for (let i = 0; i < 20_000; i++) { console.log('x'.repeat(200)); written = i }",
        "a",
      );
      await new Promise((resolve) => setTimeout(resolve, 300));
      expect(kernel.events.filter((event) => event.type === "stream")).toHaveLength(0);
      kernel.process.resume();
      expect((await running).printed.length).toBe(20_000 * 201);
    }));

  it("beyond a limit goes to a file that the output names", () =>
    withKernel(async (kernel) => {
      const end = await kernel.run(
        "const line = 'y'.repeat(999); for (let i = 0; i < 15_000; i++) console.log(line);",
      );
      const file = /The rest is in (.*)\]/.exec(end.printed)?.[1] ?? "";
      const shown = end.printed.slice(0, end.printed.indexOf("\n[This cell printed"));
      expect(shown.length + statSync(file).size).toBe(15_000 * 1_000);
      expect(readFileSync(file, "utf8").endsWith("y\n")).toBe(true);
      rmSync(path.dirname(file), { recursive: true });
    }));

  it("an interrupted producer leaves what it printed", () =>
    withKernel(async (kernel) => {
      const running = kernel.run("let i = 0; while (true) console.log(i++);", "a");
      await kernel.until(({ events }) => streams(events, "a").length > 100);
      kernel.process.interrupt();
      const end = await running;
      const lines = end.printed.trimEnd().split("\n");
      expect(end.status).toBe("interrupted");
      expect(lines).toEqual(lines.map((_, i) => String(i)));
    }));
});
