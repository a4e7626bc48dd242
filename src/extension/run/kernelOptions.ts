import path from "node:path";
import * as vscode from "vscode";
import { kernelEntry, type KernelOptions } from "../../client/kernel";
import { OutputLimit } from "../../client/outputLimit";
import { workingFolderOf } from "../file/folderOf";

/** How a notebook's kernel is started: beside its file, in the editor's own runtime, as the settings say. */
export function kernelOptions(notebook: vscode.NotebookDocument, extensionFolder: string): KernelOptions {
  const settings = vscode.workspace.getConfiguration("vaenb", notebook.uri);
  const megabytes = settings.get<number>("kernel.heapMegabytes") ?? 0;
  return {
    entry: kernelEntry(path.join(extensionFolder, "dist")),
    folder: workingFolderOf(notebook),
    env: {
      ...process.env,
      ...settings.get<Record<string, string>>("kernel.environment"),
      ELECTRON_RUN_AS_NODE: "1",
    },
    execArgv: megabytes > 0 ? [`--max-old-space-size=${megabytes}`] : [],
    outputLimit: new OutputLimit((settings.get<number>("output.limit") ?? 5) * 1e6),
  };
}
