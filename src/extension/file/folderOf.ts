import os from "node:os";
import * as vscode from "vscode";

/** The folder of a notebook; of one that was never saved, the workspace's or else the person's own. */
export function folderOf({ uri, isUntitled }: vscode.NotebookDocument): vscode.Uri {
  if (!isUntitled) return vscode.Uri.joinPath(uri, "..");
  const [workspace] = vscode.workspace.workspaceFolders ?? [];
  return workspace?.uri ?? vscode.Uri.file(os.homedir());
}
