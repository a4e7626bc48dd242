import type * as vscode from "vscode";

/** Our own files, and Jupyter's where they ask for our kernel. */
export const VAENB = "vaenb";
export const JUPYTER = "jupyter-notebook";

export const isOurs = (notebook: vscode.NotebookDocument): boolean =>
  notebook.notebookType === VAENB || (notebook.notebookType === JUPYTER && namesOurKernel(notebook.metadata));

/** Where VS Code's own reader of `.ipynb` files puts the file's metadata. */
function namesOurKernel({ metadata }: Readonly<Record<string, unknown>>): boolean {
  const kernelspec = member(metadata, "kernelspec");
  return member(kernelspec, "name") === "vaenb";
}

const member = (value: unknown, key: string): unknown =>
  typeof value === "object" && value !== null
    ? (Object.entries(value) as [string, unknown][]).find(([name]) => name === key)?.[1]
    : undefined;
