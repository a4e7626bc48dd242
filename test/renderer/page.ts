import { readFile } from "node:fs/promises";
import path from "node:path";
import { build } from "esbuild";
import type { Browser, Page } from "playwright-core";
import { PNG } from "pngjs";
import { afterAll, afterEach, beforeAll, expect } from "vitest";
import {
  isAskMessage,
  isSavePictureMessage,
  type SavePictureMessage,
} from "../../src/protocol/rendererMessages";
import { rendererBundle } from "../../src/renderer/bundle.mjs";
import { answer, display, type Displayable } from "../../src/vae/host";
import { launchChromium } from "../chromium";
import { drawnPanels, type SeenPanel, seenPanel } from "./seenPanels";

const outdir = path.resolve(".cache/test/renderer");
// As secure as VS Code's own pages: others have no clipboard.
const origin = "https://renderer.test";

type Open = (figures?: Readonly<Record<string, unknown>>, theme?: Theme) => Promise<Webview>;

/**
 * Sets a file of tests up: one browser for all of them, a page of its own for each. What goes wrong in a page fails its
 * test. The result opens the page of the test that is running.
 */
export function webviews(): Open {
  let browser: Browser | undefined;
  let opened: Webview[] = [];
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser?.close());
  afterEach(async () => {
    const errors = opened.flatMap((view) => view.errors);
    await Promise.all(opened.map((view) => view.close()));
    opened = [];
    expect(errors).toEqual([]);
  });
  return async (figures = {}, theme = "dark") => {
    if (browser === undefined) throw new Error("there is no browser yet");
    const view = await Webview.open(browser, figures, theme);
    opened.push(view);
    return view;
  };
}

/** Builds the renderer as it is shipped, and starts a browser. */
async function openBrowser(): Promise<Browser> {
  await build({ ...rendererBundle, outdir });
  return launchChromium();
}

/** What every theme has alike. */
const fonts = { "--vscode-font-family": "system-ui, sans-serif", "--vscode-font-size": "13px" } as const;

