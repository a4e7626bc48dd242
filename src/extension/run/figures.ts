import * as vscode from "vscode";
import { isJsonMime, type MimeBundle } from "../../protocol/mime";
import {
  type AnswerMessage,
  isAskMessage,
  isSavePictureMessage,
  type RedrawMessage,
} from "../../protocol/rendererMessages";
import { viewOfMime } from "../../protocol/views";
import { savePicture } from "../file/savePicture";

/** Answers a question to the figure of a display; undefined where no kernel runs. */
export type AskKernel = (
  notebook: vscode.NotebookDocument,
  question: { readonly display: string; readonly question: string; readonly payload: unknown },
) => Promise<{ readonly payload?: unknown }> | undefined;

/** What drawn figures and the extension say to each other. */
export class Figures implements vscode.Disposable {
  private readonly messaging = vscode.notebooks.createRendererMessaging("vaenb");
  private listening: vscode.Disposable | undefined;
  private readonly answered = new vscode.EventEmitter<void>();
  /** A kernel has answered a figure's question: somebody explores it. */
  readonly onDidAnswer = this.answered.event;

  /** Passes the questions of figures to the kernel of their notebook, and its answers back. */
  answerWith(ask: AskKernel): void {
    this.listening?.dispose();
    this.listening = this.messaging.onDidReceiveMessage(async ({ editor, message }) => {
      if (isSavePictureMessage(message)) return savePicture(editor.notebook, message);
      if (!isAskMessage(message)) return;
      const { request, display, question, payload } = message;
      const answer = await answerOf(request, () => ask(editor.notebook, { display, question, payload }));
      await this.messaging.postMessage(answer, editor);
      if (!("error" in answer)) this.answered.fire();
    });
  }

  /** Gives the renderer a figure's new content directly. False where our renderer does not draw it, or nobody sees it. */
  redraw(notebook: vscode.NotebookDocument, display: string, bundle: MimeBundle): boolean {
    const drawn = Object.entries(bundle).filter(
      ([mime]) => isJsonMime(mime) && (viewOfMime(mime) !== undefined || mime.includes("plotly")),
    );
    const editors = vscode.window.visibleNotebookEditors.filter((editor) => editor.notebook === notebook);
    if (drawn.length === 0 || editors.length === 0) return false;
    const message: RedrawMessage = { type: "redraw", display, bundle: Object.fromEntries(drawn) };
    for (const editor of editors) void this.messaging.postMessage(message, editor);
    return true;
  }

  dispose(): void {
    this.listening?.dispose();
    this.answered.dispose();
  }
}

async function answerOf(request: number, ask: () => ReturnType<AskKernel>): Promise<AnswerMessage> {
  try {
    const reply = await ask();
    if (reply) return { type: "answer", request, payload: reply.payload };
    return { type: "answer", request, error: "No kernel is running: run the cell again.", noKernel: true };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { type: "answer", request, error: why };
  }
}
