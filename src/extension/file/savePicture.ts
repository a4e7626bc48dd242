import path from "node:path";
import * as vscode from "vscode";
import type { SavePictureMessage } from "../../protocol/rendererMessages";
import { folderOf } from "./folderOf";

/** Asks where a figure's picture should lie, beside its notebook unless told otherwise, and leaves the notebook in front. */
export async function savePicture(
  notebook: vscode.NotebookDocument,
  { name, png }: SavePictureMessage,
): Promise<void> {
  const target = await vscode.window.showSaveDialog({
    defaultUri: vscode.Uri.joinPath(folderOf(notebook), path.posix.basename(name)),
    filters: { "PNG picture": ["png"] },
    title: "Save Picture",
  });
  if (!target) return;
  const saved = path.posix.basename(target.path);
  try {
    await vscode.workspace.fs.writeFile(target, Buffer.from(png, "base64"));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return void vscode.window.showErrorMessage(`${saved} was not saved: ${why}`);
  }
  const open = "Open Beside";
  const choice = await vscode.window.showInformationMessage(`Saved ${saved}.`, open);
  if (choice === open) await vscode.commands.executeCommand("vscode.open", target, vscode.ViewColumn.Beside);
}
