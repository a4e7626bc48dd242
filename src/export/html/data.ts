import type { JsonValue } from "../../notebook";
import { printJsonLine } from "../../notebook/printJson";
import { Html, markup } from "./markup";

/**
 * Data that waits in the page until it is drawn. In JSON a "<" stands only inside texts, where its escape means the same:
 * no data can end its script element, or open a comment in it.
 */
export const dataElement = (value: JsonValue): Html => {
  const json = new Html(printJsonLine(value).replaceAll("<", "\\u003c"));
  return markup`<script type="application/json">${json}</script>`;
};

/** A file inside the page. */
export const dataUri = (mime: string, content: Uint8Array | string): string =>
  `data:${mime};base64,${typeof content === "string" ? content.replaceAll(/\s/g, "") : toBase64(content)}`;

const toBase64 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("base64");
