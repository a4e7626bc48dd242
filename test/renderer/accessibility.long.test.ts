import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { describe, expect, it } from "vitest";
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
import {
  fallingRun,
  gradientCheck,
  modelSummary,
  pictures,
  score,
  transparentModel,
} from "../vae/figures/fakes";
import { webviews } from "./page";

const open = webviews();

const data = pictures(60, [8, 8, 1]);
const model = transparentModel(3, [8, 8, 1], 0.5);
const warnings = [{ kind: "other", step: 5, text: "Something to know." }] as const;

const figures: Readonly<Record<string, () => Figure | Promise<Figure>>> = {
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
};

interface Finding {
  readonly id: string;
  readonly impact: string | null;
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
}

describe.each(["dark", "light", "high-contrast"] as const)("in the %s theme", (theme) => {
  it.each(Object.entries(figures))("axe finds nothing serious in the %s view", async (_, make) => {
    const view = await open({}, theme);
    await view.draw(await make());
    await view.page.waitForSelector("#output .vaenb-panel", { state: "attached" });
    if ((await view.page.locator(".vaenb-chart").count()) > 0) await view.chart();
    await view.page.addScriptTag({
      content: await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8"),
    });
    const findings = await view.page.evaluate<Finding[]>(
      "axe.run('#output').then(({ violations }) => violations)",
    );
    const serious = findings.filter(({ impact }) => impact === "serious" || impact === "critical");
    expect(
      serious.map(({ id, nodes }) => `${id}: ${nodes[0]?.html} ${nodes[0]?.failureSummary ?? ""}`),
    ).toEqual([]);
  });
});
