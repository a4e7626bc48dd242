import { isRedrawMessage } from "../protocol/rendererMessages";
import { Conversation, type Messaging } from "./conversation";
import { Outputs } from "./outputs";
import { savePicturesBy } from "./saving";
import { addStyle } from "./style";

/** An output item as VS Code hands it to a renderer. */
export interface OutputItem {
  readonly id: string;
  readonly mime: string;
  readonly metadata: unknown;
  json(): unknown;
}

/** VS Code calls this once per notebook, when the first output of ours is drawn. */
export function activate(messaging: Messaging) {
  addStyle();
  const outputs = new Outputs(new Conversation(messaging));
  const { postMessage } = messaging;
  if (postMessage) savePicturesBy((name, png) => postMessage({ type: "savePicture", name, png }));
  messaging.onDidReceiveMessage?.((message) => {
    if (isRedrawMessage(message)) outputs.redraw(message.display, message.bundle);
  });
  return {
    renderOutputItem: (item: OutputItem, element: HTMLElement, signal?: AbortSignal) =>
      outputs.render(item, element, signal),
    disposeOutputItem: (id?: string) => outputs.dispose(id),
  };
}
