import * as vscode from "vscode";
import type { Events } from "../../protocol/messages";

/** Asks the person what a cell asks; undefined: they dismissed it, or the cell was stopped meanwhile. */
export const askForInput = (
  { prompt, password }: Events["inputRequest"],
  stopped: vscode.CancellationToken,
): Thenable<string | undefined> =>
  vscode.window.showInputBox(
    { prompt, password, ignoreFocusOut: true, title: "A cell asks for input" },
    stopped,
  );
