import * as vscode from "vscode";
import type { SavedTraining } from "./checkpoints";

export type RestartChoice = "restart" | "runAll" | "resume";

/** What a person may do about a kernel that died, or that does not stop. */
export async function offerRestart(
  text: string,
  training: SavedTraining | undefined,
): Promise<RestartChoice | undefined> {
  const resume = { title: "Restart and Resume Training", choice: "resume" } as const;
  const restart = { title: "Restart Kernel", choice: "restart" } as const;
  const runAll = { title: "Restart and Run All", choice: "runAll" } as const;
  const chosen = await vscode.window.showErrorMessage(
    training ? `${text} ${savedText(training)}` : text,
    ...(training ? [resume, restart] : [restart, runAll]),
  );
  return chosen?.choice;
}

/** What a training that was cut off left. */
export const savedText = ({ model, step, totalSteps }: SavedTraining): string =>
  `The training of ${model} is saved at step ${inGroups(step)} of ${inGroups(totalSteps)}, and can be resumed.`;

const inGroups = (count: number): string => count.toLocaleString("en");
