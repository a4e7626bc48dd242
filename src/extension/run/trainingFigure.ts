import { isRecord } from "../../protocol/guard";
import type { MimeBundle } from "../../protocol/mime";
import { viewMime } from "../../protocol/views";

type WithRuns = Readonly<Record<string, unknown>> & { readonly runs: readonly unknown[] };

/** What a training's figure shows, as far as it must be known here; undefined where it is no such figure. */
export function trainingFigure(bundle: MimeBundle): WithRuns | undefined {
  const view = bundle[viewMime("training")];
  return hasRuns(view) ? view : undefined;
}

/** Whether a training goes on in it. */
export const isTraining = (bundle: MimeBundle): boolean =>
  trainingFigure(bundle)?.runs.some(isRunning) ?? false;

export const isRunning = (run: unknown): run is object => isRecord(run) && run.status === "running";

const hasRuns = (view: unknown): view is WithRuns => isRecord(view) && Array.isArray(view.runs);
