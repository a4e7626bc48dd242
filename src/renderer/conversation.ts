import { isAnswerMessage } from "../protocol/rendererMessages";
import type { QuestionName, Questions } from "../protocol/views";
import { type Ask, NoKernel } from "./view";

export const noKernelText = "No kernel is running: run this cell again to decode points of the latent space.";

/** VS Code's renderer messaging, or nothing where a page is not in VS Code. */
export interface Messaging {
  readonly postMessage?: (message: unknown) => void;
  readonly onDidReceiveMessage?: (listener: (message: unknown) => void) => unknown;
  /** What to say of questions where nobody can be asked. */
  readonly advice?: string;
}

/** A kernel may run, but none that made this output. */
const fromFile =
  "This output was read from the file: run its cell again, so that the kernel can decode points of the latent space.";

/** Turns messages into questions with answers. */
export class Conversation {
  private readonly waiting = new Map<
    number,
    { resolve: (payload: unknown) => void; reject: (error: Error) => void }
  >();
  private asked = 0;

  constructor(private readonly messaging: Messaging) {
    messaging.onDidReceiveMessage?.((message) => {
      if (!isAnswerMessage(message)) return;
      const waits = this.waiting.get(message.request);
      this.waiting.delete(message.request);
      if (!("error" in message)) waits?.resolve(message.payload);
      else waits?.reject(message.noKernel ? new NoKernel(message.error) : new Error(message.error));
    });
  }

  /** What to say where there is nobody to ask at all. */
  get unanswered(): string | undefined {
    return this.messaging.postMessage === undefined ? (this.messaging.advice ?? noKernelText) : undefined;
  }

  /** Questions to the figure of one display; without a display there is nobody to ask. */
  about(display: string | undefined): Ask {
    return <Q extends QuestionName>(question: Q, payload: Questions[Q]["ask"]) =>
      new Promise<Questions[Q]["answer"]>((resolve, reject) => {
        const { postMessage } = this.messaging;
        if (postMessage === undefined) {
          reject(new NoKernel("No kernel is running.", this.unanswered));
          return;
        }
        if (display === undefined) {
          reject(new NoKernel("This output came from the file.", fromFile));
          return;
        }
        const request = ++this.asked;
        // What a figure answers is typed by `Questions`, which the figures' tests hold it to.
        this.waiting.set(request, { resolve: (answer) => resolve(answer as Questions[Q]["answer"]), reject });
        postMessage({ type: "ask", request, display, question, payload });
      });
  }
}
