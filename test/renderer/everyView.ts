import { valueTree } from "../../src/kernel/output/valueTree";
import {
  datasetFigure,
  gradientCheckFigure,
  modelFigure,
  plot,
  runFigure,
  scoreFigure,
  tensorFigure,
} from "../../src/vae/figures";
import { display, type Displayable } from "../../src/vae/host";
import {
  fallingRun,
  gradientCheck,
  modelSummary,
  pictures,
  score,
  transparentModel,
} from "../vae/figures/fakes";

const data = pictures(60, [8, 8, 1]);
const model = transparentModel(3, [8, 8, 1], 0.5);
const warnings = [{ kind: "other", step: 5, text: "Something to know." }] as const;

/** A value has no figure: the kernel shows it. */
const valueBundle = {
  [display]: () => ({
    "application/vnd.vaenb.value+json": valueTree({ a: 1, deep: { list: [1, 2, { end: "here" }] } }).tree,
  }),
};

/** One output of each view. */
export const everyView: Readonly<Record<string, () => Displayable | Promise<Displayable>>> = {
  training: () => runFigure(fallingRun({ warnings })),
  images: () => plot.reconstructions(model, data),
  latent: () => plot.latentSpace(model, data),
  manifold: () => plot.manifold(model, { size: 5 }),
  traversals: () => plot.traversals(model, data),
  kl: () => plot.klPerDimension(model, data),
  dataset: () => datasetFigure(data),
  model: () => modelFigure({ summary: modelSummary }),
  score: () => scoreFigure(score),
  tensor: () => tensorFigure({ shape: [2, 2], dtype: "float32", values: Float32Array.of(1, 2, 3, 4) }),
  table: () => gradientCheckFigure(gradientCheck),
  value: () => valueBundle,
};
