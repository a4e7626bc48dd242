import type { FileBundle, JsonValue } from "../notebook";
import { viewOfMime } from "../protocol/views";

export const plotlyMime = "application/vnd.plotly.v1+json";

/** One of the forms in which an output was kept. */
export interface Form {
  readonly mime: string;
  readonly content: JsonValue;
}

/** The form that comes first in this order; a function picks among many types. */
function first(bundle: FileBundle, order: readonly ((mime: string) => boolean)[]): Form | undefined {
  const entries = Object.entries(bundle);
  for (const fits of order) {
    const found = entries.find(([mime, content]) => fits(mime) && content !== null);
    if (found) return { mime: found[0], content: found[1] };
  }
  return undefined;
}

const is =
  (...names: readonly string[]) =>
  (mime: string): boolean =>
    names.includes(mime);
export const isPicture = (mime: string): boolean => /^image\/(?:avif|bmp|gif|jpeg|png|webp)$/.test(mime);
const isMedium = (mime: string): boolean => /^(?:audio|video)\/[\w.+-]+$/.test(mime);

/** What a page shows: the interactive form, else the best still one. */
export const richestForPage = (bundle: FileBundle): Form | undefined =>
  first(bundle, [
    (mime) => viewOfMime(mime) !== undefined,
    is(plotlyMime),
    is("text/html"),
    is("image/svg+xml"),
    isPicture,
    isMedium,
    is("text/markdown"),
    is("text/latex"),
    is("application/pdf"),
    is("text/plain"),
    is("application/json"),
    is("application/javascript"),
    () => true,
  ]);

/** What a Markdown file shows: a still picture, else text. */
export const richestForMarkdown = (bundle: FileBundle): Form | undefined =>
  first(bundle, [
    is("image/svg+xml"),
    isPicture,
    is("text/markdown"),
    is("text/html"),
    is("text/latex"),
    is("text/plain"),
    is("application/json"),
    () => true,
  ]);

/** What a figure is called, for readers who cannot see it: its title, else the first line of its text. */
export function altOf(bundle: FileBundle): string {
  for (const [mime, content] of Object.entries(bundle)) {
    if (viewOfMime(mime) === undefined || typeof content !== "object" || content === null) continue;
    if ("title" in content && typeof content.title === "string") return content.title;
  }
  const text = bundle["text/plain"];
  const line = typeof text === "string" ? (text.split("\n", 1)[0] ?? "").trim() : "";
  return line.slice(0, 200);
}
