import type { MimeBundle } from "../../protocol/mime";
import { type TrainingView, viewMime } from "../../protocol/views";
import { isRunning, trainingFigure } from "./trainingFigure";

/**
 * A training's figure when its kernel has ended: it goes on no more, and no time is left. Undefined where the figure shows
 * no training that went on.
 */
export function cutOff(bundle: MimeBundle): MimeBundle | undefined {
  const figure = trainingFigure(bundle);
  if (!figure?.runs.some(isRunning)) return undefined;
  const runs = figure.runs.map((run) => (isRunning(run) ? { ...run, status } : run));
  const text = bundle["text/plain"];
  return {
    ...bundle,
    [viewMime("training")]: { ...figure, runs },
    ...(typeof text === "string" && { "text/plain": `${text}\nCut off: the kernel ended.` }),
  };
}

const status: TrainingView["runs"][number]["status"] = "cut-off";
