import type { Score } from "../evaluation/score";
import type { display } from "../host";
import { type Figure, figure, once } from "./figure";
import { nats, significant, whole } from "./format";
import { klChart, type KlData, klData, klText } from "./klPerDimension";
import { finiteOrNull } from "./numbers";
import { chart } from "./plotly";
import { textTable } from "./textTable";
import { lossUnit } from "./training";

interface Metric {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly note?: string;
}

export interface ScoreData {
  readonly title: string;
  readonly metrics: readonly (Omit<Metric, "value"> & { readonly value: number | null })[];
  readonly kl: KlData;
}

/** What `evaluate` measured: bounds, their parts, and what each latent dimension carries. */
export function scoreFigure(score: Omit<Score, typeof display>): Figure<"score", ScoreData> {
  const title = `${score.model} on ${score.data}, ${whole(score.examples)} examples`;
  const klTitle = `KL per dimension of ${score.model}: ${score.data}`;
  const record = { kl: score.klPerDimension, variance: score.posteriorMeanVariance };
  const metrics = metricsOf(score);
  return figure({
    view: "score",
    data: once(() => ({
      title,
      metrics: metrics.map((metric) => ({ ...metric, value: finiteOrNull(metric.value) })),
      kl: klData(klTitle, record),
    })),
    standard: once(() => chart(klChart(klTitle, record))),
    text: once(() => `${title}\n${metricsText(metrics)}\n\n${klText(record)}`),
  });
}

function metricsOf(score: Omit<Score, typeof display>): readonly Metric[] {
  const { importanceSamples } = score;
  return [
    {
      name: "ELBO",
      value: score.elbo,
      unit: lossUnit,
      note: "-(reconstruction + KL), at most log p(x): higher is better",
    },
    { name: "reconstruction", value: score.reconstruction, unit: lossUnit, note: "-log p(x | z)" },
    { name: "KL", value: score.kl, unit: lossUnit, note: "of the posterior from the prior" },
    ...(importanceSamples > 1
      ? [
          {
            name: "importance-weighted bound",
            value: score.importanceWeightedBound,
            unit: lossUnit,
            note: `with ${whole(importanceSamples)} samples, tighter than the ELBO`,
          },
        ]
      : []),
    {
      name: "mean squared error",
      value: score.reconstructionMse,
      unit: "per value",
      note: "of the posterior mean's reconstruction",
    },
    {
      name: "active units",
      value: score.activeUnits,
      unit: `of ${score.klPerDimension.length} dimensions`,
      note: "whose posterior mean varies over the data",
    },
  ];
}

const valueText = ({ value, unit }: Metric): string => {
  if (unit === lossUnit) return nats(value);
  return Number.isInteger(value) ? whole(value) : significant(value);
};

const metricsText = (metrics: readonly Metric[]): string =>
  textTable(
    [
      { name: "", align: "left" },
      { name: "value", align: "right" },
      { name: "unit", align: "left" },
      { name: "", align: "left" },
    ],
    metrics.map((metric) => [metric.name, valueText(metric), metric.unit, metric.note ?? ""]),
  );
