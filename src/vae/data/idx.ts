import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { requireOptions, type OptionNames } from "../options";
import { labelsFrom, product, shapeText } from "./source";
import { missingFile } from "./missingFile";
import { datasetOf, type View } from "./view";

/** What an IDX file holds: numbers in some shape, of which the first length counts the examples. */
export interface IdxArray {
  readonly shape: readonly number[];
  readonly values: Uint8Array | Float32Array;
}

/** The third byte of the file names the type of its numbers; all are big-endian. */
const types: Readonly<
  Record<number, { readonly name: string; readonly bytes: number; readonly read: Reader } | undefined>
> = {
  0x08: { name: "unsigned byte", bytes: 1, read: (view, at) => view.getUint8(at) },
  0x09: { name: "signed byte", bytes: 1, read: (view, at) => view.getInt8(at) },
  0x0b: { name: "short", bytes: 2, read: (view, at) => view.getInt16(at) },
  0x0c: { name: "int", bytes: 4, read: (view, at) => view.getInt32(at) },
  0x0d: { name: "float", bytes: 4, read: (view, at) => view.getFloat32(at) },
  0x0e: { name: "double", bytes: 8, read: (view, at) => view.getFloat64(at) },
};
type Reader = (view: DataView, at: number) => number;

const unsignedByte = 0x08;

/**
 * Reads the IDX format (LeCun's, of MNIST): two zero bytes, a type, the number of dimensions, their lengths, the
 * numbers. Unsigned bytes are not copied.
 * @throws Error that says which part of the file is not as it should be.
 */
export function parseIdx(name: string, file: Uint8Array): IdxArray {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const magic = file.length >= 4 ? view.getUint32(0) : undefined;
  const type = types[file[2] ?? 0];
  const dimensions = file[3] ?? 0;
  if (magic === undefined || magic >>> 16 !== 0 || !type || dimensions === 0) {
    const found =
      magic === undefined ? `only ${file.length} bytes long` : `0x${magic.toString(16).padStart(8, "0")}`;
    throw new Error(
      `${name} is not an IDX file: its first four bytes should be a magic number such as 0x00000803 ` +
        `(bytes in three dimensions), but it is ${found}. ${looksLike(file)}`,
    );
  }
  const start = 4 + 4 * dimensions;
  if (file.length < start) {
    throw new Error(
      `${name} ends in its header: ${dimensions} dimensions need ${start} bytes, and there are ${file.length}.`,
    );
  }
  const shape = Array.from({ length: dimensions }, (_, index) => view.getUint32(4 + 4 * index));
  const expected = start + product(shape) * type.bytes;
  if (file.length !== expected) {
    throw new Error(
      `${name} is ${file.length < expected ? "cut short" : "too long"}: its header promises ${shapeText(shape)} ` +
        `numbers of type ${type.name}, ${expected} bytes in all, but there are ${file.length}. Get the file again.`,
    );
  }
  if (file[2] === unsignedByte) return { shape, values: file.subarray(start) };
  const values = Float32Array.from({ length: product(shape) }, (_, index) =>
    type.read(view, start + index * type.bytes),
  );
  return { shape, values };
}

const gzipMagic = [0x1f, 0x8b] as const;
const isGzip = (file: Uint8Array): boolean => file[0] === gzipMagic[0] && file[1] === gzipMagic[1];

/** A guess at what was taken for an IDX file, and what to do about it. */
function looksLike(file: Uint8Array): string {
  const start = Buffer.from(file.subarray(0, 200)).toString("latin1").trimStart();
  if (start.startsWith("<"))
    return "It looks like a web page: the download was answered by a login or error page.";
  if (start.startsWith("PK")) return "It looks like a zip archive: unpack it first.";
  if (start.startsWith("\u0089PNG") || start.startsWith("\u00ff\u00d8"))
    return "It looks like a picture: use data.images(folder).";
  return "Check that the path names the file that you mean.";
}

const unzip = promisify(gunzip);

/** An IDX file's numbers; a gzipped file is unpacked. */
export async function readIdx(path: string): Promise<IdxArray> {
  return parseIdx(basename(path), await unpacked(path, await readFile(path)));
}

async function unpacked(path: string, file: Uint8Array): Promise<Uint8Array> {
  if (!isGzip(file)) return file;
  try {
    return await unzip(file);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`${path} is a damaged gzip file (${reason}): ${file.length} bytes. Get the file again.`, {
      cause: error,
    });
  }
}

export interface IdxOptions {
  /** For titles and messages; by default the file's name. */
  readonly name?: string;
  /** An IDX file with one class number per example. */
  readonly labels?: string;
  /** What the classes are called, by class number. */
  readonly names?: readonly string[];
}

const optionNames: OptionNames<IdxOptions> = { name: true, labels: true, names: true };

/**
 * Examples from an IDX file, gzipped or not. Unsigned bytes are taken as pixels: they are kept as bytes and read as
 * values in [0, 1]. Images of `[rows, columns]` get a channel: `[rows, columns, 1]`.
 * @throws Error if a file is missing or is not an IDX file of its length, or there are not as many labels as examples.
 */
export async function idx(path: string, options: IdxOptions = {}): Promise<View> {
  requireOptions("data.idx", options, optionNames);
  const { name = basename(path), names } = options;
  const images = await readExisting(path);
  const labels = options.labels === undefined ? undefined : await readExisting(options.labels);
  return idxDataset(name, images, labels, names);
}

/** @throws Error if there are not as many labels as examples. */
export function idxDataset(
  name: string,
  { shape, values }: IdxArray,
  labels?: IdxArray,
  names?: readonly string[],
): View {
  const [size = 0, ...rest] = shape;
  return datasetOf({
    name,
    size,
    shape: rest.length === 2 ? [...rest, 1] : rest.length === 0 ? [1] : rest,
    values,
    divisor: values instanceof Uint8Array ? 255 : 1,
    ...(labels && { labels: labelsFrom(name, size, labels.values, names) }),
  });
}

async function readExisting(path: string): Promise<IdxArray> {
  try {
    return await readIdx(path);
  } catch (error) {
    throw missingFile(error, path) ?? error;
  }
}
