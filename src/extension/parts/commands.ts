import * as vscode from "vscode";
import { type Controllers, isTrusted } from "../run/controllers";
import type { Associations } from "../run/associations";
import { runnable } from "../run/cells";
import type { Sessions } from "../run/sessions";
import { mayEnd } from "./askBeforeEnding";
import { onMeantNotebook } from "./meantNotebook";

/** The commands on a notebook's kernel. Each says what it does where no kernel runs. */
export function registerCommands(
  sessions: Sessions,
  controllers: Controllers,
  associations: Associations,
): vscode.Disposable {
  const onNotebook = (act: (notebook: vscode.NotebookDocument) => unknown) =>
    onMeantNotebook(associations, "Open a VAE notebook first: this acts on its kernel.", act);
  const withKernel = (act: (notebook: vscode.NotebookDocument) => unknown) =>
    onNotebook((notebook) => {
      const phase = sessions.get(notebook)?.run.phase ?? "none";
      if (phase !== "none") return act(notebook);
      return vscode.window.showInformationMessage(
        "No kernel runs for this notebook yet: it starts with the first cell.",
      );
    });

  const stop = withKernel((notebook) => sessions.get(notebook)?.stop());
  const restart = withKernel(async (notebook) => {
    const session = sessions.get(notebook);
    if (session && (await mayEnd(session, "Restart"))) session.restart();
  });
  const restartAndRunAll = onNotebook(async (notebook) => {
    if (!(await isTrusted()) || !(await controllers.choose(notebook))) return;
    const session = sessions.obtain(notebook, controllers.of(notebook));
    if (!(await mayEnd(session, "Restart"))) return;
    if (session.run.phase !== "none") session.restart();
    void session.execute(runnable(notebook));
  });
  const shutDown = withKernel(async (notebook) => {
    const session = sessions.get(notebook);
    if (session && (await mayEnd(session, "Shut Down"))) await session.shutDown();
  });

  const actions = [
    { label: "$(debug-stop) Interrupt", detail: "Stops the cell that runs; variables stay.", act: stop },
    { label: "$(debug-restart) Restart Kernel", detail: "Starts anew: variables are gone.", act: restart },
    {
      label: "$(run-all) Restart Kernel and Run All",
      detail: "Whether the notebook works from top to bottom.",
      act: restartAndRunAll,
    },
    { label: "$(primitive-square) Shut Down Kernel", detail: "Frees its memory.", act: shutDown },
  ];
  const kernelActions = async (): Promise<void> => {
    const choice = await vscode.window.showQuickPick(actions, { placeHolder: "Kernel of this notebook" });
    await choice?.act();
  };

  const { registerCommand } = vscode.commands;
  return vscode.Disposable.from(
    registerCommand("vaenb.stop", stop),
    registerCommand("vaenb.restart", restart),
    registerCommand("vaenb.restartAndRunAll", restartAndRunAll),
    registerCommand("vaenb.shutDown", shutDown),
    registerCommand("vaenb.kernelActions", kernelActions),
  );
}
