import * as vscode from "vscode";
import { type AnswerMessage, type AskMessage, isAskMessage } from "../../protocol/rendererMessages";
import type { Sessions } from "./sessions";

/** Passes the questions of drawn figures to the kernel of their notebook, and its answers back. */
export function answerFigures(sessions: Sessions): vscode.Disposable {
  const messaging = vscode.notebooks.createRendererMessaging("vaenb");
  return messaging.onDidReceiveMessage(async ({ editor, message }) => {
    if (!isAskMessage(message)) return;
    await messaging.postMessage(await answer(sessions, editor.notebook, message), editor);
  });
}

async function answer(
  sessions: Sessions,
  notebook: vscode.NotebookDocument,
  { request, display, question, payload }: AskMessage,
): Promise<AnswerMessage> {
  try {
    const reply = await sessions.get(notebook)?.request("viewMessage", { display, question, payload });
    if (reply) return { type: "answer", request, payload: reply.payload };
    return { type: "answer", request, error: "No kernel is running: run the cell again.", noKernel: true };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { type: "answer", request, error: why };
  }
}
