import { readFile } from "node:fs/promises";
import path from "node:path";
import * as vscode from "vscode";
import { newNotebookMetadata, type Notebook, parsePercent } from "../../notebook";
import { VAENB } from "../notebookTypes";
import { newCellId, toEditor } from "./editorNotebook";
import { toData } from "./serializer";

interface Template extends vscode.QuickPickItem {
  /** In `media/templates`; none for a blank notebook. */
  readonly file?: string;
}

const templates: readonly Template[] = [
  { label: "Blank", detail: "One empty cell." },
  {
    label: "First VAE",
    detail: "Generated digits, a dense VAE with two latent dimensions, and every view of it.",
    file: "first-vae.txt",
  },
  {
    label: "From Scratch",
    detail: "Your own encoder, decoder and ELBO in TensorFlow.js, checked and trained by the session.",
    file: "from-scratch.txt",
  },
];

/** "New VAE Notebook": asks for a template and opens it without a file yet. */
export async function newNotebook(extensionFolder: string): Promise<void> {
  const template = await vscode.window.showQuickPick(templates, {
    placeHolder: "What should the new notebook start with?",
    matchOnDetail: true,
  });
  if (!template) return;
  const notebook = template.file === undefined ? blank() : await read(extensionFolder, template.file);
  const document = await vscode.workspace.openNotebookDocument(VAENB, toData(toEditor(notebook)));
  await vscode.window.showNotebookDocument(document);
}

const blank = (): Notebook => ({
  metadata: newNotebookMetadata,
  cells: [{ type: "code", id: newCellId(), source: "", metadata: {}, executionCount: null, outputs: [] }],
});

const read = async (extensionFolder: string, file: string): Promise<Notebook> =>
  parsePercent(await readFile(path.join(extensionFolder, "media", "templates", file)));
