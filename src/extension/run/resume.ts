import * as vscode from "vscode";
import { runnable } from "./cells";
import { folderAssignments } from "./checkpoints";

const RESUME = "session.resume(";

/**
 * The cells that bring a training back in a new kernel: those above the one that was cut off, which make its data and
 * its model, and one that goes on with it. That one is put below it, unless it is there already, so that the notebook
 * says what was done.
 */
export async function cellsToResume(
  notebook: vscode.NotebookDocument,
  cutOff: vscode.NotebookCell,
): Promise<vscode.NotebookCell[]> {
  const resuming = await resumingCell(notebook, cutOff);
  if (!resuming) return [];
  const code = runnable(notebook);
  const training = isResuming(cutOff) ? code.filter((cell) => cell.index < cutOff.index).at(-1) : cutOff;
  const above = code.filter((cell) => cell.index < cutOff.index && cell !== training);
  return [...above, resuming];
}

async function resumingCell(
  notebook: vscode.NotebookDocument,
  cutOff: vscode.NotebookCell,
): Promise<vscode.NotebookCell | undefined> {
  if (isResuming(cutOff)) return cutOff;
  const index = cutOff.index + 1;
  const next = notebook.getCells()[index];
  if (next && isResuming(next)) return next;
  const cell = new vscode.NotebookCellData(
    vscode.NotebookCellKind.Code,
    resumeCode(cutOff.document.getText()),
    "typescript",
  );
  const edit = new vscode.WorkspaceEdit();
  edit.set(notebook.uri, [vscode.NotebookEdit.insertCells(index, [cell])]);
  await vscode.workspace.applyEdit(edit);
  return notebook.getCells()[index];
}

const isResuming = (cell: vscode.NotebookCell): boolean => cell.document.getText().includes(RESUME);

/**
 * Gives the run the name that the cell gave it, so that the cells below find it; and sets the folder of checkpoints where
 * the cell set one, since the cell itself does not run again.
 */
export function resumeCode(trainingCode: string): string {
  const name = /\b(?:const|let|var)\s+([\w$]+)\s*=\s*await\s+[\w$.]+\.fit\(/.exec(trainingCode)?.[1];
  const folder = folderAssignments(trainingCode).at(-1);
  return `import { session } from "vaenb";\n${folder === undefined ? "" : `${folder.code};\n`}${name === undefined ? "" : `const ${name} = `}await ${RESUME});`;
}
