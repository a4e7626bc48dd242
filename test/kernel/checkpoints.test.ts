import { rmSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { savedTraining } from "../../src/extension/run/checkpoints";
import { TestKernel } from "./testKernel";

test("a kernel that is killed in a training has told where its checkpoint is, however a cell named the folder", async () => {
  const told: string[] = [];
  let heard = (): void => {};
  const checkpoint = new Promise<void>((resolve) => (heard = resolve));
  const kernel = new TestKernel(undefined, (event) => {
    if (event.type !== "checkpoint") return;
    told.push(event.folder);
    heard();
  });
  const { pid } = kernel.process;
  const running = kernel.run(`
    import { data, dense, session, vae } from "vaenb";
    session.folder = ["runs", new Date().getFullYear()].join("/");
    const { train } = data.digits({ train: 200, test: 20, size: 8 });
    const model = vae({ input: train.shape, latent: 2, encoder: [dense(8)], name: "killed" });
    await model.fit(train, { steps: 1_000_000, batchSize: 20, checkpoints: { everySteps: 50 } });
  `);
  await Promise.race([checkpoint, running]);
  process.kill(pid ?? 0, "SIGKILL");
  await expect(running).rejects.toThrow();
  const folder = path.join(kernel.folder, "runs", String(new Date().getFullYear()));
  expect([...new Set(told)]).toEqual([folder]);
  expect(await savedTraining(told, pid ?? 0)).toMatchObject({
    folder,
    model: "killed",
    totalSteps: 1_000_000,
  });
  rmSync(kernel.folder, { recursive: true });
});