/** As much of VS Code's own themes as our views read, as its webviews hand it to them. */
export const themes = {
  dark: {
    ...fonts,
    "--vscode-editor-background": "#1f1f1f",
    "--vscode-editor-foreground": "#cccccc",
    "--vscode-descriptionForeground": "#9d9d9d",
    "--vscode-editorWidget-border": "rgba(204, 204, 204, 0.2)",
    "--vscode-focusBorder": "#0078d4",
    "--vscode-button-border": "rgba(255, 255, 255, 0.1)",
    "--vscode-button-background": "#0078d4",
    "--vscode-button-foreground": "#ffffff",
    "--vscode-button-secondaryBackground": "rgba(0, 0, 0, 0)",
    "--vscode-button-secondaryForeground": "#cccccc",
    "--vscode-button-secondaryHoverBackground": "#2b2b2b",
    "--vscode-progressBar-background": "#0078d4",
    "--vscode-dropdown-background": "#313131",
    "--vscode-dropdown-foreground": "#cccccc",
    "--vscode-dropdown-border": "#3c3c3c",
    "--vscode-editorHoverWidget-background": "#202020",
    "--vscode-editorHoverWidget-foreground": "#cccccc",
    "--vscode-editorHoverWidget-border": "rgba(204, 204, 204, 0.2)",
    "--vscode-editorWarning-foreground": "#cca700",
    "--vscode-errorForeground": "#f85149",
    "--vscode-charts-blue": "#59a4f9",
    "--vscode-symbolIcon-propertyForeground": "#cccccc",
  },
  light: {
    ...fonts,
    "--vscode-editor-background": "#ffffff",
    "--vscode-editor-foreground": "#3b3b3b",
    "--vscode-descriptionForeground": "#3b3b3b",
    "--vscode-editorWidget-border": "rgba(59, 59, 59, 0.2)",
    "--vscode-focusBorder": "#005fb8",
    "--vscode-button-border": "rgba(0, 0, 0, 0.1)",
    "--vscode-button-background": "#005fb8",
    "--vscode-button-foreground": "#ffffff",
    "--vscode-button-secondaryBackground": "#e5e5e5",
    "--vscode-button-secondaryForeground": "#3b3b3b",
    "--vscode-button-secondaryHoverBackground": "#cccccc",
    "--vscode-progressBar-background": "#005fb8",
    "--vscode-dropdown-background": "#ffffff",
    "--vscode-dropdown-foreground": "#3b3b3b",
    "--vscode-dropdown-border": "#cecece",
    "--vscode-editorHoverWidget-background": "#f8f8f8",
    "--vscode-editorHoverWidget-foreground": "#3b3b3b",
    "--vscode-editorHoverWidget-border": "rgba(59, 59, 59, 0.2)",
    "--vscode-editorWarning-foreground": "#bf8803",
    "--vscode-errorForeground": "#f85149",
    "--vscode-charts-blue": "#0063d3",
    "--vscode-symbolIcon-propertyForeground": "#3b3b3b",
  },
  "high-contrast": {
    ...fonts,
    "--vscode-editor-background": "#000000",
    "--vscode-editor-foreground": "#ffffff",
    "--vscode-descriptionForeground": "rgba(255, 255, 255, 0.7)",
    "--vscode-editorWidget-border": "#6fc3df",
    "--vscode-focusBorder": "#f38518",
    "--vscode-contrastBorder": "#6fc3df",
    "--vscode-contrastActiveBorder": "#f38518",
    "--vscode-button-border": "#6fc3df",
    "--vscode-button-background": "#000000",
    "--vscode-button-foreground": "#ffffff",
    "--vscode-button-secondaryForeground": "#ffffff",
    "--vscode-progressBar-background": "#6fc3df",
    "--vscode-dropdown-background": "#000000",
    "--vscode-dropdown-foreground": "#ffffff",
    "--vscode-dropdown-border": "#6fc3df",
    "--vscode-editorHoverWidget-background": "#0c141f",
    "--vscode-editorHoverWidget-foreground": "#ffffff",
    "--vscode-editorHoverWidget-border": "#6fc3df",
    "--vscode-editorWarning-foreground": "#ffd370",
    "--vscode-errorForeground": "#f48771",
    "--vscode-charts-blue": "#59a4f9",
    "--vscode-symbolIcon-propertyForeground": "#ffffff",
  },
  "high-contrast-light": {
    ...fonts,
    "--vscode-editor-background": "#ffffff",
    "--vscode-editor-foreground": "#292929",
    "--vscode-descriptionForeground": "rgba(41, 41, 41, 0.7)",
    "--vscode-editorWidget-border": "#0f4a85",
    "--vscode-focusBorder": "#006bbd",
    "--vscode-contrastBorder": "#0f4a85",
    "--vscode-contrastActiveBorder": "#006bbd",
    "--vscode-button-border": "#0f4a85",
    "--vscode-button-background": "#0f4a85",
    "--vscode-button-foreground": "#ffffff",
    "--vscode-button-secondaryBackground": "#ffffff",
    "--vscode-button-secondaryForeground": "#292929",
    "--vscode-progressBar-background": "#0f4a85",
    "--vscode-dropdown-background": "#ffffff",
    "--vscode-dropdown-foreground": "#292929",
    "--vscode-dropdown-border": "#0f4a85",
    "--vscode-editorHoverWidget-background": "#ffffff",
    "--vscode-editorHoverWidget-foreground": "#292929",
    "--vscode-editorHoverWidget-border": "#0f4a85",
    "--vscode-editorWarning-foreground": "#895503",
    "--vscode-errorForeground": "#b5200d",
    "--vscode-charts-blue": "#0063d3",
    "--vscode-symbolIcon-propertyForeground": "#292929",
  },
} as const;
export type Theme = keyof typeof themes;

/** VS Code gives the light one of high contrast both names. */
const bodyClass = (theme: Theme): string =>
  theme === "high-contrast-light" ? `vscode-high-contrast-light vscode-high-contrast` : `vscode-${theme}`;

/** A notebook's webview: the page in which VS Code loads a renderer, with the messages to and from the extension. */
export class Webview {
  private constructor(
    readonly page: Page,
    /** What went wrong in the page. */
    readonly errors: readonly string[],
    private readonly saved: readonly SavePictureMessage[],
  ) {}

