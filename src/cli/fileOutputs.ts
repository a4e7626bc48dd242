import type { Output as ShownOutput } from "../client/outputs";
import type { FileBundle, JsonValue, Output } from "../notebook";
import { isJsonMime, type MimeBundle } from "../protocol/mime";

/** What a cell showed, as a notebook file keeps it. */
export function fileOutput(output: ShownOutput, executionCount: number | null): Output {
  switch (output.type) {
    case "stream":
      return output;
    case "display": {
      const parts = { data: fileBundle(output.bundle), metadata: {} };
      return output.isResult
        ? { type: "execute_result", executionCount, ...parts }
        : { type: "display_data", ...parts };
    }
    case "error": {
      const { name, message, text } = output.error;
      return { type: "error", name, message, traceback: text.split("\n") };
    }
  }
}

const fileBundle = (bundle: MimeBundle): FileBundle =>
  Object.fromEntries(Object.entries(bundle).map(([mime, content]) => [mime, fileContent(mime, content)]));

function fileContent(mime: string, content: unknown): JsonValue {
  if (isJsonMime(mime)) return toJson(content);
  if (content instanceof Uint8Array) return toBase64(content);
  return typeof content === "string" ? content : "";
}

/** What JSON has a form for; bytes become base64, and what is left becomes null, as in `JSON.stringify`. */
function toJson(value: unknown): JsonValue {
  if (value === null || value === undefined) return null;
  if (value instanceof Uint8Array) return toBase64(value);
  if (Array.isArray(value)) return value.map(toJson);
  switch (typeof value) {
    case "string":
    case "number":
    case "bigint":
    case "boolean":
      return value;
    case "object":
      return Object.fromEntries(
        Object.entries(value)
          .filter(([, item]) => item !== undefined)
          .map(([key, item]) => [key, toJson(item)]),
      );
    default:
      return null;
  }
}

const toBase64 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("base64");
