import type { LayerSummary, ModelSummary } from "../models/model";
import { type Figure, figure, once } from "./figure";
import { shapeCode, whole } from "./format";
import { textTable } from "./textTable";

export interface ModelData {
  readonly title: string;
  readonly layers: readonly {
    readonly part: string;
    readonly name: string;
    readonly output: readonly number[];
    readonly weights: number;
  }[];
  readonly weights: number;
  readonly facts: readonly { readonly name: string; readonly value: string }[];
}

/** A model's layers with their shapes and weights, its loss with the unit, and the engine that runs it. */
export function modelFigure({ summary }: { readonly summary: ModelSummary }): Figure<"model", ModelData> {
  const facts = factsOf(summary);
  return figure({
    view: "model",
    data: once(() => ({
      title: summary.name,
      layers: summary.layers.map(({ part, name, shape, weights }) => ({
        part,
        name,
        output: shape,
        weights,
      })),
      weights: summary.weights,
      facts,
    })),
    standard: () => ({}),
    text: once(() =>
      [summary.name, layersText(summary), ...facts.map(({ name, value }) => `${name}: ${value}`)].join("\n"),
    ),
  });
}

const factsOf = ({
  input,
  latent,
  weights,
  loss,
  engine,
  stepsTrained,
}: ModelSummary): ModelData["facts"] => [
  { name: "input", value: shapeCode(input) },
  { name: "latent", value: `${latent} ${latent === 1 ? "dimension" : "dimensions"}` },
  { name: "weights", value: whole(weights) },
  { name: "loss", value: loss },
  { name: "engine", value: engine },
  { name: "trained", value: stepsTrained === 0 ? "not yet" : `${whole(stepsTrained)} steps` },
];

const layersText = ({ layers }: ModelSummary): string =>
  textTable(
    [
      { name: "part", align: "left" },
      { name: "layer", align: "left" },
      { name: "output", align: "left" },
      { name: "weights", align: "right" },
    ],
    layers.map((layer, i) => [
      partOnce(layers, i),
      layer.name,
      shapeCode(layer.shape),
      layer.weights === 0 ? "" : whole(layer.weights),
    ]),
  );

/** A part is named on its first layer only. */
function partOnce(layers: readonly LayerSummary[], i: number): string {
  const part = layers[i]?.part ?? "";
  return part === layers[i - 1]?.part ? "" : part;
}
