import { live, type Live } from "../host";
import { type Figure, figure } from "./figure";
import { chart } from "./plotly";
import {
  type NamedRun,
  type RunRecord,
  trainingChart,
  type TrainingData,
  trainingData,
  trainingText,
} from "./training";

/** A run's record, and its word when it has a new point, a warning or another status. */
export type LiveRun = RunRecord & Partial<Live>;

export type TrainingFigure = Figure<"training", TrainingData> & Live;

/**
 * The live chart of a training run: loss, reconstruction and KL of training and validation in nats per example, progress,
 * time left and warnings. It changes as long as the run does, and shows the last state afterwards.
 */
export const runFigure = (run: LiveRun): TrainingFigure =>
  trainingFigure(`Training of ${run.model} on ${run.data}`, [{ name: run.model, run }]);

/** Several runs in one chart. */
export function trainingFigure(
  title: string,
  runs: readonly (NamedRun & { readonly run: LiveRun })[],
): TrainingFigure {
  const still = figure({
    view: "training",
    data: () => trainingData(title, runs),
    standard: () => chart(trainingChart(title, runs)),
    text: () => trainingText(title, runs),
  });
  return Object.assign(still, {
    [live]: (changed: () => void): (() => void) => {
      const unsubscribes = runs.map(({ run }) => run[live]?.(changed));
      return () => {
        for (const unsubscribe of unsubscribes) unsubscribe?.();
      };
    },
  });
}
