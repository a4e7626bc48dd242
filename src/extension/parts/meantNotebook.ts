import * as vscode from "vscode";
import type { Associations } from "../run/associations";

/** The notebook that a toolbar's or a title's button belongs to, or the one in front. */
export function notebookOf(
  context: unknown,
  associations: Associations,
): vscode.NotebookDocument | undefined {
  const uri = uriOf(context);
  const meant = vscode.workspace.notebookDocuments.find((one) => one.uri.toString() === uri);
  const notebook = meant ?? vscode.window.activeNotebookEditor?.notebook;
  return notebook && associations.concerns(notebook) ? notebook : undefined;
}

/** A command that acts on the notebook it was called for, and says `without` where there is none. */
export const onMeantNotebook =
  (
    associations: Associations,
    without: string,
    act: (notebook: vscode.NotebookDocument) => unknown,
  ): ((context?: unknown) => unknown) =>
  (context) => {
    const notebook = notebookOf(context, associations);
    return notebook ? act(notebook) : vscode.window.showInformationMessage(without);
  };

function uriOf(context: unknown): string | undefined {
  if (context instanceof vscode.Uri) return context.toString();
  if (typeof context !== "object" || context === null || !("notebookEditor" in context)) return undefined;
  const { notebookEditor } = context;
  if (typeof notebookEditor !== "object" || notebookEditor === null || !("notebookUri" in notebookEditor))
    return undefined;
  return notebookEditor.notebookUri instanceof vscode.Uri ? notebookEditor.notebookUri.toString() : undefined;
}
