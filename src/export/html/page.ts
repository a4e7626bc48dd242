import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import type { Notebook } from "../../notebook";
import type { LocalPicture } from "../links";
import { cellHtml } from "./cells";
import { Html, markup } from "./markup";
import { type Heading, MarkdownRenderer } from "./markdown";
import type { NeededParts } from "./outputs";
import { style } from "./style";

/** The scripts that a page may carry, as they were built: see the renderer's `page`. */
export type PagePart = "host" | "views" | "plotly" | "frame";

export interface PageOptions {
  /** The notebook's file, as its reader knows it. */
  readonly fileName: string;
  /** From the page's folder to the notebook's; empty where they are the same. */
  readonly base: string;
  readonly part: (name: PagePart) => string;
  readonly picture: (picture: LocalPicture) => Uint8Array | undefined;
}

/**
 * A notebook as one page that loads nothing: texts, sources and outputs, and of the renderer as much as its outputs need.
 * Yields after each cell the share that is done. Pure: equal notebooks make equal pages.
 */
export function* htmlPage(notebook: Notebook, options: PageOptions): Generator<number, string> {
  const markdown = new MarkdownRenderer(options);
  const needed: NeededParts = { views: false, plotly: false, frames: false };
  const { cells } = notebook;
  const body: string[] = [];
  for (const [i, cell] of cells.entries()) {
    const drawn = cellHtml(cell, i + 1, { markdown, needed, cells: cells.length });
    if (drawn !== undefined) body.push(drawn.text);
    yield (i + 1) / cells.length;
  }
  const content = body.join("\n");
  const name = options.fileName.replace(/\.[^.]*$/, "");
  const title = markdown.headings[0]?.text ?? name;
  const contents = tableOfContents(markdown.headings);

  // Nobody can write the hash of a notebook into that notebook.
  const nonce = createHash("sha256").update(content).digest("base64url");
  const script = (code: string): Html => markup`<script nonce="${nonce}">${new Html(code)}</script>`;
  const head = markup`<!doctype html>
<html lang="en" class="${contents === undefined ? "plain" : "has-contents"}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy(nonce)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="VAE Notebook">
<title>${title}</title>
<style>${new Html(style)}</style>
${script(options.part("host"))}
</head>
<body>
<header class="bar"><span class="file">${options.fileName}</span><button type="button" id="page_theme" hidden>Theme</button></header>
${contents}
<main>
`;
  const foot = markup`
</main>
${needed.views ? script(options.part("views")) : undefined}
${needed.plotly ? packed("vaenb_plotly", options.part("plotly")) : undefined}
${needed.frames ? inert("vaenb_frame", options.part("frame")) : undefined}
</body>
</html>
`;
  return head.text + content + foot.text;
}

/** Nothing comes from elsewhere, and no script runs that the export did not put here. */
const policy = (nonce: string): string =>
  [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    "style-src 'unsafe-inline'",
    "img-src data: blob:",
    "media-src data: blob:",
    "font-src data:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");

/** A part that runs when something needs it: plotly is a third of its size when it is packed. */
const packed = (id: string, code: string): Html => inert(id, gzipSync(code, { level: 9 }).toString("base64"));

const inert = (id: string, text: string): Html =>
  markup`<script type="text/plain" id="${id}">${new Html(text)}</script>`;

/** Where there are several headings; the first one is the page's title. */
function tableOfContents(headings: readonly Heading[]): Html | undefined {
  const listed = headings.slice(headings[0]?.level === 1 ? 1 : 0).filter(({ level }) => level <= 3);
  if (listed.length < 3) return undefined;
  const top = Math.min(...listed.map(({ level }) => level));
  const items = listed.map(
    ({ id, level, text }) => markup`<li class="level-${level - top}"><a href="#${id}">${text}</a></li>`,
  );
  return markup`<nav class="contents" aria-label="Contents"><details open><summary>Contents</summary><ol>${items}</ol></details></nav>`;
}
