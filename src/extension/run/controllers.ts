import * as vscode from "vscode";
import { isOurs, JUPYTER, VAENB } from "../notebookTypes";
import type { Associations } from "./associations";
import { meant } from "./cells";
import type { Sessions } from "./sessions";

/** One controller per kind of file; where a notebook is ours, it is chosen without asking. */
export class Controllers implements vscode.Disposable {
  private readonly own: vscode.NotebookController;
  private readonly jupyter: vscode.NotebookController;

  constructor(
    private readonly sessions: Sessions,
    private readonly associations: Associations,
    private readonly extensionId: string,
  ) {
    this.own = this.create("vaenb", VAENB);
    this.jupyter = this.create("vaenb-jupyter", JUPYTER);
    for (const notebook of vscode.workspace.notebookDocuments) this.prefer(notebook);
  }

  of(notebook: vscode.NotebookDocument): vscode.NotebookController {
    return notebook.notebookType === JUPYTER ? this.jupyter : this.own;
  }

  /**
   * Makes the editor choose our controller for a notebook, which it does by itself when its own Run is pressed. False
   * where the person has chosen another one.
   */
  async choose(notebook: vscode.NotebookDocument): Promise<boolean> {
    if (this.associations.has(notebook)) return true;
    await vscode.window.showNotebookDocument(notebook);
    await this.claimFront(notebook);
    return this.associations.has(notebook);
  }

  /** The same for the notebook in front. */
  async claimFront(notebook: vscode.NotebookDocument): Promise<void> {
    const { id } = this.of(notebook);
    await vscode.commands.executeCommand("notebook.selectKernel", { id, extension: this.extensionId });
  }

  prefer(notebook: vscode.NotebookDocument): void {
    if (isOurs(notebook))
      this.of(notebook).updateNotebookAffinity(notebook, vscode.NotebookControllerAffinity.Preferred);
  }

  dispose(): void {
    this.own.dispose();
    this.jupyter.dispose();
  }

  private create(id: string, type: string): vscode.NotebookController {
    const controller = vscode.notebooks.createNotebookController(id, type, "VAE Notebook");
    controller.description = "TypeScript";
    controller.supportedLanguages = ["typescript"];
    controller.supportsExecutionOrder = true;
    controller.executeHandler = async (cells, notebook) => {
      if (await isTrusted()) await this.sessions.obtain(notebook, controller).execute(meant(cells));
    };
    controller.onDidChangeSelectedNotebooks(({ notebook, selected }) =>
      this.associations.note(notebook, selected),
    );
    controller.interruptHandler = (notebook) => this.sessions.get(notebook)?.stop();
    return controller;
  }
}

/** The editor asks before it lets cells of an untrusted folder run; no kernel starts by another way either. */
export async function isTrusted(): Promise<boolean> {
  if (vscode.workspace.isTrusted) return true;
  await vscode.window.showWarningMessage(
    'Cells do not run here: this folder is not trusted. Trust it with the command "Workspaces: Manage Workspace Trust".',
  );
  return false;
}
