import { readFile, readdir } from "node:fs/promises";
import { basename, join, relative, sep } from "node:path";
import { setImmediate } from "node:timers/promises";
import { requireOptions, written, type OptionNames } from "../options";
import { missingFile } from "./missingFile";
import { decodePicture, resize, toChannels } from "./picture";
import { labelsFrom } from "./source";
import { datasetOf, type View } from "./view";

export interface ImagesOptions {
  /** For titles and messages; by default the folder's name. */
  readonly name?: string;
  /** Rows and columns that every picture is resized to; needed where they differ in size. One number for squares. */
  readonly size?: number | readonly [rows: number, columns: number];
  /** 1 for gray (the default), 3 for colour. */
  readonly channels?: 1 | 3;
}

const oneOrThree: readonly unknown[] = [1, 3];
const optionNames: OptionNames<ImagesOptions> = { name: true, size: true, channels: true };

/**
 * The PNG and JPEG pictures in a folder and the folders below it, in the order of their paths: `[rows, columns,
 * channels]`, values in [0, 1]. Where there are subfolders, each is a class and its name the label.
 * @throws Error if the folder is missing or has no pictures, a picture is damaged, or pictures differ in size and no
 * `size` is given.
 */
export async function images(folder: string, options: ImagesOptions = {}): Promise<View> {
  requireOptions("data.images", options, optionNames);
  const { name = basename(folder), channels = 1 } = options;
  const size = typeof options.size === "number" ? ([options.size, options.size] as const) : options.size;
  if (size && !(Array.isArray(size) && size.every((length) => Number.isInteger(length) && length > 0))) {
    throw new RangeError(
      `images({ size: ${String(options.size)} }): rows and columns are whole numbers, at least 1, such as 28 or [28, 28].`,
    );
  }
  if (!oneOrThree.includes(channels))
    throw new RangeError(
      `images({ channels: ${written(channels)} }): channels is 1 for shades of gray or 3 for red, green and blue.`,
    );
  const paths = await picturesIn(folder);
  let values: Uint8Array | undefined;
  let [rows, columns, first] = [0, 0, ""];
  for (const [index, path] of paths.entries()) {
    const picture = decodePicture(path, await readFile(path));
    if (!values) {
      [rows, columns] = size ?? [picture.height, picture.width];
      first = path;
      values = new Uint8Array(paths.length * rows * columns * channels);
    }
    if (!size && (picture.height !== rows || picture.width !== columns)) {
      throw new Error(
        `${path} is ${picture.width} x ${picture.height} pixels, but ${first} is ${columns} x ${rows}. ` +
          `Give the size that all are to have: data.images(folder, { size: [${rows}, ${columns}] }).`,
      );
    }
    const pixels = toChannels(picture, channels);
    values.set(
      resize(pixels, [picture.height, picture.width, channels], [rows, columns]),
      index * rows * columns * channels,
    );
    // Decoding does not wait for anything; this lets Stop and output through.
    if (index % 32 === 0) await setImmediate();
  }
  return datasetOf({
    name,
    size: paths.length,
    shape: [rows, columns, channels],
    values: values ?? new Uint8Array(0),
    divisor: 255,
    ...labelsOf(name, folder, paths),
  });
}

const isPicture = (name: string): boolean => /\.(png|jpe?g)$/i.test(name);

async function picturesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((error: unknown) => {
    throw missingFile(error, folder) ?? error;
  });
  const files = entries.filter((entry) => !entry.isDirectory() && !entry.name.startsWith("."));
  const pictures = files
    .filter(({ name }) => isPicture(name))
    .map((entry) => join(entry.parentPath, entry.name));
  if (pictures.length === 0) {
    const found =
      files.length === 0
        ? "it is empty"
        : `among its ${files.length} files (${files
            .slice(0, 3)
            .map(({ name }) => name)
            .join(", ")}${files.length > 3 ? ", ..." : ""}) none ends in .png, .jpg or .jpeg`;
    throw new Error(
      `There are no pictures in ${folder}: ${found}. Check the path, or convert the pictures to PNG.`,
    );
  }
  return pictures.sort((a, b) => (a < b ? -1 : 1));
}

/** The first folder below the one that is read is the class. */
function labelsOf(
  name: string,
  folder: string,
  paths: readonly string[],
): { readonly labels?: ReturnType<typeof labelsFrom> } {
  const classes = paths.map((path) => {
    const parts = relative(folder, path).split(sep);
    return parts.length > 1 ? (parts[0] ?? "") : "";
  });
  const names = [...new Set(classes)].sort((a, b) => (a < b ? -1 : 1));
  if (names.length === 1 && names[0] === "") return {};
  const codes = classes.map((each) => names.indexOf(each));
  return {
    labels: labelsFrom(
      name,
      paths.length,
      codes,
      names.map((each) => each || "(no folder)"),
    ),
  };
}
