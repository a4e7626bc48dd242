import { describe, expect, test } from "vitest";
import { conv, cosine, cyclic, data, dense, layerNorm, plot, session, tf, vae, warmUp } from "../../src/vae";
import type { DefineOptions } from "../../src/vae/models/define";
import { closestName } from "../../src/vae/options";
import type { FitOptions } from "../../src/vae/training/options";
import { bars } from "./models/small";

describe("the name that was probably meant", () => {
  const options = ["epochs", "steps", "batchSize", "learningRate", "validationData", "seed"];
  test.each([
    ["epoch", "epochs"],
    ["epcohs", "epochs"],
    ["batch_size", "batchSize"],
    ["BatchSize", "batchSize"],
    ["lr", "learningRate"],
    ["validation", "validationData"],
    ["sede", "seed"],
    ["verbose", undefined],
    ["x", undefined],
  ])("%s: %s", (written, meant) => {
    expect(closestName(written, options)).toBe(meant);
  });
});

/** What a person writes in TypeScript without looking at the red line, or in JavaScript. */
const mistyped = <T>(options: Record<string, unknown>): T => options as T;

describe("a mistyped option is refused where it is written, with the one that was meant", () => {
  const model = vae({ input: [8], latent: 2, encoder: [dense(4)] });
  const fitting = { steps: 1, batchSize: 8, checkpoints: false };
  test.each<[string, () => unknown, string]>([
    [
      "data.digits",
      () => data.digits(mistyped({ tets: 100 })),
      'data.digits has no option "tets". Did you mean "test"? It has train, test, size, seed.',
    ],
    ["data.sprites", () => data.sprites(mistyped({ sizes: 16 })), 'Did you mean "size"?'],
    [
      "data.csv",
      () => data.csv("nowhere.csv", mistyped({ labels: "y" })),
      'data.csv has no option "labels". Did you mean "label"?',
    ],
    ["data.images", () => data.images("nowhere", mistyped({ channel: 3 })), 'Did you mean "channels"?'],
    ["data.idx", () => data.idx("nowhere", mistyped({ label: "l" })), 'Did you mean "labels"?'],
    ["data.fromArray", () => data.fromArray([[1]], mistyped({ shpae: [1] })), 'Did you mean "shape"?'],
    ["data.mnist", () => data.mnist(mistyped({ mirorr: "http://x" })), 'Did you mean "mirror"?'],
    ["batches", () => [...bars(4).batches(2, mistyped({ drwa: 1 }))], 'Did you mean "draw"?'],
    ["binarize", () => bars(4).binarize(mistyped({ treshold: 0.5 })), 'Did you mean "threshold"?'],
    [
      "vae",
      () => vae(mistyped({ input: [8], latent: 2, encoder: [], likelihod: "gaussian" })),
      'vae has no option "likelihod". Did you mean "likelihood"?',
    ],
    [
      "vae.define",
      () => vae.define(mistyped<DefineOptions>({ input: [8], latent: 2, encoder: [] })),
      'vae.define has no option "encoder". Did you mean "encode"?',
    ],
    [
      "dense",
      () => dense(4, mistyped({ actvation: "tanh" })),
      'dense has no option "actvation". Did you mean "activation"?',
    ],
    ["conv", () => conv(4, mistyped({ strides: 1 })), 'conv has no option "strides". Did you mean "stride"?'],
    ["layerNorm", () => layerNorm(mistyped({ eps: 1 })), 'Did you mean "epsilon"?'],
    ["warmUp", () => warmUp(mistyped({ epoch: 3 })), 'warmUp has no option "epoch". Did you mean "epochs"?'],
    ["cyclic", () => cyclic(mistyped({ cycle: 3 })), 'Did you mean "cycles"?'],
    ["cosine", () => cosine(mistyped({ form: 1e-3 })), 'Did you mean "from"?'],
    [
      "fit",
      () => model.fit(bars(8), mistyped({ epoch: 3 })),
      'fit has no option "epoch". Did you mean "epochs"?',
    ],
    [
      "fit: earlyStopping",
      () => model.fit(bars(8), mistyped({ ...fitting, earlyStopping: { patient: 3 } })),
      'earlyStopping has no option "patient". Did you mean "patience"?',
    ],
    [
      "fit: optimizer",
      () => model.fit(bars(8), mistyped({ ...fitting, optimizer: { kind: "adam", beta: 0.5 } })),
      'the optimizer adam has no option "beta". Did you mean "beta1"?',
    ],
    [
      "fit: checkpoints",
      () => model.fit(bars(8), mistyped({ steps: 1, checkpoints: { everyStep: 5 } })),
      'checkpoints has no option "everyStep". Did you mean "everySteps"?',
    ],
    [
      "fit: callbacks",
      () => model.fit(bars(8), mistyped({ ...fitting, callbacks: { onEpochEnd: () => {} } })),
      'callbacks has no option "onEpochEnd". Did you mean "onEpoch"?',
    ],
    [
      "evaluate",
      () => model.evaluate(bars(8), mistyped({ importanceSample: 3 })),
      'Did you mean "importanceSamples"?',
    ],
    [
      "checkGradients",
      () => model.checkGradients(bars(8), mistyped({ tolerence: 1 })),
      'Did you mean "tolerance"?',
    ],
    [
      "beta",
      () => vae(mistyped({ input: [8], latent: 2, encoder: [], beta: "4" })),
      'beta must be a number, a schedule such as warmUp({ epochs: 5 }), or a function such as ({ step }) => (step < 1000 ? 0 : 1), but is "4".',
    ],
    [
      "fit: beta",
      () => model.fit(bars(8), { steps: 1, batchSize: 8, beta: -1 }),
      "beta must be 0 or more, but is -1.",
    ],
    [
      "fit: a beta that is no number at some step",
      () => model.fit(bars(8), { steps: 1, batchSize: 8, checkpoints: false, beta: () => NaN }),
      "beta at step 0 must be 0 or more, but the schedule gave NaN.",
    ],
    [
      "fit: checkpoints every 0 steps",
      () => model.fit(bars(8), { steps: 1, batchSize: 8, checkpoints: { everySteps: 0 } }),
      "checkpoints.everySteps must be a whole number from 1 on, but is 0.",
    ],
    ["export", () => model.export("onnx", mistyped({ batch: 3 })), 'Did you mean "batchSize"?'],
    ["session.resume", () => session.resume(mistyped({ modle: model })), 'Did you mean "model"?'],
    [
      "plot.samples",
      () => plot.samples(model, mistyped({ cont: 4 })),
      'plot.samples has no option "cont". Did you mean "count"?',
    ],
    [
      "plot.reconstructions",
      () => plot.reconstructions(model, bars(8), mistyped({ number: 4 })),
      "It has count, columns.",
    ],
    [
      "plot.latentSpace",
      () => plot.latentSpace(model, bars(8), mistyped({ axis: [0, 1] })),
      'Did you mean "axes"?',
    ],
    ["plot.manifold", () => plot.manifold(model, mistyped({ sise: 4 })), 'Did you mean "size"?'],
    [
      "plot.traversals",
      () => plot.traversals(model, undefined, mistyped({ step: 4 })),
      'Did you mean "steps"?',
    ],
    [
      "plot.interpolation",
      () => plot.interpolation(model, [0, 0], [1, 1], mistyped({ pth: 4 })),
      'Did you mean "path"?',
    ],
  ])("%s", async (_name, call, message) => {
    await expect(new Promise((resolve) => resolve(call()))).rejects.toThrow(message);
  });

  test("options of a model of functions given to one of layers: it names the other way", () => {
    expect(() =>
      vae(mistyped({ input: [8], latent: 2, weights: {}, encode: () => {}, decode: () => {} })),
    ).toThrow("A model of your own functions (weights, encode, decode) is made by vae.define({...}).");
  });
  test("a number where options belong", async () => {
    expect(() => data.digits(500 as never)).toThrow(
      "data.digits takes its options by name, { train, test, size, seed }, but got 500.",
    );
    await expect(model.fit(bars(8), 10 as unknown as FitOptions)).rejects.toThrow("but got 10.");
  });
  test("an option that is undefined is as if it were not there", async () => {
    const run = await model.fit(bars(8), { ...fitting, steps: 1, clipNorm: undefined } as FitOptions);
    expect(run.status).toBe("finished");
  });
});

