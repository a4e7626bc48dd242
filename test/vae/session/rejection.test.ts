import { afterAll, beforeAll, expect, test } from "vitest";
import { TestKernel } from "../../kernel/testKernel";

let kernel: TestKernel;
beforeAll(async () => {
  kernel = new TestKernel();
  await kernel.process.ready;
}, 60_000);
afterAll(() => kernel.close());

test("a rejection that nobody awaits is told in its cell, also while the library starts", async () => {
  await kernel.run('import { session } from "vaenb";');
  await kernel.run("void Promise.reject(new Error('unawaited'));", "stray");
  const end = await kernel.run("await new Promise((go) => setTimeout(go, 300)); 'alive'");
  expect(end.status).toBe("ok");
  expect(kernel.shown("stray").error?.message).toBe("unawaited");
}, 60_000);
