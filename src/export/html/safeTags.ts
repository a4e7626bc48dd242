import { escapeHtml } from "./markup";

/**
 * The HTML that people write in Markdown, from which nothing can run: known tags with known attributes, made anew. What
 * is not known is shown as the text that it is.
 */
export class SafeTags {
  /** What is open, so that a stray end tag cannot close what is around the text. */
  private readonly open: string[] = [];

  constructor(
    /** An address as the page may have it, or nothing. */
    private readonly addressOf: (attribute: "href" | "src", value: string) => string | undefined,
  ) {}

  clean(text: string): string {
    let result = "";
    let end = 0;
    for (const match of text.matchAll(tagOrComment)) {
      result += escapeHtml(text.slice(end, match.index)) + this.tag(match);
      end = match.index + match[0].length;
    }
    return result + escapeHtml(text.slice(end));
  }

  /** Ends what was left open. */
  close(): string {
    return this.open
      .splice(0)
      .reverse()
      .map((name) => `</${name}>`)
      .join("");
  }

  private tag([whole, closing, rawName = "", attributes = ""]: RegExpMatchArray): string {
    if (whole.startsWith("<!--")) return "";
    const name = rawName.toLowerCase();
    if (!tags.has(name)) return escapeHtml(whole);
    if (voidTags.has(name)) return closing === "" ? `<${name}${this.attributes(name, attributes)}>` : "";
    if (closing === "") {
      this.open.push(name);
      return `<${name}${this.attributes(name, attributes)}>`;
    }
    const at = this.open.lastIndexOf(name);
    if (at < 0) return "";
    this.open.splice(at, 1);
    return `</${name}>`;
  }

  private attributes(tag: string, text: string): string {
    const kept = [...text.matchAll(attribute)].flatMap(([, rawName = "", double, single, bare]) => {
      const name = rawName.toLowerCase();
      const value = unescapeHtml(double ?? single ?? bare ?? "");
      if (name === "href" || name === "src") {
        const address = this.addressOf(name, value);
        return address === undefined ? [] : [` ${name}="${escapeHtml(address)}"`];
      }
      return attributes.has(name) ? [` ${name}="${escapeHtml(value)}"`] : [];
    });
    return [...new Set(kept), ...(tag === "a" ? [' rel="noopener noreferrer"'] : [])].join("");
  }
}

const setOf = (words: string): ReadonlySet<string> => new Set(words.split(" "));
const voidTags = setOf("br hr img wbr");
const tags = setOf(
  "a abbr b blockquote br caption center cite code dd del details dfn div dl dt em figcaption figure h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p pre q s samp small span strong sub summary sup table tbody td tfoot th thead tr u ul var wbr",
);
const attributes = setOf("align alt colspan height open rowspan scope start title valign width");

const tagOrComment =
  /<!--[\s\S]*?-->|<(\/?)([a-zA-Z][a-zA-Z\d-]*)((?:\s+[^\s"'<>/=]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'=<>`]+))?)*)\s*\/?>/g;
const attribute = /([^\s"'<>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+)))?/g;

/** The entities that people write in attributes; others stay as they are written. */
const unescapeHtml = (text: string): string =>
  text
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&#39;", "'")
    .replaceAll("&amp;", "&");
