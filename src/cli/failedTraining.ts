import type { Output } from "../client/outputs";
import { array, object, string } from "../protocol/guard";
import { viewMime } from "../protocol/views";

const view = object({
  runs: array(object({ status: string, warnings: array(object({ kind: string, text: string })) })),
});

/**
 * Why a training among these outputs has no result, in a sentence: its loss was no number any more. `fit` returns such a
 * run with its last good weights and a warning, which a person sees; a script that only looks at the exit status would not.
 */
export function failedTraining(outputs: readonly Output[]): string | undefined {
  for (const output of outputs) {
    const content = output.type === "display" ? output.bundle[viewMime("training")] : undefined;
    if (content === undefined) continue;
    const failed = view(content, "training").runs.find(({ status }) => status === "failed");
    const warning = failed?.warnings.find(({ kind }) => kind === "nan");
    if (warning) return /^.*?\.(?=\s|$)/.exec(warning.text)?.[0] ?? warning.text;
  }
  return undefined;
}
