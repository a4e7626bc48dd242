import * as vscode from "vscode";
import type { Completion } from "../../protocol/messages";
import { JUPYTER, VAENB } from "../notebookTypes";
import type { Sessions } from "../run/sessions";

/** A busy kernel answers when its cell ends; nobody waits that long for a name. */
const PATIENCE = 400;

const cells: vscode.DocumentSelector = [VAENB, JUPYTER].map((notebookType) => ({
  notebookType,
  language: "typescript",
}));

/** What the values that live in the kernel add to the editor's own completion and hover. */
export function completeFromKernel(sessions: Sessions): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.languages.registerCompletionItemProvider(
      cells,
      { provideCompletionItems: (document, position) => complete(sessions, document, position) },
      ".",
    ),
    vscode.languages.registerHoverProvider(cells, {
      provideHover: (document, position) => hover(sessions, document, position),
    }),
  );
}

async function complete(
  sessions: Sessions,
  document: vscode.TextDocument,
  position: vscode.Position,
): Promise<vscode.CompletionItem[]> {
  const cursor = document.offsetAt(position);
  const answer = await inTime(
    sessionOf(sessions, document)?.request("complete", { code: document.getText(), cursor }),
  );
  if (!answer) return [];
  const range = new vscode.Range(document.positionAt(answer.start), document.positionAt(answer.end));
  const isMember = document.getText()[answer.start - 1] === ".";
  return answer.items.map((item) => {
    const suggestion = new vscode.CompletionItem(item.label, kinds[item.kind]);
    suggestion.range = range;
    // Members of a live value come before what the editor guesses from words.
    suggestion.sortText = `${isMember ? "0" : "~"}${item.label}`;
    if (item.detail !== undefined) suggestion.detail = item.detail;
    if (item.documentation !== undefined)
      suggestion.documentation = new vscode.MarkdownString(item.documentation);
    return suggestion;
  });
}

async function hover(
  sessions: Sessions,
  document: vscode.TextDocument,
  position: vscode.Position,
): Promise<vscode.Hover | undefined> {
  const cursor = document.offsetAt(position);
  const answer = await inTime(
    sessionOf(sessions, document)?.request("inspect", { code: document.getText(), cursor }),
  );
  const markdown = answer?.bundle?.["text/markdown"];
  return typeof markdown === "string" ? new vscode.Hover(new vscode.MarkdownString(markdown)) : undefined;
}

function sessionOf(sessions: Sessions, document: vscode.TextDocument) {
  const notebook = vscode.workspace.notebookDocuments.find((one) =>
    one.getCells().some((cell) => cell.document === document),
  );
  return notebook && sessions.get(notebook);
}

const inTime = async <T>(answer: Promise<T> | undefined): Promise<T | undefined> => {
  if (!answer) return undefined;
  const late = new Promise<undefined>((resolve) => setTimeout(() => resolve(undefined), PATIENCE));
  return Promise.race([answer.catch(() => undefined), late]);
};

const kinds: Readonly<Record<Completion["kind"], vscode.CompletionItemKind>> = {
  variable: vscode.CompletionItemKind.Variable,
  function: vscode.CompletionItemKind.Function,
  class: vscode.CompletionItemKind.Class,
  property: vscode.CompletionItemKind.Property,
  method: vscode.CompletionItemKind.Method,
  module: vscode.CompletionItemKind.Module,
  keyword: vscode.CompletionItemKind.Keyword,
};
