import { type Cell, type CodeCell, tagsOf } from "../../notebook";
import { highlight } from "./highlight";
import { type Html, markup } from "./markup";
import { type OutputContext, outputHtml } from "./outputs";

/** The cell with this number, counted from 1; nothing for one that is tagged to stay out. */
export function cellHtml(cell: Cell, number: number, context: OutputContext): Html | undefined {
  if (tagsOf(cell).includes("remove-cell")) return undefined;
  const id = `cell_${number}`;
  switch (cell.type) {
    case "markdown":
      return section("prose", id, context.markdown.render(cell.source, cell.attachments));
    case "raw":
      return section("raw", id, markup`<pre class="text">\n${cell.source}</pre>`);
    case "code":
      return codeHtml(cell, id, context);
  }
}

function codeHtml(cell: CodeCell, id: string, context: OutputContext): Html | undefined {
  const has = partsShown(cell);
  const outputs = has.outputs ? cell.outputs.map((output) => outputHtml(output, context)) : [];
  const source = has.source && cell.source !== "" ? sourceHtml(cell) : undefined;
  if (source === undefined && outputs.length === 0) return undefined;
  const { title } = cell.metadata;
  const name = typeof title === "string" ? markup`<div class="cell-title">${title}</div>` : undefined;
  const count = cell.executionCount;
  const parts = [
    count === null ? undefined : markup`<div class="count" title="run as number ${count}">${count}</div>`,
    name,
    folded(source, has.sourceFolded, "Code"),
    outputs.length === 0
      ? undefined
      : folded(markup`<div class="outputs">${outputs}</div>`, has.outputsFolded, "Output"),
  ];
  return section("code", id, markup`${parts}`);
}

const section = (kind: string, id: string, content: Html): Html =>
  markup`<section class="cell ${kind}" id="${id}">${content}</section>`;

const sourceHtml = (cell: CodeCell): Html =>
  markup`<div class="source"><pre><code>${highlight(cell.source)}</code></pre></div>`;

const folded = (part: Html | undefined, isFolded: boolean, name: string): Html | undefined =>
  part && isFolded ? markup`<details class="folded"><summary>${name}</summary>${part}</details>` : part;

/** What a cell's tags (those of Jupyter Book) and the editor's own folding say about its parts. */
function partsShown(
  cell: CodeCell,
): Record<"source" | "outputs" | "sourceFolded" | "outputsFolded", boolean> {
  const tags = new Set(tagsOf(cell));
  const { jupyter } = cell.metadata;
  const isFolded = (part: "source_hidden" | "outputs_hidden"): boolean =>
    typeof jupyter === "object" &&
    jupyter !== null &&
    Object.entries(jupyter).some(([k, v]) => k === part && v === true);
  return {
    source: !tags.has("remove-input"),
    outputs: !tags.has("remove-output"),
    sourceFolded: tags.has("hide-input") || tags.has("hide-cell") || isFolded("source_hidden"),
    outputsFolded: tags.has("hide-output") || tags.has("hide-cell") || isFolded("outputs_hidden"),
  };
}
