import { afterAll, beforeAll, expect, test } from "vitest";
import { TestKernel } from "../../kernel/testKernel";

let kernel: TestKernel;
beforeAll(async () => {
  kernel = new TestKernel();
  await kernel.process.ready;
  await kernel.run(`import { data, dense, vae } from "vaenb";
const digits = data.digits({ train: 200, test: 10 });
const model = vae({ input: digits.shape, latent: 2, encoder: [dense(8)], decoder: [dense(8)] });
const how = { epochs: 2, batchSize: 50, checkpoints: false } as const;`);
}, 60_000);
afterAll(() => kernel.close());

const told =
  /has ended, and a training, an evaluation or a download that it began\s+goes on.*await model\.fit/s;

test("a cell whose training nobody awaits says so once, and one that awaits it says nothing", async () => {
  await kernel.run("const run = model.fit(digits.train, how);", "forgotten");
  await kernel.run("await run;", "awaits");
  await kernel.run("await model.fit(digits.train, how);", "proper");
  expect(kernel.shown("forgotten").printed.match(new RegExp(told, "g"))).toHaveLength(1);
  expect(kernel.shown("awaits").printed + kernel.shown("proper").printed).toBe("");
}, 60_000);

test("a cell that a Stop ends says nothing of its training, which ends too", async () => {
  const running = kernel.run("await model.fit(digits.train, { ...how, epochs: 100_000 });", "stopped");
  await new Promise((go) => setTimeout(go, 500));
  kernel.process.interrupt();
  expect((await running).status).toBe("interrupted");
  expect(kernel.shown("stopped").printed).not.toMatch(told);
}, 60_000);
