import * as vscode from "vscode";
import { giveIds } from "./file/cellIds";
import { registerExports } from "./file/export";
import { Serializer } from "./file/serializer";
import { newNotebook } from "./file/templates";
import { VAENB } from "./notebookTypes";
import { registerCommands } from "./parts/commands";
import { completeFromKernel } from "./parts/completion";
import { FirstSteps } from "./parts/firstSteps";
import { StoppedMarks } from "./parts/stoppedMarks";
import { StatusBar } from "./parts/statusBar";
import { VariablesView } from "./parts/variablesView";
import { Associations } from "./run/associations";
import { deletedCells, emptiedCells } from "./run/cells";
import { Controllers } from "./run/controllers";
import { Figures } from "./run/figures";
import { Sessions } from "./run/sessions";

let endKernels = (): Promise<void> => Promise.resolve();

export function activate(context: vscode.ExtensionContext): void {
  const log = vscode.window.createOutputChannel("VAE Notebook", { log: true });
  const figures = new Figures();
  const associations = new Associations((notebook) => void controllers.claimFront(notebook));
  const sessions = new Sessions(associations, { extensionFolder: context.extensionPath, log, figures });
  figures.answerWith((notebook, question) => sessions.get(notebook)?.request("viewMessage", question));
  const controllers: Controllers = new Controllers(sessions, associations, context.extension.id);
  endKernels = () => sessions.endAll();

  context.subscriptions.push(
    log,
    vscode.workspace.registerNotebookSerializer(VAENB, new Serializer()),
    associations,
    controllers,
    sessions,
    new StatusBar(sessions, associations),
    new VariablesView(sessions),
    registerCommands(sessions, controllers, associations),
    vscode.commands.registerCommand("vaenb.newNotebook", () => newNotebook(context.extensionPath)),
    registerExports(context.extensionPath, associations, async (notebook) =>
      sessions.get(notebook)?.settle(),
    ),
    new StoppedMarks(sessions),
    new FirstSteps(sessions, figures),
    figures,
    completeFromKernel(sessions),
    vscode.workspace.onDidOpenNotebookDocument((notebook) => {
      controllers.prefer(notebook);
      sessions.opened(notebook);
    }),
    vscode.workspace.onDidCloseNotebookDocument((notebook) => void sessions.closed(notebook)),
    vscode.workspace.onWillRenameFiles(({ files }) => sessions.renaming(files)),
    vscode.workspace.onWillSaveNotebookDocument((saving) => {
      const session = sessions.get(saving.notebook);
      if (session) saving.waitUntil(session.settle());
    }),
    vscode.workspace.onDidChangeNotebookDocument((change) => {
      const session = sessions.get(change.notebook);
      for (const cell of deletedCells(change)) session?.removed(cell);
      for (const cell of emptiedCells(change)) session?.emptied(cell);
      void giveIds(change);
    }),
  );
}

/** The editor waits for this: no kernel outlives it. */
export const deactivate = (): Promise<void> => endKernels();