  static async open(
    browser: Browser,
    figures: Readonly<Record<string, unknown>> = {},
    theme: Theme = "dark",
  ): Promise<Webview> {
    const page = await browser.newPage({ viewport: { width: 960, height: 900 } });
    const errors: string[] = [];
    const saved: SavePictureMessage[] = [];
    page.on("pageerror", (error) => errors.push(String(error)));
    page.on("console", (message) => {
      if (message.type() === "error") errors.push(message.text());
    });
    await page.route("**/*", async (route) => {
      const { origin: asked, pathname } = new URL(route.request().url());
      if (asked !== origin) {
        errors.push(`a request left the page: ${route.request().url()}`);
        return route.abort();
      }
      if (pathname === "/") return route.fulfill({ contentType: "text/html", body: shell(theme) });
      return route.fulfill({
        contentType: "text/javascript",
        body: await readFile(path.join(outdir, pathname)),
      });
    });
    await page.exposeFunction("toExtension", async (message: unknown): Promise<unknown> => {
      if (isSavePictureMessage(message)) return void saved.push(message);
      if (!isAskMessage(message)) throw new Error(`not a question: ${JSON.stringify(message)}`);
      const { request } = message;
      const figure = figures[message.display];
      if (!isAnswering(figure))
        return { type: "answer", request, error: "No kernel is running.", noKernel: true };
      try {
        return { type: "answer", request, payload: await figure[answer](message.question, message.payload) };
      } catch (error) {
        return { type: "answer", request, error: String(error) };
      }
    });
    await page.goto(`${origin}/`);
    await page.waitForFunction("window.renderer !== undefined");
    return new Webview(page, errors, saved);
  }

  /** Draws a figure as VS Code would: its first MIME type that we have a view for, in an output with an id. */
  async draw(figure: Displayable, id = "output"): Promise<void> {
    const bundle = figure[display]();
    const mime = Object.keys(bundle).find((name) => name.startsWith("application/vnd.vaenb."));
    if (mime === undefined) throw new Error("the figure has no view of ours");
    await this.drawMime(mime, bundle[mime], id);
  }

  /** `isFromFile`: no kernel made it that could change it. */
  async drawMime(mime: string, data: unknown, id = "output", isFromFile = false): Promise<void> {
    await this.page.evaluate(
      ([mime, data, id, isFromFile]) =>
        (window as unknown as TestWindow).drawOutput(mime, data, id, isFromFile),
      [mime, data, id, isFromFile] as const,
    );
  }

  /** Takes an output away, as VS Code does when its cell is run again. */
  async dispose(id = "output"): Promise<void> {
    await this.page.evaluate((id) => (window as unknown as TestWindow).renderer.disposeOutputItem(id), id);
  }

  /** Waits for the chart and gives what plotly holds of it. */
  async chart(
    id = "output",
  ): Promise<{ readonly data: readonly ChartTrace[]; readonly layout: ChartLayout }> {
    await this.page.waitForSelector(`#${id} .vaenb-chart .main-svg`, { state: "attached" });
    return this.page.evaluate((id) => {
      const plot = document.querySelector(`#${id} .vaenb-chart`) as unknown as PlotlyElement;
      return {
        data: plot.data.map(({ type, name, x, y, line }) => ({
          type,
          name,
          x: [...x],
          y: [...y],
          line: { ...line },
        })),
        layout: JSON.parse(JSON.stringify(plot.layout)) as ChartLayout,
      };
    }, id);
  }

  /** The panels of a chart of lines, as they are drawn. */
  async panels(id = "output"): Promise<readonly SeenPanel[]> {
    await this.page.waitForSelector(`#${id} .vaenb-lines path[d]`, { state: "attached" });
    return (await this.page.evaluate(drawnPanels, id)).map(seenPanel);
  }

  /** The canvas's pixels as gray levels, left to right from the top. */
  grays(selector: string): Promise<{ width: number; height: number; levels: number[] }> {
    return this.page.evaluate((selector) => {
      const canvas = document.querySelector<HTMLCanvasElement>(selector);
      const data = canvas?.getContext("2d")?.getImageData(0, 0, canvas.width, canvas.height).data;
      if (!canvas || !data) throw new Error(`no picture at ${selector}`);
      const levels = Array.from({ length: data.length / 4 }, (_, i) => data[i * 4] ?? -1);
      return { width: canvas.width, height: canvas.height, levels };
    }, selector);
  }

