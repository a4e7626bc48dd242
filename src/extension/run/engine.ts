import type { MimeBundle } from "../../protocol/mime";
import { viewMime } from "../../protocol/views";

/** The engine that a training's view names: the newest run's. */
export function engineOf(bundle: MimeBundle): string | undefined {
  const view = bundle[viewMime("training")];
  if (typeof view !== "object" || view === null || !("runs" in view) || !Array.isArray(view.runs))
    return undefined;
  const run: unknown = view.runs.at(-1);
  if (typeof run !== "object" || run === null || !("engine" in run)) return undefined;
  return typeof run.engine === "string" ? run.engine : undefined;
}
