import * as vscode from "vscode";
import type { Session } from "../run/session";

/** Whether a kernel may end although a cell runs: a training of hours is one click away from a button. */
export async function mayEnd(session: Session, verb: "Restart" | "Shut Down"): Promise<boolean> {
  if (session.run.running === undefined) return true;
  const choice = await vscode.window.showWarningMessage(
    `${verb} the kernel while a cell runs?`,
    {
      modal: true,
      detail:
        'What the cell computed and did not save is lost, and so are the variables. "Interrupt" ends the cell alone and keeps them.',
    },
    verb,
  );
  return choice === verb;
}
