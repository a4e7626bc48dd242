import { type Guard, ProtocolError } from "./guard";

/**
 * A value as a front end can draw it: MIME type to content. Text types hold a string, binary types bytes, and JSON
 * types (`application/json`, `+json`) any JSON value.
 */
export type MimeBundle = Readonly<Record<string, unknown>>;

export const isJsonMime = (mime: string): boolean => mime === "application/json" || mime.endsWith("+json");

/** MIME types whose content is bytes on the wire and base64 in a notebook file. */
export const isBinaryMime = (mime: string): boolean =>
  /^(image|audio|video)\//.test(mime) ? mime !== "image/svg+xml" : mime === "application/pdf";

export const mimeBundle: Guard<MimeBundle> = (value, path) => {
  if (typeof value !== "object" || value === null) throw new ProtocolError(path, "a MIME bundle", value);
  for (const [mime, content] of Object.entries(value)) {
    if (isJsonMime(mime) || typeof content === "string" || content instanceof Uint8Array) continue;
    throw new ProtocolError(`${path}["${mime}"]`, "text or bytes", content);
  }
  return value as MimeBundle;
};
