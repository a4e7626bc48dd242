import { describe, expect, expectTypeOf, it } from "vitest";
import { type Views, viewMime, viewNames } from "../../../src/protocol/views";
import type { DatasetData } from "../../../src/vae/figures/dataset";
import {
  datasetFigure,
  type Figure,
  gradientCheckFigure,
  modelFigure,
  plot,
  runFigure,
  scoreFigure,
  tensorFigure,
} from "../../../src/vae/figures";
import type { ImagesData } from "../../../src/vae/figures/imageGrid";
import type { KlData } from "../../../src/vae/figures/klPerDimension";
import type { LatentData } from "../../../src/vae/figures/latentSpace";
import type { ManifoldData } from "../../../src/vae/figures/manifold";
import type { ModelData } from "../../../src/vae/figures/model";
import type { ScoreData } from "../../../src/vae/figures/score";
import type { TableData } from "../../../src/vae/figures/table";
import type { TensorData } from "../../../src/vae/figures/tensor";
import type { TrainingData } from "../../../src/vae/figures/training";
import type { TraversalsData } from "../../../src/vae/figures/traversals";
import { display } from "../../../src/vae/host";
import { fallingRun, gradientCheck, modelSummary, pictures, score, transparentModel } from "./fakes";

const data = pictures(30, [8, 8, 1]);
const model = transparentModel(3, [8, 8, 1]);

const figures: Readonly<Record<string, () => Figure | Promise<Figure>>> = {
  loss: () => plot.loss(fallingRun()),
  run: () => runFigure(fallingRun()),
  reconstructions: () => plot.reconstructions(model, data),
  samples: () => plot.samples(model),
  interpolation: () => plot.interpolation(model, data, [0, 0, 0]),
  latentSpace: () => plot.latentSpace(model, data),
  manifold: () => plot.manifold(model),
  traversals: () => plot.traversals(model, data),
  klPerDimension: () => plot.klPerDimension(model, data),
  dataset: () => datasetFigure(data),
  model: () => modelFigure({ summary: modelSummary }),
  score: () => scoreFigure(score),
  tensor: () => tensorFigure({ shape: [2, 2], dtype: "float32", values: Float32Array.of(1, NaN, 3, 4) }),
  gradientCheck: () => gradientCheckFigure(gradientCheck),
};

/** Figures whose text says all that a picture could. */
const withoutPicture = new Set(["model", "tensor", "gradientCheck"]);

describe.each(Object.entries(figures))("the %s figure", (name, make) => {
  it("has our view, a standard face and a text", async () => {
    const made = await make();
    const bundle = made[display]();
    const standard = ["image/png", "application/vnd.plotly.v1+json"].filter((mime) => mime in bundle);
    expect(viewNames).toContain(made.view);
    expect(bundle[`application/vnd.vaenb.${made.view}+json`]).toEqual(made.data);
    expect(standard).toHaveLength(withoutPicture.has(name) ? 0 : 1);
    expect(bundle["text/plain"]).toBe(made.text);
    expect(made.text.split("\n").length).toBeGreaterThan(2);
  });

  it("loses nothing on its way through JSON", async () => {
    const { [display]: faces, data } = await make();
    expect(JSON.parse(JSON.stringify(data))).toEqual(data);
    const chart = faces()["application/vnd.plotly.v1+json"];
    if (chart !== undefined) expect(JSON.parse(JSON.stringify(chart))).toEqual(chart);
  });

  it("fits a terminal of 120 columns", async () => {
    const { text } = await make();
    for (const line of text.split("\n")) expect(line.length).toBeLessThanOrEqual(120);
  });

  it("prints as its text", async () => {
    const made = await make();
    expect(String(made)).toBe(made.text);
  });
});

it("figures give what the protocol says that views read", () => {
  expectTypeOf<TrainingData>().toExtend<Views["training"]>();
  expectTypeOf<ImagesData>().toExtend<Views["images"]>();
  expectTypeOf<LatentData>().toExtend<Views["latent"]>();
  expectTypeOf<ManifoldData>().toExtend<Views["manifold"]>();
  expectTypeOf<TraversalsData>().toExtend<Views["traversals"]>();
  expectTypeOf<KlData>().toExtend<Views["kl"]>();
  expectTypeOf<DatasetData>().toExtend<Views["dataset"]>();
  expectTypeOf<ModelData>().toExtend<Views["model"]>();
  expectTypeOf<ScoreData>().toExtend<Views["score"]>();
  expectTypeOf<TensorData>().toExtend<Views["tensor"]>();
  expectTypeOf<TableData>().toExtend<Views["table"]>();
  expect(viewNames.map(viewMime)).toContain("application/vnd.vaenb.training+json");
});