describe("what a model cannot be made of is refused with what it was", () => {
  const whole = { input: [8], latent: 2, encoder: [dense(4)] };
  test.each<[string, () => unknown, string]>([
    [
      "no input",
      () => vae(mistyped({ ...whole, input: undefined })),
      "input must be the shape of one example, such as [28, 28, 1] or [784], but is missing. If it is the shape of data that are loaded, await them first",
    ],
    ["a number as input", () => vae(mistyped({ ...whole, input: 784 })), "but is 784."],
    [
      "no encoder",
      () => vae(mistyped({ input: [8], latent: 2 })),
      "encoder must be a list of layers, such as [dense(400)], but is missing.",
    ],
    [
      "a layer that was not called",
      () => vae(mistyped({ ...whole, encoder: [dense] })),
      "Layer 1 of the encoder is no layer but the function dense: call it, as in dense(...).",
    ],
    [
      "a number as a layer",
      () => vae(mistyped({ ...whole, decoder: [400] })),
      "Layer 1 of the decoder is no layer but the number 400: dense(400) is a layer of so many units.",
    ],
    [
      "a layer that is no list",
      () => vae(mistyped({ ...whole, encoder: dense(400) })),
      "encoder must be a list of layers, such as [dense(400)], but is one layer: put it into [ ].",
    ],
    [
      "an activation",
      () => dense(4, mistyped({ activation: "rleu" })),
      'There is no activation "rleu". Did you mean "relu"? There are linear,',
    ],
    [
      "a likelihood",
      () => vae(mistyped({ ...whole, likelihood: "Gaussian" })),
      'There is no likelihood "Gaussian". Did you mean "gaussian"?',
    ],
    [
      "a padding",
      () => conv(4, mistyped({ padding: "SAME" })),
      'conv: padding must be "same" or "valid", but is "SAME".',
    ],
    [
      "no function to encode with",
      () => vae.define(mistyped<DefineOptions>({ input: [8], latent: 2, weights: { w: vae.zeros([8]) } })),
      "vae.define needs encode to be a function, (x, weights) => ({ mean, logVariance }), but it is missing.",
    ],
    [
      "a weight that is a tensor",
      () =>
        vae.define(
          mistyped<DefineOptions>({
            input: [8],
            latent: 2,
            weights: { w: tf.zeros([8, 2]) },
            encode: () => {},
            decode: () => {},
          }),
        ),
      "weights.w is a tensor [8, 2], but must say its shape and how it begins: w: vae.glorot([8, 2])",
    ],
  ])("%s", (_name, make, message) => {
    expect(make).toThrow(message);
  });
});

describe("a figure of something that is no model, or no dataset, says what it got", () => {
  const model = vae({ input: [8], latent: 2, encoder: [dense(4)] });
  test.each<[string, () => Promise<unknown>, string]>([
    [
      "a promise of a model",
      () => plot.samples(Promise.resolve(model) as never),
      "plot.samples takes a model first, as vae({...}) makes it, but got a promise: put await before it.",
    ],
    [
      "the dataset first",
      () => plot.latentSpace(bars(8) as never, model as never),
      "plot.latentSpace takes a model first, as vae({...}) makes it, but got a dataset.",
    ],
    [
      "both parts of the data",
      () => plot.klPerDimension(model, data.digits({ train: 1, test: 1, size: 8 }) as never),
      "Pass one of the two: .train or .test of digits.",
    ],
  ])("%s", async (_name, draw, message) => {
    await expect(draw()).rejects.toThrow(message);
  });
});