  /** How many times the pictures of a grid are enlarged, once that is decided, and whether their pixels stay crisp. */
  async enlargement(): Promise<{ readonly factor: number; readonly rendering: string }> {
    const canvas = this.page.locator(".vaenb-pictures canvas[style*=width]").first();
    return canvas.evaluate((canvas: HTMLCanvasElement) => ({
      factor: parseFloat(canvas.style.width) / canvas.width,
      rendering: getComputedStyle(canvas).imageRendering,
    }));
  }

  /** Presses Save, and reads the file that the editor is given. */
  async save(): Promise<{ readonly name: string; readonly picture: PNG }> {
    const before = this.saved.length;
    await this.page.getByRole("button", { name: "Save" }).click();
    await expect.poll(() => this.saved.length, { timeout: 20_000 }).toBe(before + 1);
    const { name = "", png = "" } = this.saved.at(-1) ?? {};
    return { name, picture: PNG.sync.read(Buffer.from(png, "base64")) };
  }

  /** The colour on the screen at a place of an element, as shares of its size. */
  async colourAt(selector: string, x: number, y: number): Promise<readonly [number, number, number]> {
    const { data, width, height } = PNG.sync.read(await this.page.locator(selector).first().screenshot());
    const at = (Math.floor(y * height) * width + Math.floor(x * width)) * 4;
    return [data[at] ?? NaN, data[at + 1] ?? NaN, data[at + 2] ?? NaN];
  }

  text(selector = "#output"): Promise<string> {
    return this.page.innerText(selector);
  }

  close(): Promise<void> {
    return this.page.close();
  }
}

/** How many pixels of a picture have each colour: "31,31,31". */
export function colourCounts({ data }: PNG): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (let i = 0; i < data.length; i += 4) {
    const colour = [...data.subarray(i, i + 3)].join();
    counts.set(colour, (counts.get(colour) ?? 0) + 1);
  }
  return counts;
}

interface ChartTrace {
  readonly type: string;
  readonly name: string;
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly line: { readonly color?: string };
}
interface ChartLayout {
  readonly font: { readonly color: string };
  readonly paper_bgcolor: string;
  readonly hoverlabel: object;
  readonly yaxis: { readonly type: string; readonly range?: readonly number[] };
  readonly annotations: readonly { readonly text: string }[];
  readonly shapes?: readonly { readonly x0: number }[];
}
interface PlotlyElement {
  readonly data: readonly {
    type: string;
    name: string;
    x: Iterable<number>;
    y: Iterable<number>;
    line: object;
  }[];
  readonly layout: object;
}
interface TestWindow {
  readonly renderer: { disposeOutputItem(id: string): void };
  drawOutput(mime: string, data: unknown, id: string, isFromFile: boolean): Promise<void>;
}

interface AnsweringFigure {
  [answer](question: string, payload: unknown): Promise<unknown>;
}
const isAnswering = (figure: unknown): figure is AnsweringFigure =>
  typeof figure === "object" && figure !== null && answer in figure;

/** As much of VS Code's webview as a renderer sees: colours as variables, elements for outputs, messages. */
function shell(theme: Theme): string {
  const variables = Object.entries(themes[theme])
    .map(([name, value]) => `${name}: ${value}`)
    .join("; ");
  return `<!doctype html><html lang="en" style="${variables}"><head><title>outputs</title></head>
<body class="${bodyClass(theme)}" style="background: var(--vscode-editor-background); color: var(--vscode-editor-foreground)">
<main id="outputs"></main>
<script type="module">
  import { activate } from "./renderer.js";
  const listeners = [];
  const renderer = activate({
    postMessage: async (message) => { const answer = await toExtension(message); for (const listen of listeners) listen(answer); },
    onDidReceiveMessage: (listener) => listeners.push(listener),
  });
  window.drawOutput = async (mime, data, id, isFromFile) => {
    let host = document.getElementById(id);
    if (!host) { host = document.createElement("div"); host.id = id; document.getElementById("outputs").append(host); }
    await renderer.renderOutputItem({ id, mime, metadata: isFromFile ? {} : { vaenb: { display: id } }, json: () => data }, host, new AbortController().signal);
  };
  window.renderer = renderer;
</script></body></html>`;
}
