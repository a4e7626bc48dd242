import { existsSync } from "node:fs";
import os from "node:os";
import * as vscode from "vscode";

/** The folder of a notebook; of one that was never saved, the workspace's or else the person's own. */
export const folderOf = (notebook: vscode.NotebookDocument): vscode.Uri => candidates(notebook)[0];

/** Where the kernel of a notebook works: in the first of these folders that this machine has. */
export const workingFolderOf = (notebook: vscode.NotebookDocument): string =>
  candidates(notebook)
    .map(({ fsPath }) => fsPath)
    .find((folder) => existsSync(folder)) ?? os.homedir();

function candidates({ uri, isUntitled }: vscode.NotebookDocument): readonly [vscode.Uri, ...vscode.Uri[]] {
  const home = vscode.Uri.file(os.homedir());
  const workspace = vscode.workspace.workspaceFolders?.[0]?.uri ?? home;
  return isUntitled ? [workspace, home] : [vscode.Uri.joinPath(uri, ".."), workspace, home];
}
