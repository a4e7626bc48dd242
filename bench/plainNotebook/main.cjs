// What VS Code's own part of a run and of an opening takes: the least that a notebook extension can do. A file is JSON, a list
// of cells with their source, what they printed and how many milliseconds their answer takes; the last cell's answer counts
// its runs.
const vscode = require("vscode");

const serializer = {
  deserializeNotebook: (bytes) =>
    new vscode.NotebookData(JSON.parse(Buffer.from(bytes).toString()).map(cellOf)),
  serializeNotebook: ({ cells }) =>
    Buffer.from(JSON.stringify(cells.map(({ value }) => ({ source: value })))),
};

function cellOf({ source, printed, takes = 0 }) {
  const cell = new vscode.NotebookCellData(vscode.NotebookCellKind.Code, source, "typescript");
  cell.metadata = { takes };
  if (printed !== undefined)
    cell.outputs = [new vscode.NotebookCellOutput([vscode.NotebookCellOutputItem.stdout(printed)])];
  return cell;
}

exports.activate = (context) => {
  const controller = vscode.notebooks.createNotebookController("plain", "plain", "Plain");
  controller.supportedLanguages = ["typescript"];
  controller.supportsExecutionOrder = true;
  const runs = new WeakMap();
  controller.executeHandler = async (cells, notebook) => {
    for (const cell of cells) {
      const { takes } = cell.metadata;
      if (takes > 0) await new Promise((resolve) => setTimeout(resolve, takes));
      const isLast = cell.index === notebook.cellCount - 1;
      const count = (runs.get(notebook) ?? 0) + 1;
      if (isLast) runs.set(notebook, count);
      const execution = controller.createNotebookCellExecution(cell);
      execution.executionOrder = count;
      execution.start(Date.now());
      const item = vscode.NotebookCellOutputItem.text(isLast ? `run ${count}` : "ready");
      void execution.replaceOutput([new vscode.NotebookCellOutput([item])]);
      execution.end(true, Date.now());
    }
  };
  context.subscriptions.push(
    controller,
    vscode.workspace.registerNotebookSerializer("plain", serializer),
    vscode.workspace.onDidOpenNotebookDocument((notebook) => {
      if (notebook.notebookType === "plain")
        controller.updateNotebookAffinity(notebook, vscode.NotebookControllerAffinity.Preferred);
    }),
  );
};
