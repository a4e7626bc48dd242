/**
 * What a drawn output and the extension say to each other, over VS Code's renderer messaging. An output that can ask
 * carries its display's name in its metadata (`OutputMetadata`); the extension passes the question to the kernel.
 */

/** Metadata of a notebook output whose display may be asked. */
export interface OutputMetadata {
  readonly vaenb?: { readonly display?: string };
}

/** From the renderer: a question for the figure behind a display. */
export interface AskMessage {
  readonly type: "ask";
  /** Numbers the questions of one webview; the answer carries it back. */
  readonly request: number;
  readonly display: string;
  readonly question: string;
  readonly payload: unknown;
}

/** To the renderer. `error` is a sentence for the person; `noKernel` where nobody is there to answer. */
export type AnswerMessage =
  | { readonly type: "answer"; readonly request: number; readonly payload: unknown }
  | {
      readonly type: "answer";
      readonly request: number;
      readonly error: string;
      readonly noKernel?: boolean;
    };

/** To the renderer: new content for a display on the screen, by MIME type, ahead of the document. */
export interface RedrawMessage {
  readonly type: "redraw";
  readonly display: string;
  readonly bundle: Readonly<Record<string, unknown>>;
}

/** From the renderer: a picture that a person wants as a file. The extension asks for its place. */
export interface SavePictureMessage {
  readonly type: "savePicture";
  /** Proposed, with its ending: "Latent-space.png". */
  readonly name: string;
  /** A PNG file, in base64. */
  readonly png: string;
}

export function isSavePictureMessage(message: unknown): message is SavePictureMessage {
  if (typeof message !== "object" || message === null) return false;
  const { type, name, png } = message as Partial<Record<keyof SavePictureMessage, unknown>>;
  return type === "savePicture" && typeof name === "string" && typeof png === "string";
}

export function isRedrawMessage(message: unknown): message is RedrawMessage {
  if (typeof message !== "object" || message === null) return false;
  const { type, display, bundle } = message as Partial<Record<keyof RedrawMessage, unknown>>;
  return type === "redraw" && typeof display === "string" && typeof bundle === "object" && bundle !== null;
}

export function isAnswerMessage(message: unknown): message is AnswerMessage {
  if (typeof message !== "object" || message === null) return false;
  const { type, request, error } = message as Partial<Record<"type" | "request" | "error", unknown>>;
  return (
    type === "answer" && typeof request === "number" && (error === undefined || typeof error === "string")
  );
}

export function isAskMessage(message: unknown): message is AskMessage {
  if (typeof message !== "object" || message === null) return false;
  const { type, request, display, question } = message as Partial<Record<keyof AskMessage, unknown>>;
  return (
    type === "ask" &&
    typeof request === "number" &&
    typeof display === "string" &&
    typeof question === "string"
  );
}
