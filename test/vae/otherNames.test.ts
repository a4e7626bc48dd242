import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { digits } from "../../src/vae/data/digits/digits";
import { dense } from "../../src/vae/models/layers/spec";
import { vae } from "../../src/vae/session";
import { bars } from "./models/small";

const model = vae({ input: [8], latent: 2, encoder: [dense(4)], likelihood: "bernoulli" });
const pair = digits({ train: 10, test: 2, size: 8 });
const run = await model.fit(bars(20), { steps: 2, batchSize: 10, checkpoints: false });

const score = await model.evaluate(bars(20));

/** What a cell's code, which is not type-checked when it runs, reads. */
const read = (value: object, name: string): unknown => Reflect.get(value, name);

describe("a name that another library uses is answered with ours:", () => {
  test.each<[string, object, string, string]>([
    ["predict", model, "predict", 'A model has no "predict". model.reconstruct(examples) gives'],
    ["train", model, "train", "model.fit(data, { epochs: 10 }) trains"],
    ["sample", model, "sample", "plot.samples(model) shows"],
    ["reset", model, "reset", "run the cell that makes it again"],
    ["map, of a dataset", bars(4), "map", "augment"],
    [
      "take, of training and test data together",
      pair,
      "take",
      'Training and test data together have no "take". Use .train or .test',
    ],
    ["an index, of a dataset", bars(4), "3", 'A dataset has no "3". dataset.take(1) is its first'],
    ["losses, of a run", run, "losses", "run.history"],
    ["loss, of a score", score, "loss", 'A score has no "loss". score.elbo is'],
  ])("%s", (_name, value, name, meant) => {
    expect(() => read(value, name)).toThrow(TypeError);
    expect(() => read(value, name)).toThrow(meant);
  });
});

describe.each<[string, object]>([
  ["a model", model],
  ["a dataset", bars(4)],
  ["training and test data", pair],
  ["a run", run],
  ["a score", score],
])("%s is an object like any other", (_name, value) => {
  const wrong = ["predict", "train!", "map", "losses", "sample", "take!"];
  test("in which these names are not, nor others", () => {
    for (const name of wrong) expect(name in value, name).toBe(false);
    expect(read(value, "then")).toBeUndefined();
    expect(read(value, "toJSON")).toBeUndefined();
    expect(read(value, "somethingElse")).toBeUndefined();
  });
  test("that can be awaited, printed, compared and asked what it is", async () => {
    expect(await Promise.resolve(value)).toBe(value);
    expect(inspect(value)).not.toContain("Proxy");
    expect(value).toEqual(value);
    expect(value instanceof Object).toBe(true);
    expect(Object.prototype.hasOwnProperty.call(value, "predict")).toBe(false);
    expect(String(read(value, "hasOwnProperty"))).toContain("native code");
  });
  test("whose names are listed as before", () => {
    const listed: string[] = [];
    for (const name in value) listed.push(name);
    for (const name of wrong) expect(listed).not.toContain(name);
  });
});

test("a person may still give a model a property of such a name", () => {
  const own = vae({ input: [8], latent: 2, encoder: [dense(4)], likelihood: "bernoulli" });
  Reflect.set(own, "predict", 3);
  expect(read(own, "predict")).toBe(3);
});

test("a model's options cannot be set, which would have no effect: the error says how to make a variant", () => {
  const given = { input: [8], latent: 2, encoder: [dense(4)], likelihood: "bernoulli" as const };
  const own = vae(given);
  expect(() => Object.assign(own.options, { beta: 4 })).toThrow("vae({ ...model.options, beta: ... })");
  expect(() => Reflect.deleteProperty(own.options, "latent")).toThrow("cannot be changed");
  expect(vae({ ...own.options, latent: 3 }).latent).toBe(3);
  given.latent = 5;
  expect(own.options.latent).toBe(2);
  expect(inspect(own.options)).not.toContain("Proxy");
});
