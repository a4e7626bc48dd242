import type { FileBundle, JsonValue, Output } from "../../notebook";
import { isBinaryMime, isJsonMime } from "../../protocol/mime";
import { viewOfMime } from "../../protocol/views";
import { altOf, isPicture, plotlyMime, richestForPage } from "../richest";
import { dataElement, dataUri } from "./data";
import { highlight } from "./highlight";
import { Html, markup } from "./markup";
import type { MarkdownRenderer } from "./markdown";
import { formula } from "./maths";
import { terminalText } from "./terminal";

/** What the page must carry so that its outputs can be drawn. */
export interface NeededParts {
  views: boolean;
  plotly: boolean;
  frames: boolean;
}

/** What an output refers to. */
export interface OutputContext {
  readonly markdown: MarkdownRenderer;
  readonly needed: NeededParts;
  /** How many cells there are that an error's "Cell 3" may mean. */
  readonly cells: number;
}

export function outputHtml(output: Output, context: OutputContext): Html {
  switch (output.type) {
    case "stream": {
      const text = withFileLinks(terminalText(output.text));
      return outputBox(
        `stream ${output.name}`,
        textBlock(text, output.name === "stderr" ? "error stream" : "output"),
      );
    }
    case "error":
      return errorHtml(output.name, output.message, output.traceback, context.cells);
    case "display_data":
    case "execute_result":
      return bundleHtml(output.data, context);
  }
}

const outputBox = (kind: string, content: Html): Html => markup`<div class="output ${kind}">${content}</div>`;

/** A text in its box. The line end at its start is the one that readers of HTML drop. */
const textBlock = (text: Html, name: string): Html =>
  markup`<pre class="text" role="group" aria-label="${name}">\n${text}</pre>`;

/** The file that the kernel wrote the rest of a long output to: see the client's limit of outputs. */
const withFileLinks = ({ text }: Html): Html =>
  new Html(
    text.replaceAll(
      /(The rest is in )((?:\/|[A-Za-z]:\\)[^\n<>]+?)(?=\]\n|\]$)/g,
      (_, before: string, file: string) => {
        const address = `file://${file.startsWith("/") ? "" : "/"}${file.replaceAll("\\", "/").replaceAll(" ", "%20")}`;
        return `${before}<a href="${address}">${file}</a>`;
      },
    ),
  );

function errorHtml(name: string, message: string, traceback: readonly string[], cells: number): Html {
  const text = traceback.length > 0 ? traceback.join("\n") : `${name}: ${message}`;
  const shown = terminalText(text).text.replaceAll(/\bCell (\d+)(?=:\d)/g, (label, number: string) =>
    Number(number) >= 1 && Number(number) <= cells ? `<a href="#cell_${number}">${label}</a>` : label,
  );
  return outputBox("error", textBlock(new Html(shown), `error ${name}`));
}

function bundleHtml(bundle: FileBundle, context: OutputContext): Html {
  const form = richestForPage(bundle);
  if (form === undefined) return markup``;
  const { mime, content } = form;
  const view = viewOfMime(mime) ?? (mime === plotlyMime ? "plotly" : undefined);
  if (view !== undefined) return viewHtml(mime, view, content, bundle, context.needed);
  const text = typeof content === "string" ? content : JSON.stringify(content, bigintAsText, 2);
  if (mime === "text/html") {
    context.needed.frames = true;
    return outputBox("frame", markup`${dataElement(text)}${withoutScripts(bundle)}`);
  }
  if (mime === "image/svg+xml" || isPicture(mime)) {
    const address = dataUri(mime, isBinaryMime(mime) ? text : Buffer.from(text));
    return outputBox(
      "picture",
      markup`<img src="${address}" alt="${altOf(bundle) || "picture"}" decoding="async" loading="lazy">`,
    );
  }
  if (mime.startsWith("audio/"))
    return outputBox("sound", markup`<audio controls src="${dataUri(mime, text)}"></audio>`);
  if (mime.startsWith("video/"))
    return outputBox("picture", markup`<video controls src="${dataUri(mime, text)}"></video>`);
  if (mime === "application/pdf")
    return outputBox("file", markup`<a href="${dataUri(mime, text)}" download="output.pdf">PDF document</a>`);
  if (mime === "text/markdown") return outputBox("prose", context.markdown.render(text));
  if (mime === "text/latex")
    return outputBox("prose", new Html(formula(text.replaceAll(/^\s*\$+|\$+\s*$/g, ""), true)));
  if (isJsonMime(mime) || mime === "application/javascript")
    return outputBox("value", textBlock(highlight(text), "value"));
  return outputBox(
    "value",
    textBlock(mime.startsWith("text/") ? terminalText(text) : markup`[${mime}]`, "value"),
  );
}

function viewHtml(
  mime: string,
  view: string,
  content: JsonValue,
  bundle: FileBundle,
  needed: NeededParts,
): Html {
  needed.views = true;
  needed.plotly ||= view === "plotly";
  const parts = [dataElement(content), markup`<div class="drawn"></div>`, withoutScripts(bundle)];
  return markup`<div class="output view" data-mime="${mime}" data-view="${view}">${parts}</div>`;
}

function withoutScripts({ "text/plain": text }: FileBundle): Html | undefined {
  return typeof text === "string"
    ? markup`<noscript>${textBlock(terminalText(text), "value")}</noscript>`
    : undefined;
}

const bigintAsText = (_: string, value: unknown): unknown =>
  typeof value === "bigint" ? String(value) : value;
