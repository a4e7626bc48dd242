import * as vscode from "vscode";
import type { NotebookError } from "../../notebook";

/**
 * The editor's own page for a file that did not open says only that it did not. This says why and where, and leads
 * there. A serializer is not told which file it reads: the tab in front is the one that was just opened.
 */
export async function tellUnreadable(error: NotebookError): Promise<void> {
  const { activeTab } = vscode.window.tabGroups.activeTabGroup;
  const inFront = activeTab?.input instanceof vscode.TabInputNotebook ? activeTab.input.uri : undefined;
  // One that is open was read: it is another file that was not, such as one of a comparison.
  const isOpen = vscode.workspace.notebookDocuments.some(({ uri }) => uri.toString() === inFront?.toString());
  const uri = isOpen ? undefined : inFront;
  const name = uri?.path.split("/").at(-1) ?? "The notebook";
  const show = "Show the Place";
  const choice = await vscode.window.showErrorMessage(
    `${name} cannot be read: ${error.message}. The file is untouched.`,
    ...(uri ? [show] : []),
  );
  if (choice !== show || !uri) return;
  const place = new vscode.Position(error.line - 1, error.column - 1);
  await vscode.commands.executeCommand("vscode.openWith", uri, "default", {
    selection: new vscode.Range(place, place),
  });
}
