import { beforeAll, describe, expect, test } from "vitest";
import type { TrainTest } from "../../../src/vae/data/dataset";
import { fashionMnist } from "../../../src/vae/data/mnist";
import { conv, convTranspose, dense, reshape } from "../../../src/vae/models/layers/spec";
import { session, vae } from "../../../src/vae/session";

/**
 * The losses that PyTorch reaches on Fashion-MNIST with the same networks: Adam at 1e-3, batches of 128, Bernoulli
 * cross-entropy summed over the pixels, nats per example on the test set.
 *
 * They are single runs, and seeds differ. The MLP's by little: seeds 1 to 3 are at 260.6 to 261.3 after one epoch, at 247.4
 * to 247.8 after five and at 244.4 to 244.8 after ten, so that a seed may miss 1 nat by a tenth. The convolutional VAE's by
 * more than its limit, as two latent dimensions fold one way or another. So it is also compared on average. After three
 * epochs, seeds 1 to 8:
 *
 *     here                                 273.3 268.5 272.5 272.4 271.4 271.0 271.0 269.5   mean 271.2
 *     PyTorch 2.13                         273.3 271.6 385.7 270.4 267.4 268.8 274.5 269.4   mean 270.8 without the third
 *     PyTorch, from the first weights here 271.5 267.6 273.4 272.3 271.0 267.5 271.3 271.8   mean 270.8
 *
 * PyTorch's third run stayed at the prior. The last line has other batches and other noise than the first.
 */
const withData = describe.skipIf(process.env.VAENB_DATA === undefined);
if (process.env.VAENB_DATA === undefined)
  console.warn(
    "VAENB_DATA is not set, so learning on Fashion-MNIST is not tested: set it to the folder of its IDX files.",
  );

withData("on Fashion-MNIST", () => {
  let fashion: TrainTest;
  beforeAll(async () => {
    fashion = await fashionMnist();
  });

  const testLosses = async (model: ReturnType<typeof vae>, epochs: number) => {
    const run = await model.fit(fashion.train, {
      epochs,
      batchSize: 128,
      learningRate: 1e-3,
      validationData: fashion.test,
      checkpoints: false,
    });
    const losses = run.history.flatMap(({ validation }) => validation?.loss ?? []);
    console.log(
      losses.map((loss) => loss.toFixed(2)).join(" "),
      `${run.examplesPerSecond.toFixed(0)} examples/s`,
    );
    return losses;
  };

  test("the MLP 784-400-20 learns as in PyTorch: 261.7, 246.7 and 243.8 nats after 1, 5 and 10 epochs", async () => {
    session.seed(1);
    const model = vae({ input: [784], latent: 20, encoder: [dense(400)] });
    const losses = await testLosses(model, 10);
    expect(losses).toHaveLength(10);
    expect(Math.abs((losses[0] ?? NaN) - 261.7)).toBeLessThan(1);
    expect(Math.abs((losses[4] ?? NaN) - 246.7)).toBeLessThan(1);
    expect(Math.abs((losses[9] ?? NaN) - 243.8)).toBeLessThan(1);
  });

  test("the convolutional VAE learns as in PyTorch: one seed as one run there, and three on average", async () => {
    const runs: (readonly number[])[] = [];
    for (const seed of [1, 2, 3]) {
      session.seed(seed);
      const model = vae({
        input: [28, 28, 1],
        latent: 2,
        encoder: [conv(32), conv(64), dense(16)],
        decoder: [dense(7 * 7 * 64), reshape([7, 7, 64]), convTranspose(64), convTranspose(32)],
      });
      runs.push(await testLosses(model, 3));
    }
    const [, second = []] = runs;
    expect(Math.abs((second[0] ?? NaN) - 273.9)).toBeLessThan(2);
    expect(Math.abs((second[2] ?? NaN) - 267.8)).toBeLessThan(2);
    const mean = runs.reduce((sum, losses) => sum + (losses[2] ?? NaN), 0) / runs.length;
    expect(Math.abs(mean - 270.8)).toBeLessThan(2);
  });
});
