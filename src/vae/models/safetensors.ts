import type { Shape } from "../engine/engine";

/**
 * The safetensors format (Hugging Face): eight bytes with the length of a JSON header, the header, and the tensors'
 * bytes, little-endian. Nothing in it is executed, and every reader of the format opens what is written here.
 */
export interface SafetensorsFile {
  readonly metadata: Readonly<Record<string, string>>;
  readonly tensors: Readonly<Record<string, { readonly shape: Shape; readonly values: Float32Array }>>;
}

const lengthBytes = 8;
/** The format's own limit on headers. */
const longestHeader = 100_000_000;

export function encodeSafetensors({ metadata, tensors }: SafetensorsFile): Uint8Array {
  const header: Record<string, unknown> = { __metadata__: metadata };
  let end = 0;
  for (const [name, { shape, values }] of Object.entries(tensors)) {
    const wanted = shape.reduce((product, length) => product * length, 1);
    if (!(values instanceof Float32Array) || values.length !== wanted)
      throw new TypeError(`tensor "${name}" of shape [${shape.join(", ")}] needs ${wanted} 32-bit floats`);
    const start = end;
    end += values.byteLength;
    header[name] = { dtype: "F32", shape, data_offsets: [start, end] };
  }
  const text = new TextEncoder().encode(JSON.stringify(header));
  // Spaces bring the tensors to a multiple of eight, as the format asks for.
  const padded = Math.ceil(text.length / 8) * 8;
  const bytes = new Uint8Array(lengthBytes + padded + end);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(padded), true);
  bytes.fill(0x20, lengthBytes, lengthBytes + padded);
  bytes.set(text, lengthBytes);
  let at = lengthBytes + padded;
  for (const { values } of Object.values(tensors)) {
    bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), at);
    at += values.byteLength;
  }
  return bytes;
}

/** @throws if the bytes are no whole safetensors file, or hold tensors other than float32 */
export function decodeSafetensors(bytes: Uint8Array): SafetensorsFile {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < lengthBytes)
    throw new Error(`This is no safetensors file: it has ${bytes.length} bytes.`);
  const headerLength = Number(view.getBigUint64(0, true));
  const dataStart = lengthBytes + headerLength;
  if (headerLength > longestHeader || dataStart > bytes.length)
    throw new Error(
      `This is no safetensors file, or one that was cut short: it has ${bytes.length} bytes, and its first eight say that a header of ${headerLength} bytes follows.`,
    );
  const header = parseHeader(bytes.subarray(lengthBytes, dataStart));
  const tensors: Record<string, { shape: Shape; values: Float32Array }> = {};
  for (const [name, entry] of Object.entries(header)) {
    if (name === "__metadata__") continue;
    tensors[name] = tensorAt(name, entry, bytes.subarray(dataStart));
  }
  return { metadata: stringsOf(header.__metadata__), tensors };
}

function parseHeader(bytes: Uint8Array): Record<string, unknown> {
  try {
    const header: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    if (isRecord(header)) return header;
  } catch (error) {
    throw new Error("This is no safetensors file: its header is not JSON.", { cause: error });
  }
  throw new Error("This is no safetensors file: its header is not an object.");
}

function tensorAt(name: string, entry: unknown, data: Uint8Array): { shape: Shape; values: Float32Array } {
  if (!isRecord(entry) || !isNumbers(entry.shape) || !isNumbers(entry.data_offsets))
    throw new Error(`This is no safetensors file: the tensor "${name}" is not described.`);
  if (entry.dtype !== "F32")
    throw new Error(`The tensor "${name}" is ${String(entry.dtype)}; only F32 (float32) is read.`);
  const [start = 0, end = 0] = entry.data_offsets;
  const size = entry.shape.reduce((product, length) => product * length, 4);
  if (start < 0 || end > data.length || end - start !== size)
    throw new Error(
      `The tensor "${name}" should be bytes ${start} to ${end}, but there are ${data.length}: the file is cut short or damaged.`,
    );
  return { shape: entry.shape, values: new Float32Array(Uint8Array.from(data.subarray(start, end)).buffer) };
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isNumbers = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every((item) => Number.isSafeInteger(item));

function stringsOf(metadata: unknown): Record<string, string> {
  if (!isRecord(metadata)) return {};
  return Object.fromEntries(
    Object.entries(metadata).flatMap(([name, value]) => (typeof value === "string" ? [[name, value]] : [])),
  );
}
