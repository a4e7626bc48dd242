import type { OutputMetadata } from "../protocol/rendererMessages";
import type { Conversation } from "./conversation";
import { element } from "./elements";
import type { OutputItem } from "./index";
import { Paced } from "./paced";
import { editorTheme } from "./theme";
import type { Mounted } from "./view";
import { mountOf } from "./views";

interface Shown {
  readonly mime: string;
  readonly display: string | undefined;
  readonly host: HTMLElement;
  readonly mounted: Mounted<unknown>;
}

/** The outputs on the screen. New data for one that is there updates it in place: nothing flickers, settings stay. */
export class Outputs {
  private readonly shown = new Map<string, Shown>();
  /** What was asked to be drawn last, by output: views load at their own pace and may finish in another order. */
  private readonly newest = new Map<string, OutputItem>();

  private readonly redraws = new Paced<Readonly<Record<string, unknown>>>((display, bundle) => {
    for (const [id, { mime, display: shown, host, mounted }] of this.shown)
      if (shown === display && Object.hasOwn(bundle, mime))
        this.draw(id, host, () => mounted.update(bundle[mime]));
  });

  constructor(private readonly conversation: Conversation) {}

  async render(item: OutputItem, host: HTMLElement, signal?: AbortSignal): Promise<void> {
    const display = displayOf(item.metadata);
    this.newest.set(item.id, item);
    if (display !== undefined) this.redraws.drop(display);
    const before = this.shown.get(item.id);
    if (
      before?.host === host &&
      before.mime === item.mime &&
      before.display === display &&
      host.hasChildNodes()
    ) {
      this.draw(item.id, host, () => before.mounted.update(item.json()));
      return;
    }
    const mount = await mountOf(item.mime);
    // While the view's code was loading, the output may have been taken away or got newer data, which is drawn instead.
    if (signal?.aborted || this.newest.get(item.id) !== item) return;
    this.release(item.id);
    const root = element("div", { class: "vaenb-root" });
    host.replaceChildren(root);
    this.draw(item.id, host, () => {
      const mounted = mount(root, item.json(), {
        ask: this.conversation.about(display),
        isLive: display !== undefined && this.conversation.unanswered === undefined,
        unanswered: this.conversation.unanswered,
        theme: editorTheme,
      });
      this.shown.set(item.id, { mime: item.mime, display, host, mounted });
    });
  }

  /** New content for what is on the screen, ahead of the document: a chart that moves. */
  redraw(display: string, bundle: Readonly<Record<string, unknown>>): void {
    this.redraws.put(display, bundle);
  }

  /** Forgets an output and gives back what it holds; without an id, all of them. */
  dispose(id?: string): void {
    for (const key of id === undefined ? [...this.newest.keys()] : [id]) {
      this.newest.delete(key);
      this.release(key);
    }
  }

  /** A notebook file may hold anything: what cannot be drawn is said in its place, and the other outputs live on. */
  private draw(id: string, host: HTMLElement, draw: () => void): void {
    try {
      draw();
    } catch (error) {
      // Whole data that come later are drawn anew.
      this.release(id);
      const why = error instanceof Error ? error.message : String(error);
      host.replaceChildren(
        element(
          "div",
          { class: "vaenb-root vaenb-warning", role: "alert" },
          `This output cannot be drawn: ${why}. Run its cell again.`,
        ),
      );
    }
  }

  /** Gives back WebGL contexts and observers. */
  private release(id: string): void {
    this.shown.get(id)?.mounted.dispose();
    this.shown.delete(id);
  }
}

function displayOf(metadata: unknown): string | undefined {
  if (typeof metadata !== "object" || metadata === null) return undefined;
  const { vaenb }: OutputMetadata = metadata;
  return typeof vaenb?.display === "string" ? vaenb.display : undefined;
}
