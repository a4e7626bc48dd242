import { type Draws, dataOf } from "./nearby";
import { pageNonce } from "./inert";
import type { PageTheme } from "./pageTheme";

/**
 * HTML that people's cells made. It runs in frames of an origin of their own: it cannot reach the page, its storage or
 * the network. A frame tells how tall its content is, and nothing else is heard.
 */
export class Frames implements Draws {
  private readonly frames = new Map<HTMLElement, HTMLIFrameElement>();

  constructor(private readonly theme: PageTheme) {
    window.addEventListener("message", (event: MessageEvent<unknown>) => {
      const frame = [...this.frames.values()].find(({ contentWindow }) => contentWindow === event.source);
      const height = heightIn(event.data);
      if (frame && height !== undefined) frame.style.height = `${height}px`;
    });
    theme.onChange(() => {
      for (const frame of this.frames.values()) this.send(frame, {});
    });
  }

  draw(output: HTMLElement): void {
    if (this.frames.has(output)) return;
    const frame = document.createElement("iframe");
    frame.sandbox.add("allow-scripts", "allow-popups", "allow-popups-to-escape-sandbox", "allow-downloads");
    frame.title = "HTML output";
    frame.srcdoc = shell(document.getElementById("vaenb_frame")?.textContent ?? "");
    frame.addEventListener("load", () => this.send(frame, { html: dataOf(output) }), { once: true });
    this.frames.set(output, frame);
    output.append(frame);
  }

  private send(frame: HTMLIFrameElement, content: { readonly html?: unknown }): void {
    // The frame's origin has no name that one could address it by.
    frame.contentWindow?.postMessage({ ...content, theme: this.theme.frameColours() }, "*");
  }
}

function heightIn(message: unknown): number | undefined {
  if (typeof message !== "object" || message === null || !("height" in message)) return undefined;
  const { height } = message;
  return typeof height === "number" && height >= 0 && height < 100_000 ? height : undefined;
}

const shell = (code: string): string =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><base target="_blank"><title>HTML output</title><style>
body { margin: 0; padding: 1px 0; overflow: hidden; overflow-x: auto; color: var(--vscode-editor-foreground); font: 14px/1.5 var(--vscode-font-family); }
a { color: var(--accent); } img, svg, video { max-width: 100%; }
table { border-collapse: collapse; } th, td { padding: 3px 12px 3px 0; text-align: left; }
</style></head><body><script nonce="${pageNonce()}">${code}</script></body></html>`;
