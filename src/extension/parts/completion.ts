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

/** What the values that live in the kernel add to the editor's own completion, hover and hints of parameters. */
export function completeFromKernel(sessions: Sessions): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.languages.registerCompletionItemProvider(
      cells,
      {
        provideCompletionItems: (document, position, _, { triggerCharacter }) =>
          complete(sessions, document, position, triggerCharacter),
      },
      // Not a brace or a comma: who goes on in the next line presses Enter, which would take the first of the list.
      ".",
      '"',
      "'",
    ),
    vscode.languages.registerHoverProvider(cells, {
      provideHover: (document, position) => hover(sessions, document, position),
    }),
    vscode.languages.registerSignatureHelpProvider(
      cells,
      { provideSignatureHelp: (document, position) => signature(sessions, document, position) },
      "(",
      ",",
    ),
  );
}

async function complete(
  sessions: Sessions,
  document: vscode.TextDocument,
  position: vscode.Position,
  trigger: string | undefined,
): Promise<vscode.CompletionItem[]> {
  const answer = await inTime(
    sessionOf(sessions, document)?.request("complete", placeOf(document, position)),
  );
  if (!answer) return [];
  const range = new vscode.Range(document.positionAt(answer.start), document.positionAt(answer.end));
  const isMember = document.getText()[answer.start - 1] === ".";
  const isOption = ({ kind }: Completion): boolean => kind === "property" && !isMember;
  // A quote that ends a text should open no list either.
  const isQuote = trigger === '"' || trigger === "'";
  return answer.items
    .filter(({ kind }) => !isQuote || kind === "value")
    .map((item, place) => {
      const suggestion = new vscode.CompletionItem(item.label, kinds[item.kind]);
      suggestion.range = range;
      // Members and options come before what the editor guesses from words, in the kernel's order.
      suggestion.sortText =
        isMember || isOption(item) ? `0${String(place).padStart(4, "0")}` : `~${item.label}`;
      if (isOption(item)) suggestion.insertText = `${item.label}: `;
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
  const answer = await inTime(sessionOf(sessions, document)?.request("inspect", placeOf(document, position)));
  const markdown = answer?.bundle?.["text/markdown"];
  return typeof markdown === "string" ? new vscode.Hover(new vscode.MarkdownString(markdown)) : undefined;
}

async function signature(
  sessions: Sessions,
  document: vscode.TextDocument,
  position: vscode.Position,
): Promise<vscode.SignatureHelp | undefined> {
  const answer = await inTime(
    sessionOf(sessions, document)?.request("signature", placeOf(document, position)),
  );
  if (!answer?.signature) return undefined;
  const { label, parameters, parameter, documentation } = answer.signature;
  const told = new vscode.SignatureInformation(
    label,
    documentation === undefined ? undefined : new vscode.MarkdownString(documentation),
  );
  told.parameters = parameters.map(({ start, end }) => new vscode.ParameterInformation([start, end]));
  const help = new vscode.SignatureHelp();
  help.signatures = [told];
  help.activeParameter = parameter;
  return help;
}

/** Where somebody writes, as the kernel's questions have it. */
const placeOf = (document: vscode.TextDocument, position: vscode.Position) => ({
  code: document.getText(),
  cursor: document.offsetAt(position),
});

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
  value: vscode.CompletionItemKind.EnumMember,
};
