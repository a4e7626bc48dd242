import { inspect } from "node:util";
import { isBinaryMime, isJsonMime, type MimeBundle } from "../../protocol/mime";
import { asRecords, tableBundle } from "./table";
import { typeName, valueTree, valueTreeMime, withFewKeys } from "./valueTree";

const jupyterDisplay = Symbol.for("Jupyter.display");

/** Shows values that need more knowledge than the kernel has; `undefined` where it does not know the value either. */
export type Presenter = (value: unknown) => MimeBundle | undefined;

/**
 * What a front end can draw of a value; a promise only where the value itself takes its time. Never throws: a value that
 * cannot be shown says why.
 */
export function toBundle(value: unknown, present: Presenter): MimeBundle | Promise<MimeBundle> {
  try {
    const own = ownDisplay(value);
    if (own instanceof Promise) return own.then(checkBundle).catch(cannotBeShown);
    return own === undefined ? (present(value) ?? standard(value)) : checkBundle(own);
  } catch (error) {
    return cannotBeShown(error);
  }
}

const cannotBeShown = (error: unknown): MimeBundle => ({
  "text/plain": `(cannot be shown: ${error instanceof Error ? error.message : String(error)})`,
});

/** The convention that libraries follow to be drawn in notebooks. */
function ownDisplay(value: unknown): unknown {
  if ((typeof value !== "object" && typeof value !== "function") || value === null) return undefined;
  if (!(jupyterDisplay in value) || typeof value[jupyterDisplay] !== "function") return undefined;
  return Reflect.apply(value[jupyterDisplay], value, []) ?? null;
}

/** What a cell gives as a bundle becomes one that can travel: binary content as bytes. */
export function checkBundle(bundle: unknown): MimeBundle {
  if (typeof bundle !== "object" || bundle === null)
    throw new TypeError(
      `a display is an object of MIME types and contents, not ${inspect(bundle, { depth: 0 })}`,
    );
  const result: Record<string, unknown> = {};
  for (const [mime, content] of Object.entries(bundle) as [string, unknown][]) {
    if (isJsonMime(mime)) result[mime] = toJson(content);
    else if (isBinaryMime(mime)) result[mime] = toBytes(mime, content);
    else
      result[mime] = typeof content === "string" || content instanceof Uint8Array ? content : String(content);
  }
  return result;
}

function toBytes(mime: string, content: unknown): Uint8Array {
  if (content instanceof Uint8Array) return content;
  if (typeof content === "string") return Buffer.from(content, "base64");
  throw new TypeError(`${mime} needs bytes or base64 text, not ${inspect(content, { depth: 0 })}`);
}

// What JSON makes of it (dates, `toJSON`), and proof that it is JSON at all.
const toJson = (content: unknown): unknown =>
  content === undefined ? null : JSON.parse(JSON.stringify(content));

const limits = { maxArrayLength: 100, maxStringLength: 10_000, breakLength: 100 } as const;

function standard(value: unknown): MimeBundle {
  if (typeof value !== "object" || value === null) return { "text/plain": inspect(value, limits) };
  if (value instanceof Uint8Array) {
    const mime = imageType(value);
    if (mime) return { [mime]: value, "text/plain": `${mime}, ${value.length} bytes` };
  }
  if (ArrayBuffer.isView(value)) return { "text/plain": inspect(value, limits) };
  if (value instanceof Error) return { "text/plain": value.stack ?? String(value) };
  if (isTensor(value)) return { "text/plain": describeTensor(value) };
  const records = asRecords(value);
  if (records) return tableBundle(records);
  const { tree, isWhole } = valueTree(value);
  return { "text/plain": readable(value, isWhole ? 4 : 1), [valueTreeMime]: tree };
}

/** A large value reads as its upper levels; the tree unfolds the rest. */
function readable(value: unknown, depth: number): string {
  const { value: shown, more } = withFewKeys(value);
  return (
    inspect(shown, { ...limits, depth }) + (more > 0 ? `\n... ${more.toLocaleString("en")} more keys` : "")
  );
}

/** Formats whose first bytes cannot be mistaken. */
function imageType(bytes: Uint8Array): string | undefined {
  const starts = (...magic: number[]): boolean => magic.every((byte, i) => bytes[i] === byte);
  if (starts(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)) return "image/png";
  if (starts(0xff, 0xd8, 0xff)) return "image/jpeg";
  if (starts(0x47, 0x49, 0x46, 0x38)) return "image/gif";
  const isWebp =
    starts(0x52, 0x49, 0x46, 0x46) && [0x57, 0x45, 0x42, 0x50].every((byte, i) => bytes[8 + i] === byte);
  return isWebp ? "image/webp" : undefined;
}

/** What tensors of all libraries have in common. */
interface Tensor {
  readonly shape: readonly number[];
  readonly dtype: string;
  dataSync(): ArrayLike<number>;
}

export const isTensor = (value: object): value is Tensor =>
  "shape" in value &&
  Array.isArray(value.shape) &&
  "dtype" in value &&
  "dataSync" in value &&
  typeof value.dataSync === "function";

function describeTensor(tensor: Tensor): string {
  const head = `${typeName(tensor)} [${tensor.shape.join(", ")}] ${tensor.dtype}`;
  const values = tensor.dataSync();
  const shown = Array.from({ length: Math.min(12, values.length) }, (_, i) => values[i]).map((one) =>
    typeof one === "number" ? Number(one.toPrecision(5)) : one,
  );
  return `${head}\n[${shown.join(", ")}${values.length > shown.length ? ", ..." : ""}]`;
}

/** How a value reads in a terminal, without quotes around strings: what `display` of a text means. */
export const textBundle = (text: string): MimeBundle => ({ "text/plain": text });
