import { mkdtemp, readdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import * as ort from "onnxruntime-node";
import { describe, expect, test } from "vitest";
import { batchNorm, conv, dense } from "../../../src/vae/models/layers/spec";
import { decodeSafetensors, encodeSafetensors } from "../../../src/vae/models/safetensors";
import { vae } from "../../../src/vae/session";
import { bars } from "./small";

const folder = () => mkdtemp(join(tmpdir(), "vaenb-saved-"));
const options = { input: [8], latent: 2, encoder: [dense(5), batchNorm()], likelihood: "gaussian" } as const;
const trained = async () => {
  const model = vae(options);
  await model.fit(bars(64), { steps: 5, batchSize: 16, checkpoints: false });
  return model;
};

describe("a saved model", () => {
  test("comes back with the same weights, running statistics and reconstructions", async () => {
    const model = await trained();
    const path = join(await folder(), "bars.vae");
    await model.save(path);
    const again = await vae.load(path);
    expect(again.weights()).toEqual(model.weights());
    expect(again.summary).toEqual(model.summary);
    const points = Float32Array.of(0.5, -1);
    expect(await again.decodeAll(points)).toEqual(await model.decodeAll(points));
  });

  test("trains on as the one that was saved would", async () => {
    const model = await trained();
    const path = join(await folder(), "bars.vae");
    await model.save(path);
    const again = await vae.load(path);
    const plan = { steps: 3, batchSize: 16, optimizer: "sgd", checkpoints: false } as const;
    await model.fit(bars(64), plan);
    await again.fit(bars(64), plan);
    expect(again.weights()).toEqual(model.weights());
  });

  test("can be read again whatever kind of numbers its weights were set to", async () => {
    const model = await trained();
    const path = join(await folder(), "bars.vae");
    const [name = ""] = Object.keys(model.weights());
    const values = Array.from(model.weights()[name] ?? [], (_, i) => i / 8);
    model.setWeights({ [name]: Float64Array.from(values) as never });
    await model.save(path);
    expect(Array.from((await vae.load(path)).weights()[name] ?? [])).toEqual(values);
    expect(() => {
      model.setWeights({ [name]: values.map(String).map(() => "x") as never });
    }).toThrow("must be numbers");
  });

  test("is a safetensors file that says how it was made", async () => {
    const path = join(await folder(), "bars.vae");
    await (await trained()).save(path);
    const bytes = await readFile(path);
    const headerLength = Number(bytes.readBigUInt64LE(0));
    expect(headerLength % 8).toBe(0);
    const header = JSON.parse(bytes.subarray(8, 8 + headerLength).toString()) as Record<string, object>;
    expect(header["encoder.0.kernel"]).toMatchObject({ dtype: "F32", shape: [8, 5] });
    expect(decodeSafetensors(bytes).metadata.architecture).toContain('"encoder":[{"layer":"dense"');
  });

  test("with functions of a person's own needs them again, and says which", async () => {
    const functions = {
      weights: { w: vae.glorot([8, 2]) },
      encode: (x: tf.Tensor2D, { w }: { w: tf.Tensor2D }) => ({
        mean: tf.matMul(x, w),
        logVariance: tf.zerosLike(tf.matMul(x, w)),
      }),
      decode: (z: tf.Tensor2D, { w }: { w: tf.Tensor2D }) => tf.matMul(z, w, false, true),
    };
    const model = vae.define({ input: [8], latent: 2, ...functions });
    const path = join(await folder(), "own.vae");
    await model.save(path);
    await expect(vae.load(path)).rejects.toThrow(`vae.load("${path}", { weights, encode, decode })`);
    const again = await vae.load(path, functions);
    expect(again.weights()).toEqual(model.weights());
    expect(await again.posterior(bars(3))).toEqual(await model.posterior(bars(3)));
  });

  test("that cannot be written is an error that says why", async () => {
    const here = await folder();
    await writeFile(join(here, "notes.txt"), "");
    const model = vae(options);
    await expect(model.save(here)).rejects.toThrow(
      `${here} could not be written: it is a folder. Give another path.`,
    );
    await expect(model.save(join(here, "notes.txt", "bars.vae"))).rejects.toThrow(
      "could not be written: a part of its path is a file, not a folder.",
    );
    expect(await readdir(here)).toEqual(["notes.txt"]);
  });

  test("that is missing, cut short or something else is an error that says so", async () => {
    const here = await folder();
    const path = join(here, "bars.vae");
    await expect(vae.load(path)).rejects.toThrow(`There is no file ${path}.`);
    await (await trained()).save(path);
    const bytes = await readFile(path);
    for (const length of [0, 4, 100, bytes.length - 1]) {
      await writeFile(path, bytes.subarray(0, length));
      await expect(vae.load(path)).rejects.toThrow(/safetensors file|cut short/);
    }
    await writeFile(path, "no weights at all, but long enough");
    await expect(vae.load(path)).rejects.toThrow(
      /This is no safetensors file, or one that was cut short: it has 34 bytes/,
    );
    await writeFile(path, encodeSafetensors({ metadata: {}, tensors: {} }));
    await expect(vae.load(path)).rejects.toThrow("not of a model saved here");
  });
});

describe("an exported model", () => {
  test.each([
    ["of dense layers", vae({ ...options, encoder: [dense(5)] })],
    ["of convolutions", vae({ input: [8, 8, 1], latent: 3, encoder: [conv(4), dense(6)] })],
  ])("%s runs in ONNX Runtime as it does here", async (_name, model) => {
    const batchSize = 2;
    const path = join(await folder(), "exported");
    const { encoder, decoder } = await model.export("onnx", { batchSize, path });
    expect(await readFile(`${path}.encoder.onnx`)).toEqual(Buffer.from(encoder));
    const x = tf.randomUniform([batchSize, ...model.input], 0, 1, "float32", 3);
    const encoding = await ort.InferenceSession.create(encoder);
    expect([encoding.inputNames, encoding.outputNames]).toEqual([["x"], ["mean", "logVariance"]]);
    const posterior = await encoding.run({ x: new ort.Tensor("float32", x.dataSync(), x.shape) });
    closeTo(posterior.mean?.data, model.encode(x).mean.dataSync());
    closeTo(posterior.logVariance?.data, model.encode(x).logVariance.dataSync());

    const z = tf.randomNormal([batchSize, model.latent], 0, 1, "float32", 4);
    const decoding = await ort.InferenceSession.create(decoder);
    const { mean } = await decoding.run({ z: new ort.Tensor("float32", z.dataSync(), z.shape) });
    expect(mean?.dims).toEqual([batchSize, ...model.input]);
    closeTo(mean?.data, model.decode(z).dataSync());
  });
});

function closeTo(values: unknown, expected: ArrayLike<number>): void {
  expect(values).toBeInstanceOf(Float32Array);
  const found = values as Float32Array;
  expect(found).toHaveLength(expected.length);
  for (let i = 0; i < expected.length; i++) expect(found[i]).toBeCloseTo(expected[i] ?? NaN, 4);
}
