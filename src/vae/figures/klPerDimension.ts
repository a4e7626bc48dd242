import type { Dataset } from "../data/dataset";
import { requireDataset } from "../data/requireDataset";
import type { TrainedModel } from "../models/model";
import { faint, labelColours } from "./colours";
import { requireModel } from "./requirements";
import { type Figure, figure, once } from "./figure";
import { dimensionName, nats, significant } from "./format";
import { activeThreshold, dimensionStatistics } from "./latentStatistics";
import { finiteOrNull, numbers, type Numbers } from "./numbers";
import { axis, chart, type Chart } from "./plotly";
import { bar, textTable } from "./textTable";
import { lossUnit } from "./training";

/** KL divergence and posterior-mean variance of each latent dimension. */
export interface DimensionRecord {
  readonly kl: readonly number[];
  readonly variance: readonly number[];
}

export interface KlData {
  readonly title: string;
  readonly unit: string;
  readonly kl: Numbers;
  readonly variance: Numbers;
  readonly threshold: number;
  readonly active: readonly number[];
  readonly total: number | null;
}

/**
 * How much each latent dimension carries: its KL divergence from the prior in nats per example, and whether it is active,
 * that is whether its posterior mean varies over the data by more than 0.01 (Burda, Grosse and Salakhutdinov 2016). A
 * dimension with neither has collapsed onto the prior.
 */
export async function klPerDimension(model: TrainedModel, data: Dataset): Promise<Figure<"kl", KlData>> {
  requireModel("plot.klPerDimension", model);
  requireDataset("plot.klPerDimension", data);
  const statistics = dimensionStatistics(await model.posterior(data), model.latent);
  const record = { kl: statistics.map(({ kl }) => kl), variance: statistics.map(({ variance }) => variance) };
  const title = `KL per dimension of ${model.name}: ${data.name}`;
  return figure({
    view: "kl",
    data: once(() => klData(title, record)),
    standard: once(() => chart(klChart(title, record))),
    text: once(() => `${title}\n${klText(record)}`),
  });
}

const isActive = (variance: number): boolean => variance > activeThreshold;

export const klData = (title: string, { kl, variance }: DimensionRecord): KlData => ({
  title,
  unit: lossUnit,
  kl: numbers(Float32Array.from(kl)),
  variance: numbers(Float32Array.from(variance)),
  threshold: activeThreshold,
  active: variance.flatMap((value, d) => (isActive(value) ? [d] : [])),
  total: finiteOrNull(kl.reduce((sum, value) => sum + value, 0)),
});

/** Bars by dimension; inactive ones are faint. */
export function klChart(title: string, { kl, variance }: DimensionRecord): Chart {
  const order = byKl(kl);
  return {
    data: [
      {
        type: "bar",
        x: order.map(dimensionName),
        y: numbers(Float32Array.from(order, (d) => kl[d] ?? 0)),
        marker: { color: order.map((d) => (isActive(variance[d] ?? 0) ? labelColours[0] : faint)) },
        text: order.map((d) => (isActive(variance[d] ?? 0) ? "" : "inactive")),
        hovertemplate: `%{x}: %{y:.3f} ${lossUnit}<extra></extra>`,
      },
    ],
    layout: {
      title: { text: title },
      height: 360,
      xaxis: axis("latent dimension", { type: "category" }),
      yaxis: axis(`KL (${lossUnit})`, { rangemode: "tozero" }),
    },
  };
}

const byKl = (kl: readonly number[]): readonly number[] =>
  kl.map((_, d) => d).sort((a, b) => (kl[b] ?? 0) - (kl[a] ?? 0) || a - b);

const mostRows = 24;

export function klText({ kl, variance }: DimensionRecord): string {
  const largest = Math.max(...kl, 0);
  const order = byKl(kl);
  const active = variance.filter(isActive).length;
  const total = kl.reduce((sum, value) => sum + value, 0);
  const table = textTable(
    [
      { name: "dimension", align: "left" },
      { name: "KL", align: "right" },
      { name: "variance of mean", align: "right" },
      { name: "", align: "left" },
    ],
    order
      .slice(0, mostRows)
      .map((d) => [
        dimensionName(d),
        nats(kl[d] ?? NaN),
        significant(variance[d] ?? NaN),
        isActive(variance[d] ?? 0) ? bar((kl[d] ?? 0) / largest, 24) : "inactive",
      ]),
  );
  const more = order.length > mostRows ? `\n... and ${order.length - mostRows} more` : "";
  return `${table}${more}\n${active} of ${kl.length} dimensions active, KL ${nats(total)} ${lossUnit} in all`;
}
