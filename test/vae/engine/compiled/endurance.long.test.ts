import { describe, expect, test } from "vitest";
import { createCompiledEngine } from "../../../../src/vae/engine/compiled";
import type { OptimizerSpec } from "../../../../src/vae/engine/engine";
import { denseVae } from "./models";
import { Choices } from "./random";

const adam: OptimizerSpec = { kind: "adam", beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };
const engine = createCompiledEngine({ threads: 1 });
const megabytes = (): number => process.memoryUsage.rss() / 1e6;

describe("training for long", () => {
  test("100,000 steps grow the process by less than 20 MB", async () => {
    const model = denseVae({ input: 100, hidden: [32, 16], latent: 2, batch: 64 });
    const trainer = await engine.trainer(model.step, engine.weights(model.specs), adam);
    const data = model.data(new Choices(1));
    const steps = async (count: number): Promise<void> => {
      for (let i = 0; i < count; i++) await trainer.step(data, { learningRate: 1e-4, clipNorm: 1 });
    };
    // The heap needs a while to find its size.
    await steps(5_000);
    const before = megabytes();
    await steps(100_000);
    expect(megabytes() - before).toBeLessThan(20);
  });
});
