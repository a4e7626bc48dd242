import * as vscode from "vscode";
import { runnable } from "./cells";

const RESUME = "session.resume(";

/**
 * The cells that bring a training back in a new kernel: those above the one that was cut off, which make its data and
 * its model, and one that goes on with it. That one is put below it, unless it is there already, so that the notebook
 * says what was done. `folder`: where the checkpoints are, if not where a kernel looks by itself.
 */
export async function cellsToResume(
  notebook: vscode.NotebookDocument,
  cutOff: vscode.NotebookCell,
  folder: string | undefined,
): Promise<vscode.NotebookCell[]> {
  const resuming = await resumingCell(notebook, cutOff, folder);
  if (!resuming) return [];
  const code = runnable(notebook);
  const training = isResuming(cutOff) ? code.filter((cell) => cell.index < cutOff.index).at(-1) : cutOff;
  const above = code.filter((cell) => cell.index < cutOff.index && cell !== training);
  return [...above, resuming];
}

async function resumingCell(
  notebook: vscode.NotebookDocument,
  cutOff: vscode.NotebookCell,
  folder: string | undefined,
): Promise<vscode.NotebookCell | undefined> {
  if (isResuming(cutOff)) return cutOff;
  const index = cutOff.index + 1;
  const next = notebook.getCells()[index];
  if (next && isResuming(next)) return next;
  const cell = new vscode.NotebookCellData(
    vscode.NotebookCellKind.Code,
    resumeCode(cutOff.document.getText(), folder),
    "typescript",
  );
  const edit = new vscode.WorkspaceEdit();
  edit.set(notebook.uri, [vscode.NotebookEdit.insertCells(index, [cell])]);
  return (await vscode.workspace.applyEdit(edit)) ? notebook.getCells()[index] : undefined;
}

const isResuming = (cell: vscode.NotebookCell): boolean => cell.document.getText().includes(RESUME);

/** Gives the run the name that the cell gave it, so that the cells below find it. */
export function resumeCode(trainingCode: string, folder?: string): string {
  const name = /\b(?:const|let|var)\s+([\w$]+)\s*=\s*await\s+[\w$.]+\.fit\(/.exec(trainingCode)?.[1];
  const declared = name === undefined ? "" : `const ${name} = `;
  const where = folder === undefined ? "" : `{ folder: ${JSON.stringify(folder)} }`;
  return `import { session } from "vaenb";\n${declared}await ${RESUME}${where});`;
}
