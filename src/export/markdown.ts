import {
  type Attachments,
  type Cell,
  type CodeCell,
  type FileBundle,
  type Notebook,
  type Output,
  tagsOf,
} from "../notebook";
import { isBinaryMime, isJsonMime } from "../protocol/mime";
import { dataUri } from "./html/data";
import { plainText } from "./html/terminal";
import { decoded, rebased } from "./links";
import { altOf, isPicture, richestForMarkdown } from "./richest";

export interface MarkdownOptions {
  /** From the exported file's folder to the notebook's; empty where they are the same. */
  readonly base: string;
  /** The folder beside the exported file that gets the pictures; without it they are in the text. */
  readonly filesFolder?: string;
}

export interface MarkdownExport {
  readonly text: string;
  /** By path from the exported file's folder. */
  readonly files: ReadonlyMap<string, Uint8Array>;
}

/** A notebook as Markdown: text as it is, sources in fences, printed output and values behind them, pictures as files. */
export function* markdownFile(
  notebook: Notebook,
  options: MarkdownOptions,
): Generator<number, MarkdownExport> {
  const files = new Files(options.filesFolder);
  const blocks: string[] = [];
  for (const [i, cell] of notebook.cells.entries()) {
    if (!tagsOf(cell).includes("remove-cell"))
      blocks.push(...cellBlocks(cell, `cell-${i + 1}`, files, options.base));
    yield (i + 1) / notebook.cells.length;
  }
  return { text: `${blocks.filter((block) => block.trim() !== "").join("\n\n")}\n`, files: files.written };
}

/** Pictures under names of their own, or in the text where there is no folder for them. */
class Files {
  readonly written = new Map<string, Uint8Array>();

  constructor(private readonly folder: string | undefined) {}

  /** The address of the picture for a link. */
  add(name: string, mime: string, content: string): string {
    const bytes = isBinaryMime(mime) ? Buffer.from(content, "base64") : Buffer.from(content);
    if (this.folder === undefined) return dataUri(mime, bytes);
    const extension = extensions[mime] ?? "bin";
    let path = `${this.folder}/${name}.${extension}`;
    for (let n = 2; this.written.has(path); n += 1) path = `${this.folder}/${name}-${n}.${extension}`;
    this.written.set(path, bytes);
    return encodeURI(path);
  }
}

const extensions: Readonly<Record<string, string>> = {
  "image/avif": "avif",
  "image/bmp": "bmp",
  "image/gif": "gif",
  "image/jpeg": "jpg",
  "image/png": "png",
  "image/svg+xml": "svg",
  "image/webp": "webp",
};

function cellBlocks(cell: Cell, name: string, files: Files, base: string): readonly string[] {
  switch (cell.type) {
    case "markdown":
      return [withAddresses(cell.source, cell.attachments ?? {}, name, files, base)];
    case "raw":
      return [cell.source];
    case "code":
      return codeBlocks(cell, name, files);
  }
}

function codeBlocks(cell: CodeCell, name: string, files: Files): readonly string[] {
  const tags = tagsOf(cell);
  const source = cell.source === "" || tags.includes("remove-input") ? [] : [fence("ts", cell.source)];
  const outputs = tags.includes("remove-output") ? [] : cell.outputs;
  return [...source, ...outputs.map((output) => outputBlock(output, name, files))];
}

function outputBlock(output: Output, name: string, files: Files): string {
  switch (output.type) {
    case "stream":
      return fence("text", plainText(output.text));
    case "error":
      return fence("text", plainText(output.traceback.join("\n") || `${output.name}: ${output.message}`));
    case "display_data":
    case "execute_result":
      return bundleBlock(output.data, name, files);
  }
}

function bundleBlock(bundle: FileBundle, name: string, files: Files): string {
  const form = richestForMarkdown(bundle);
  if (form === undefined) return "";
  const { mime } = form;
  const text =
    typeof form.content === "string" ? form.content : JSON.stringify(form.content, bigintAsText, 2);
  if (isPicture(mime) || mime === "image/svg+xml")
    return `![${altOf(bundle).replaceAll(/[[\]\\]/g, "\\$&")}](${files.add(name, mime, text)})`;
  if (mime === "text/markdown" || mime === "text/html" || mime === "text/latex") return text;
  if (isJsonMime(mime) && !mime.includes("vnd.")) return fence("json", text);
  return mime.startsWith("text/") ? fence("text", plainText(text)) : fence("text", `[${mime}]`);
}

/** A fence that is longer than any in the text. */
function fence(language: string, text: string): string {
  const longest = Math.max(
    2,
    ...[...text.matchAll(/^ {0,3}(`{3,})/gm)].map(([, ticks = ""]) => ticks.length),
  );
  const marks = "`".repeat(longest + 1);
  return `${marks}${language}\n${text.replace(/\n$/, "")}\n${marks}`;
}

const bigintAsText = (_: string, value: unknown): unknown =>
  typeof value === "bigint" ? String(value) : value;

/** Attachments become files, and what lies beside the notebook is found from where the text goes. Code stays as it is. */
function withAddresses(
  source: string,
  attachments: Attachments,
  name: string,
  files: Files,
  base: string,
): string {
  const addresses = new Map<string, string>();
  const addressOf = (link: string): string => {
    if (!link.startsWith("attachment:")) return rebased(link, base);
    const known = addresses.get(link);
    if (known !== undefined) return known;
    const file = link.slice("attachment:".length);
    const bundle = attachments[decoded(file)] ?? attachments[file] ?? {};
    const [mime, content] = Object.entries(bundle).find(([type]) => type.startsWith("image/")) ?? [];
    if (mime === undefined || typeof content !== "string") return link;
    const address = files.add(
      `${name}-${decoded(file)
        .replace(/\.[^.]*$/, "")
        .replaceAll(/[^\p{L}\p{N}-]+/gu, "-")}`,
      mime,
      content,
    );
    addresses.set(link, address);
    return address;
  };
  const links = /(\]\(\s*<?|\bsrc\s*=\s*["'])([^\s)>"']+)/g;
  return source
    .split(/(^ {0,3}(?:```|~~~)[\s\S]*?^ {0,3}(?:```|~~~)[^\S\n]*$|`[^`\n]+`)/m)
    .map((part, i) =>
      i % 2 === 1
        ? part
        : part.replaceAll(links, (_, before: string, link: string) => before + addressOf(link)),
    )
    .join("");
}
