import { createRequire } from "node:module";
import path from "node:path";
import * as vscode from "vscode";
import type * as exporting from "../../export";
import { type ExportFormat, exportFormats } from "../../export/formats";
import type { Notebook } from "../../notebook";
import type { Associations } from "../run/associations";
import { onMeantNotebook } from "../parts/meantNotebook";
import { documentNotebook } from "./documentNotebook";
import { takeSteps, watcherOf } from "./exportSteps";
import { folderOf } from "./folderOf";

/** Resolves when a notebook's document has all that its figures show. */
type Settle = (notebook: vscode.NotebookDocument) => Promise<void>;

/** "Export as HTML" and "Export...": what is on the screen, saved or not. It reads and runs nothing, so it needs no trust. */
export function registerExports(
  extensionFolder: string,
  associations: Associations,
  settle: Settle,
): vscode.Disposable {
  const onNotebook = (act: (document: vscode.NotebookDocument) => Promise<void>) =>
    onMeantNotebook(associations, "Open a VAE notebook first: this exports it.", act);
  const { registerCommand } = vscode.commands;
  return vscode.Disposable.from(
    registerCommand(
      "vaenb.exportHtml",
      onNotebook((document) => exportAs(document, "html", extensionFolder, settle)),
    ),
    registerCommand(
      "vaenb.export",
      onNotebook(async (document) => {
        const choice = await vscode.window.showQuickPick(choices, { placeHolder: "Export this notebook as" });
        if (choice) await exportAs(document, choice.format, extensionFolder, settle);
      }),
    ),
  );
}

const choices = (["html", "ipynb", "md", "ts"] as const).map((format) => ({
  ...exportFormats[format],
  format,
}));

async function exportAs(
  document: vscode.NotebookDocument,
  format: ExportFormat,
  extensionFolder: string,
  settle: Settle,
): Promise<void> {
  const { extension, label } = exportFormats[format];
  const target = await vscode.window.showSaveDialog({
    defaultUri: besideNotebook(document, extension),
    filters: { [label]: [extension.slice(1)] },
    saveLabel: "Export",
    title: `Export as ${label}`,
  });
  if (!target) return;
  if (target.toString() === document.uri.toString())
    return void vscode.window.showErrorMessage(
      `${nameOf(target)} is the notebook itself: an export would lie over what it is made from. Choose another name, or use Save.`,
    );
  try {
    const exported = await vscode.window.withProgress(
      {
        location: vscode.ProgressLocation.Notification,
        title: `Exporting ${nameOf(document.uri)} as ${label}`,
        cancellable: true,
      },
      async (progress, cancel) => {
        const watcher = watcherOf(progress, cancel);
        await settle(document);
        return write(documentNotebook(document), document.uri, target, format, extensionFolder, watcher);
      },
    );
    if (exported) await offerToOpen(target, format, exported.omitted);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    void vscode.window.showErrorMessage(`${nameOf(target)} was not exported: ${why}`);
  }
}

async function write(
  notebook: Notebook,
  source: vscode.Uri,
  target: vscode.Uri,
  format: ExportFormat,
  extensionFolder: string,
  watcher: Parameters<typeof takeSteps>[1],
): Promise<exporting.Exported | undefined> {
  const { exportNotebook, localPictures } = load(extensionFolder);
  const page = new Map<string, string>();
  for (const name of format === "html" ? pageParts : [])
    page.set(name, await readPart(extensionFolder, name));
  const pictures = await readPictures(localPictures(notebook.cells), parentOf(source));

  const exported = await takeSteps(
    exportNotebook(notebook, format, {
      fileName: nameOf(source),
      base: wayBetween(parentOf(target), parentOf(source)),
      filesFolder: `${path.posix.parse(target.path).name}_files`,
      part: (name) => page.get(name) ?? "",
      picture: (picture) => pictures.get(picture.path),
    }),
    watcher,
  );
  if (exported === undefined) return undefined;
  const { fs } = vscode.workspace;
  for (const [name, bytes] of exported.files)
    await fs.writeFile(vscode.Uri.joinPath(parentOf(target), name), bytes);
  await fs.writeFile(target, new TextEncoder().encode(exported.text));
  return exported;
}

const pageParts = ["host", "views", "plotly", "frame"] as const satisfies readonly exporting.PagePart[];

const readPart = async (extensionFolder: string, name: exporting.PagePart): Promise<string> => {
  const file = vscode.Uri.file(path.join(extensionFolder, "dist", "page", `${name}.js`));
  return new TextDecoder().decode(await vscode.workspace.fs.readFile(file));
};

/** Its own bundle: the editor starts without the libraries of an export. */
const load = (extensionFolder: string): typeof exporting =>
  createRequire(path.join(extensionFolder, "dist", "extension.cjs"))("./export.cjs") as typeof exporting;

/** A picture that is not there is no reason not to export: its place becomes a link. */
async function readPictures(
  pictures: readonly exporting.LocalPicture[],
  folder: vscode.Uri,
): Promise<ReadonlyMap<string, Uint8Array>> {
  const read = new Map<string, Uint8Array>();
  for (const { path: name } of pictures) {
    try {
      read.set(name, await vscode.workspace.fs.readFile(vscode.Uri.joinPath(folder, name)));
    } catch {
      continue;
    }
  }
  return read;
}

async function offerToOpen(
  target: vscode.Uri,
  format: ExportFormat,
  omitted: readonly string[],
): Promise<void> {
  const isHere = target.scheme === "file" && vscode.env.remoteName === undefined;
  const open = format === "html" && isHere ? "Open in Browser" : "Open";
  const reveal = "Reveal";
  const left = omitted.length === 0 ? "" : ` without ${omitted.join(" and ")}, which .ts files do not keep`;
  const choice = await vscode.window.showInformationMessage(
    `Exported ${nameOf(target)}${left}.`,
    open,
    reveal,
  );
  if (choice === "Open in Browser") await vscode.env.openExternal(target);
  if (choice === "Open") await vscode.commands.executeCommand("vscode.open", target);
  if (choice === reveal)
    await vscode.commands.executeCommand(isHere ? "revealFileInOS" : "revealInExplorer", target);
}

function besideNotebook(document: vscode.NotebookDocument, extension: string): vscode.Uri {
  const { name: own, ext } = path.posix.parse(document.uri.path);
  // A Jupyter file that is exported for Jupyter gets another name than its own.
  const name = `${own}${ext === extension ? " exported" : ""}${extension}`;
  return vscode.Uri.joinPath(folderOf(document), name);
}

const parentOf = (uri: vscode.Uri): vscode.Uri => vscode.Uri.joinPath(uri, "..");
const nameOf = (uri: vscode.Uri): string => path.posix.basename(uri.path);

/** How links lead from one folder to another; nowhere where they are on different systems. */
const wayBetween = (from: vscode.Uri, to: vscode.Uri): string =>
  from.scheme === to.scheme && from.authority === to.authority ? path.posix.relative(from.path, to.path) : "";
