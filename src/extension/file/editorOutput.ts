import type { FileBundle, Output } from "../../notebook";
import { isBinaryMime, isJsonMime } from "../../protocol/mime";
import { asJson, asJsonObject, fromText, toText, wrapObject } from "./exactJson";
import { escapeAnchors, withBreaks, withoutLinks } from "../run/errorLinks";

/** An output as the editor keeps it; the editor's own classes fit these shapes. */
export interface EditorItem {
  readonly mime: string;
  readonly data: Uint8Array;
}
export interface EditorOutput {
  readonly items: readonly EditorItem[];
  readonly metadata?: Readonly<Record<string, unknown>>;
}

export const editorMimes = {
  stdout: "application/vnd.code.notebook.stdout",
  stderr: "application/vnd.code.notebook.stderr",
  error: "application/vnd.code.notebook.error",
} as const;

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
export const textItem = (mime: string, text: string): EditorItem => ({ mime, data: encoder.encode(text) });

/** What a stream shows, as text; of another output, the text of its first type. */
export const textOf = ({ items }: EditorOutput): string =>
  items.map(({ data }) => decoder.decode(data)).join("");

/** A file's output for the editor. What the editor's form cannot carry goes into its metadata. */
export function toEditorOutput(output: Output): EditorOutput {
  switch (output.type) {
    case "stream":
      return {
        items: [textItem(editorMimes[output.name], output.text)],
        metadata: { type: output.type, ...lossOf({ text: output.text }) },
      };
    case "error": {
      const { type, name, message, traceback } = output;
      const stack = withBreaks(escapeAnchors(traceback.join("\n")));
      const same = sameLines(withoutLinks(stack).split("\n"), traceback);
      return {
        items: [textItem(editorMimes.error, JSON.stringify({ name, message, stack }))],
        metadata: { type, ...(same ? {} : { traceback: [...traceback] }) },
      };
    }
    case "display_data":
    case "execute_result": {
      const contents = drawnFirst(output.data);
      const unshown = contents.filter(([mime]) => !isMime(mime) || mime !== mime.toLowerCase());
      return {
        items: contents
          .filter((content) => !unshown.includes(content))
          .map(([mime, content]) => toItem(mime, content)),
        metadata: {
          type: output.type,
          ...(output.type === "execute_result" ? { executionCount: output.executionCount } : {}),
          metadata: wrapObject(output.metadata),
          ...lossOf(output.data),
          ...(unshown.length > 0 ? { unshown: wrapObject(Object.fromEntries(unshown)) } : {}),
        },
      };
    }
  }
}

/** For one name that is none the editor refuses the whole output, and the file it is in; capitals it makes small. */
export const isMime = (name: string): boolean => /^.+\/.+$/.test(name);

/** The editor draws the first type that it has a renderer for: our views, then what other tools draw. */
export function drawnFirst<T>(bundle: Readonly<Record<string, T>>): [string, T][] {
  const rank = (mime: string): number =>
    mime.startsWith("application/vnd.vaenb.") ? 0 : mime.startsWith("application/vnd.") ? 1 : 2;
  return Object.entries(bundle).sort(([a], [b]) => rank(a) - rank(b));
}

function toItem(mime: string, content: FileBundle[string]): EditorItem {
  if (isJsonMime(mime)) return textItem(mime, toText(content));
  const text = typeof content === "string" ? content : toText(content);
  return isBinaryMime(mime) ? { mime, data: Buffer.from(text, "base64") } : textItem(mime, text);
}

function fromItem({ mime, data }: EditorItem): FileBundle[string] {
  if (isJsonMime(mime)) return fromText(decoder.decode(data));
  if (!isBinaryMime(mime)) return decoder.decode(data);
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString("base64");
}

/** The texts that bytes do not bring back: base64 with line ends in it, halves of surrogate pairs. */
function lossOf(bundle: FileBundle): { original?: Record<string, string> } {
  const lost = Object.entries(bundle).flatMap(([mime, content]) =>
    typeof content === "string" && !isJsonMime(mime) && fromItem(toItem(mime, content)) !== content
      ? [[mime, content] as const]
      : [],
  );
  return lost.length > 0 ? { original: Object.fromEntries(lost) } : {};
}

/** Back to what a file keeps. An output of the editor's own making has no metadata of ours. */
export function fromEditorOutput({ items, metadata = {} }: EditorOutput): Output[] {
  const first = items[0];
  // The second is what the editor's own serializer of Jupyter's files says.
  const type = metadata.type ?? metadata.outputType;
  const isDisplay = type === "display_data" || type === "execute_result";
  if (!first && !isDisplay) return [];
  const original = asJsonObject(metadata.original);
  if (first?.mime === editorMimes.error) return [errorOf(first, metadata)];
  if (first?.mime === editorMimes.stdout || first?.mime === editorMimes.stderr)
    return streamsOf(items, original.text);
  const data = {
    ...Object.fromEntries(items.map((item) => [item.mime, original[item.mime] ?? fromItem(item)] as const)),
    ...asJsonObject(metadata.unshown),
  };
  const parts = { data, metadata: asJsonObject(metadata.metadata) };
  if (type !== "execute_result") return [{ type: "display_data", ...parts }];
  const count = metadata.executionCount;
  return [{ type: "execute_result", executionCount: typeof count === "number" ? count : null, ...parts }];
}

function streamsOf(items: readonly EditorItem[], original: unknown): Output[] {
  const name = items[0]?.mime === editorMimes.stderr ? "stderr" : "stdout";
  const text = items.map((item) => decoder.decode(item.data)).join("");
  return [{ type: "stream", name, text: typeof original === "string" ? original : text }];
}

function errorOf(item: EditorItem, metadata: Readonly<Record<string, unknown>>): Output {
  const { name, message, stack } = asJsonObject(fromText(decoder.decode(item.data)));
  const kept = asJson(metadata.traceback ?? asJsonObject(metadata.originalError).traceback);
  const lines = typeof stack === "string" ? withoutLinks(stack).split("\n") : [];
  return {
    type: "error",
    name: typeof name === "string" ? name : "Error",
    message: typeof message === "string" ? message : "",
    traceback: Array.isArray(kept) ? kept.filter((line) => typeof line === "string") : lines,
  };
}

const sameLines = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((line, i) => line === b[i]);
