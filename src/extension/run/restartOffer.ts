import * as vscode from "vscode";

export type RestartChoice = "restart" | "runAll";

/** What a person may do about a kernel that died, or that does not stop. */
export async function offerRestart(text: string): Promise<RestartChoice | undefined> {
  const restart = "Restart Kernel";
  const runAll = "Restart and Run All";
  const choice = await vscode.window.showErrorMessage(text, restart, runAll);
  return choice === restart ? "restart" : choice === runAll ? "runAll" : undefined;
}
