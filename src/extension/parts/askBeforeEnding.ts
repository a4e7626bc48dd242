import * as vscode from "vscode";
import type { Session } from "../run/session";

/** Whether a kernel may end although it is at work: a training of hours is one click away from a button. */
export async function mayEnd(session: Session, verb: "Restart" | "Shut Down"): Promise<boolean> {
  const { work } = session;
  if (work === undefined) return true;
  const choice = await vscode.window.showWarningMessage(
    `${verb} the kernel while ${work}?`,
    {
      modal: true,
      detail:
        'What was computed and not saved is lost, and so are the variables. "Interrupt" stops the work alone and keeps them.',
    },
    verb,
  );
  return choice === verb;
}
