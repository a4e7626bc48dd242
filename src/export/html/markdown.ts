import MarkdownIt from "markdown-it";
import type { Attachments } from "../../notebook";
import { isBinaryMime } from "../../protocol/mime";
import { decoded, type LocalPicture, localPicture, rebased } from "../links";
import { dataUri } from "./data";
import { highlight } from "./highlight";
import { escapeHtml, Html } from "./markup";
import { maths } from "./maths";
import { SafeTags } from "./safeTags";

export interface Heading {
  readonly level: number;
  readonly id: string;
  /** As text, without formulas and marks. */
  readonly text: string;
}

/** What the text cells of one page share. */
export interface MarkdownContext {
  /** From the exported file's folder to the notebook's. */
  readonly base: string;
  /** A picture beside the notebook, where it could be read. */
  readonly picture: (picture: LocalPicture) => Uint8Array | undefined;
}

/** Renders the text cells of one page, and remembers their headings. */
export class MarkdownRenderer {
  readonly headings: Heading[] = [];
  private readonly ids = new Set<string>();
  private attachments: Attachments = {};
  private tags = new SafeTags(() => undefined);
  private readonly markdown: MarkdownIt;

  constructor(private readonly context: MarkdownContext) {
    this.markdown = new MarkdownIt({ html: true, linkify: true, highlight: highlightFence });
    this.markdown.use(maths);
    const { renderer } = this.markdown;
    const { rules } = renderer;
    rules.html_block = rules.html_inline = (tokens, i) => this.tags.clean(tokens[i]?.content ?? "");
    rules.table_open = () => '<div class="scroll" tabindex="0" role="group" aria-label="table"><table>';
    rules.table_close = () => "</table></div>";
    rules.image = (tokens, i) => {
      const token = tokens[i];
      return this.image(token?.attrGet("src") ?? "", token?.content ?? "", token?.attrGet("title") ?? "");
    };
    rules.link_open = (tokens, i, options, _, self) => {
      const token = tokens[i];
      token?.attrSet("href", this.address("href", token.attrGet("href") ?? "") ?? "#");
      token?.attrSet("rel", "noopener noreferrer");
      return self.renderToken(tokens, i, options);
    };
    rules.heading_open = (tokens, i, options, _, self) => {
      const [token, inline] = [tokens[i], tokens[i + 1]];
      const text = (inline?.children ?? [])
        .map(({ type, content }) => (type === "html_inline" ? "" : type === "softbreak" ? " " : content))
        .join("");
      const id = this.newId(text);
      token?.attrSet("id", id);
      this.headings.push({ level: Number(token?.tag.slice(1)), id, text });
      return self.renderToken(tokens, i, options);
    };
  }

  render(source: string, attachments: Attachments = {}): Html {
    this.attachments = attachments;
    this.tags = new SafeTags((attribute, value) => this.address(attribute, value));
    return new Html(this.markdown.render(source) + this.tags.close());
  }

  /** Has no "_" in it, which all names of the page's own parts have: a heading cannot pass for one of them. */
  private newId(text: string): string {
    const slug =
      text
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}]+/gu, "-")
        .replaceAll(/^-|-$/g, "") || "section";
    let id = slug;
    for (let n = 2; this.ids.has(id); n += 1) id = `${slug}-${n}`;
    this.ids.add(id);
    return id;
  }

  /** What the page may load is in it; other pictures are links to where they are. */
  private image(source: string, alt: string, title: string): string {
    const address = this.address("src", source);
    if (address !== undefined) {
      const tip = title === "" ? "" : ` title="${escapeHtml(title)}"`;
      return `<img src="${escapeHtml(address)}" alt="${escapeHtml(alt)}"${tip}>`;
    }
    const link = escapeHtml(this.address("href", source) ?? "#");
    return `<a href="${link}" rel="noopener noreferrer">${escapeHtml(alt === "" ? source : alt)}</a>`;
  }

  private address(attribute: "href" | "src", value: string): string | undefined {
    if (!this.markdown.validateLink(value)) return undefined;
    if (attribute === "href") return rebased(value, this.context.base);
    if (value.startsWith("data:")) return value;
    if (value.startsWith("attachment:")) return this.attached(value.slice("attachment:".length));
    const picture = localPicture(value);
    const bytes = picture && this.context.picture(picture);
    return picture && bytes && dataUri(picture.mime, bytes);
  }

  private attached(name: string): string | undefined {
    const bundle = this.attachments[decoded(name)] ?? this.attachments[name] ?? {};
    for (const [mime, content] of Object.entries(bundle)) {
      if (typeof content !== "string" || !mime.startsWith("image/")) continue;
      return dataUri(mime, isBinaryMime(mime) ? content : Buffer.from(content));
    }
    return undefined;
  }
}

const ours = /^(?:ts|tsx|typescript|js|jsx|javascript|json|jsonc)$/i;

const highlightFence = (source: string, language: string): string =>
  ours.test(language) ? highlight(source).text : "";

/** The pictures beside the notebook that its text cells show, for somebody to read them. */
export function localPictures(
  cells: readonly { readonly type: string; readonly source: string }[],
): LocalPicture[] {
  const found = new Map<string, LocalPicture>();
  const renderer = new MarkdownRenderer({
    base: "",
    picture: (picture) => {
      found.set(picture.path, picture);
      return undefined;
    },
  });
  for (const cell of cells) if (cell.type === "markdown") renderer.render(cell.source);
  return [...found.values()];
}
