import { describe, expect, it } from "vitest";
import { viewGuards } from "../../src/protocol/viewGuards";
import { viewOfMime } from "../../src/protocol/views";
import { valueTree } from "../../src/kernel/output/valueTree";
import {
  datasetFigure,
  type Figure,
  gradientCheckFigure,
  modelFigure,
  plot,
  runFigure,
  scoreFigure,
  tensorFigure,
} from "../../src/vae/figures";
import { display } from "../../src/vae/host";
import {
  ailing,
  fallingRun,
  gradientCheck,
  modelSummary,
  pictures,
  score,
  transparentModel,
} from "../vae/figures/fakes";

const data = pictures(30, [8, 8, 1]);
const model = transparentModel(3, [8, 8, 1]);
const diverged = ailing(
  model,
  Array.from({ length: data.size }, (_, i) => i),
);
const divergedScore = {
  ...score,
  elbo: NaN,
  reconstruction: NaN,
  kl: NaN,
  klPerDimension: [NaN, NaN, NaN],
  posteriorMeanVariance: [NaN, NaN, NaN],
  activeUnits: 0,
  importanceWeightedBound: NaN,
  reconstructionMse: NaN,
};
const noLosses = { loss: NaN, reconstruction: NaN, kl: Infinity };
const divergedRun = fallingRun({
  status: "failed",
  history: fallingRun().history.map((point) => ({ ...point, train: noLosses, validation: noLosses })),
  klPerDimension: [NaN, Infinity],
  examplesPerSecond: NaN,
  secondsLeft: NaN,
});
const pixel = Buffer.from([7]).toString("base64");

describe("what figures give passes its guard whole", () => {
  it.each<readonly [string, () => Figure | Promise<Figure>]>([
    ["training", () => runFigure(fallingRun())],
    ["training before its first step", () => runFigure(fallingRun({ history: [], secondsLeft: NaN }))],
    ["images", () => plot.reconstructions(model, data)],
    ["latent", () => plot.latentSpace(model, data)],
    ["manifold", () => plot.manifold(model)],
    ["traversals", () => plot.traversals(model, data)],
    ["kl", () => plot.klPerDimension(model, data)],
    ["dataset", () => datasetFigure(data)],
    ["model", () => modelFigure({ summary: modelSummary })],
    ["score", () => scoreFigure(score)],
    ["score that is not a number", () => scoreFigure({ ...score, elbo: NaN })],
    ["tensor", () => tensorFigure({ shape: [2], dtype: "float32", values: Float32Array.of(NaN, 2) })],
    ["latent of a model that diverged", () => plot.latentSpace(diverged, data)],
    ["kl of a model that diverged", () => plot.klPerDimension(diverged, data)],
    ["score of a model that diverged", () => scoreFigure(divergedScore)],
    ["training that diverged", () => runFigure(divergedRun)],
    ["table", () => gradientCheckFigure(gradientCheck)],
  ])("%s", async (_, make) => {
    const figure = await make();
    const sent: unknown = JSON.parse(JSON.stringify(figure.data));
    const view = viewOfMime(Object.keys(figure[display]())[0] ?? "");
    if (view === undefined) throw new Error("the figure has no view");
    expect(viewGuards[view](sent, "its data")).toEqual(sent);
  });

  it("value", () => {
    const { tree } = valueTree({ a: [1, { b: new Map([[1, 2]]) }] });
    expect(viewGuards.value(tree, "its data")).toEqual(tree);
  });
});

describe("what an older version wrote is drawn as it was", () => {
  it("latent points without the colours of their classes", async () => {
    const { data: now } = await plot.latentSpace(model, data);
    const labels = { names: now.labels?.names, of: now.labels?.of };
    const read = viewGuards.latent({ ...now, labels }, "its data");
    expect(read.labels).toEqual({ ...labels, colours: ["#3f90da", "#ffa90e", "#bd1f01"] });
  });

  it("latent points without a word of why some have no place", async () => {
    const { whyMissing, ...before } = (await plot.latentSpace(model, data)).data;
    expect(viewGuards.latent(before, "its data").whyMissing).toBe(whyMissing);
  });

  it("the curves of one run, and of two, without their colours", () => {
    const [now] = runFigure(fallingRun()).data.runs;
    const { colours: _, ...before } = now ?? { colours: undefined };
    const coloursOf = (runs: readonly unknown[]) =>
      viewGuards.training({ title: "t", unit: "u", runs }, "its data").runs.map(({ colours }) => colours);
    expect(coloursOf([before])).toEqual([{ training: "#3f90da", validation: "#ffa90e" }]);
    expect(coloursOf([before, before])).toEqual([
      { training: "#3f90da", validation: "#3f90da" },
      { training: "#ffa90e", validation: "#ffa90e" },
    ]);
  });
});

describe("what a newer version wrote besides is passed over", () => {
  it.each(["latent", "training"] as const)("%s", async (view) => {
    const figures = { latent: await plot.latentSpace(model, data), training: runFigure(fallingRun()) };
    const sent = figures[view].data;
    expect(viewGuards[view]({ ...sent, fieldOfTomorrow: 1 }, "its data")).toEqual(sent);
  });
});

describe("damaged data are named", () => {
  const images = {
    title: "t",
    columns: 1,
    images: { count: 1, height: 1, width: 1, channels: 1, pixels: { dtype: "u1", bdata: pixel } },
  };
  it.each([
    [{ ...images, images: undefined }, "its data.images: expected an object, got undefined"],
    [{ ...images, columns: 0 }, "its data.columns: expected a whole number from 1, got number 0"],
    [
      { ...images, images: { ...images.images, count: 1e9 } },
      "its data.images.pixels: expected 1000000000 numbers, got number 1",
    ],
    [{ ...images, title: 7 }, "its data.title: expected a string, got number 7"],
    [[], "its data: expected an object, got an array"],
    [null, "its data: expected an object, got null"],
  ])("pictures %#", (damaged, message) => {
    expect(() => viewGuards.images(damaged, "its data")).toThrow(message);
  });

  it("an axis that is shorter than the points", async () => {
    const { data: whole } = await plot.latentSpace(model, data);
    expect(() => viewGuards.latent({ ...whole, count: 31 }, "its data")).toThrow(
      "its data, the axis PC 1: expected 31 numbers, got number 30",
    );
  });

  it("curves of different lengths", () => {
    const { data: whole } = runFigure(fallingRun());
    const [run] = whole.runs;
    const damaged = {
      ...whole,
      runs: [{ ...run, train: { ...run?.train, kl: { dtype: "f4", bdata: "" } } }],
    };
    expect(() => viewGuards.training(damaged, "its data")).toThrow(
      "its data.runs[0].train.kl: expected 100 numbers, got number 0",
    );
  });
});
