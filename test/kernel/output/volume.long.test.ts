import { readFileSync, rmSync, statSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { withKernel } from "../testKernel";

/** The most memory that a process ever held, in megabytes. */
const peakMegabytes = (pid: number): number =>
  Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? NaN) / 1024;

describe("a lot of output", () => {
  it("100,000 lines interleaved with stderr, then 1,000 from a timer after the end: none lost, all in order, all in their cell", () =>
    withKernel(async (kernel) => {
      await kernel.run(
        `for (let i = 0; i < 100_000; i++) { console.log("line", i); if (i % 10 === 0) console.error("error", i); }
         let late = 0;
         const timer = setInterval(() => { for (let i = 0; i < 100; i++) console.log("late", late++); if (late === 1_000) clearInterval(timer); }, 5);`,
        "printer",
      );
      const expected = Array.from({ length: 100_000 }, (_, i) =>
        i % 10 === 0 ? [`line ${i}`, `error ${i}`] : [`line ${i}`],
      ).flat();
      await kernel.run("console.log('another cell'); await new Promise((r) => setTimeout(r, 50))", "other");
      const late = Array.from({ length: 1_000 }, (_, i) => `late ${i}`);
      await kernel.until((one) => one.shown("printer").printed.endsWith("late 999\n"), 20_000);
      expect(kernel.shown("printer").printed.trimEnd().split("\n")).toEqual([...expected, ...late]);
      expect(kernel.shown("other").printed).toBe("another cell\n");
      expect(peakMegabytes(kernel.process.pid ?? 0)).toBeLessThan(300);
    }));

  it("a gigabyte from one cell takes neither the kernel nor the front end down", () =>
    withKernel(async (kernel) => {
      const before = process.memoryUsage.rss();
      const end = await kernel.run(
        "const block = 'z'.repeat(99_999); for (let i = 0; i < 10_000; i++) console.log(block); 'done'",
      );
      const file = /The rest is in (.*)\]/.exec(end.printed)?.[1] ?? "";
      const shown = end.printed.indexOf("\n[This cell printed");
      expect(end.text).toBe("'done'");
      expect(shown + statSync(file).size).toBe(1_000_000_000);
      expect(peakMegabytes(kernel.process.pid ?? 0)).toBeLessThan(300);
      expect((process.memoryUsage.rss() - before) / 2 ** 20).toBeLessThan(600);
      expect(await kernel.value("block.length")).toBe("99999");
      rmSync(path.dirname(file), { recursive: true });
    }));
});
