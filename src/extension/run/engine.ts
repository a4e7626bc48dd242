import { isRecord } from "../../protocol/guard";
import type { MimeBundle } from "../../protocol/mime";
import { trainingFigure } from "./trainingFigure";

/** The engine that a training's view names: the newest run's. */
export function engineOf(bundle: MimeBundle): string | undefined {
  const run = trainingFigure(bundle)?.runs.at(-1);
  return isRecord(run) && typeof run.engine === "string" ? run.engine : undefined;
}
