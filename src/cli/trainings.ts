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
  const failed = runsIn(outputs).filter(({ status }) => status === "failed");
  const warning = failed.flatMap(({ warnings }) => warnings).find(({ kind }) => kind === "nan");
  return warning && (/^.*?\.(?=\s|$)/.exec(warning.text)?.[0] ?? warning.text);
}

/** Whether a training among these outputs goes on. */
export const goesOn = (outputs: readonly Output[]): boolean =>
  runsIn(outputs).some(({ status }) => status === "running");

function runsIn(outputs: readonly Output[]) {
  return outputs.flatMap((output) => {
    const content = output.type === "display" ? output.bundle[viewMime("training")] : undefined;
    return content === undefined ? [] : view(content, "training").runs;
  });
}
