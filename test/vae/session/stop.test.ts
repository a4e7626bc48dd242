import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { TestKernel } from "../../kernel/testKernel";

/** From the press to the end of the cell. */
const limit = 200;
const presses = 5;

let kernel: TestKernel;
beforeAll(async () => {
  kernel = new TestKernel();
  await kernel.process.ready;
  await kernel.value(
    'import { data, dense, vae } from "vaenb";',
    "const digits = data.digits({ train: 2_000, test: 500 }).flatten();",
    "const model = vae({ input: [784], latent: 20, encoder: [dense(400)] });",
    "let warmedUp = await model.fit(digits.train, { steps: 5, validationData: digits.test });",
  );
}, 120_000);
afterAll(() => kernel.close());

const sleep = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Trains in a cell, presses Stop after a while, and measures how long the cell still went on. */
async function stoppedAfter(milliseconds: number): Promise<number> {
  const running = kernel.run(
    "const run = await model.fit(digits.train, { steps: 1_000_000, batchSize: 128, validationData: digits.test });",
  );
  await sleep(milliseconds);
  const pressed = performance.now();
  kernel.process.interrupt();
  const end = await running;
  const took = performance.now() - pressed;
  // Interrupted, so that cells waiting behind it do not run; not an error, for it has its run.
  expect([end.status, end.error]).toEqual(["interrupted", undefined]);
  return took;
}

/** A value of the kernel, here. */
async function printed<T>(expression: string): Promise<T> {
  return JSON.parse((await kernel.run(`console.log(JSON.stringify(${expression}))`)).printed) as T;
}

test("Stop ends a fit within 200 ms, in a step or in a validation; the weights are kept, and fit goes on from them", async () => {
  const took: number[] = [];
  let trained = 5;
  for (let press = 0; press < presses; press++) {
    // Not always at the same place of an epoch.
    took.push(await stoppedAfter(400 + 37 * press));
    const [status, step, total] = await printed<[string, number, number]>(
      "[run.status, run.step, model.summary.stepsTrained]",
    );
    expect(status).toBe("stopped");
    expect(step).toBeGreaterThan(0);
    trained += step;
    expect(total, "what every fit before this one learned is kept").toBe(trained);
  }
  // Presses may meet a machine that is busy with something else, but hardly all of them.
  const all = `all: ${took.map(Math.round).join(", ")} ms`;
  expect(Math.min(...took), all).toBeLessThan(limit);
  expect(Math.max(...took), all).toBeLessThan(10 * limit);

  // A tiny step from the weights that the stopped runs left: they are still there.
  await kernel.value(
    "const before = model.weights();",
    "const more = await model.fit(digits.train, { steps: 1, learningRate: 1e-6 });",
  );
  const [status, distance] = await printed<[string, number]>(
    "[more.status, Object.entries(model.weights()).reduce((most, [name, values]) => values.reduce((far, value, i) => Math.max(far, Math.abs(value - before[name]![i]!)), most), 0)]",
  );
  expect(status).toBe("finished");
  expect(distance).toBeGreaterThan(0);
  expect(distance).toBeLessThan(1e-4);
});

test("a kernel that is asked to end just after a Stop has the run's last step on the disk", async () => {
  const own = new TestKernel();
  await own.value(
    'import { data, dense, vae } from "vaenb";',
    "const digits = data.digits({ train: 500, test: 10 }).flatten();",
    // Large, so that writing it takes longer than ending the kernel.
    "const model = vae({ input: [784], latent: 20, encoder: [dense(3_000)] });",
  );
  const running = own.run(
    "const run = await model.fit(digits.train, { steps: 1_000_000, batchSize: 32, checkpoints: { everySteps: 4 } });",
  );
  const runs = () => (existsSync(folder) ? readdirSync(folder) : []);
  const folder = join(own.folder, ".vaenb");
  await own.until(() => runs().length > 0, 60_000);
  own.process.interrupt();
  await running;
  await own.process.shutdown();
  const files = readdirSync(join(folder, runs()[0] ?? ""));
  expect(files.filter((name) => !name.endsWith(".checkpoint"))).toEqual([]);
  const stopped = /step ([\d,]+) of/.exec(JSON.stringify(own.shown("cell-4").outputs))?.[1] ?? "";
  const last = files.sort().at(-1) ?? "";
  expect(Number(/step-(\d+)/.exec(last)?.[1])).toBe(Number(stopped.replaceAll(",", "")));
}, 120_000);
