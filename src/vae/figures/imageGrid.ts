import type { MimeBundle } from "../host";
import { acrossTerminal, brailleRow } from "./brailleImage";
import { type Figure, figure, once } from "./figure";
import { gridPng, type Grid } from "./grid";
import { imagesData } from "./images";
import type { Numbers } from "./numbers";

/** A titled grid of pictures; `captions` say what each one is. */
export interface LabelledGrid extends Grid {
  readonly title: string;
  readonly captions?: readonly string[];
  /** Whether the text shows the row from end to end where it has no room for all of it. */
  readonly spread?: boolean;
}

/** What the images view draws. */
export interface ImagesData {
  readonly title: string;
  readonly columns: number;
  readonly images: {
    readonly count: number;
    readonly height: number;
    readonly width: number;
    readonly channels: 1 | 3;
    readonly pixels: Numbers;
  };
  readonly rowNames?: readonly string[];
  readonly columnNames?: readonly string[];
  readonly captions?: readonly string[];
  readonly margin?: boolean;
}

export function gridData(grid: LabelledGrid): ImagesData {
  const { title, columns, images, rowNames, columnNames, captions, margin } = grid;
  return {
    title,
    columns,
    images: imagesData(images),
    ...(rowNames && { rowNames }),
    ...(columnNames && { columnNames }),
    ...(captions && { captions }),
    ...(margin === false && { margin }),
  };
}

export const png = (grid: Grid): MimeBundle => ({ "image/png": gridPng(grid) });

/** A figure of pictures alone. */
export function imagesFigure(grid: LabelledGrid): Figure<"images", ImagesData> {
  return figure({
    view: "images",
    data: once(() => gridData(grid)),
    standard: once(() => png(grid)),
    text: once(
      () => `${grid.title}\n${gridText(grid, { spread: grid.spread ?? false, of: grid.images.count })}`,
    ),
  });
}

const largestInText = 64;

/** What of a grid a text shows. */
interface TextOptions {
  readonly rows?: number;
  /** Pictures from end to end of each row instead of its first ones. */
  readonly spread?: boolean;
  /** How many pictures there are in all: the text says how many of them it leaves out. */
  readonly of?: number;
}

/**
 * Some rows in braille dots, each under its name, and of each as many pictures as a terminal is wide. Pictures too large
 * or too flat for a terminal are only counted.
 */
export function gridText(
  { images, columns, rowNames }: Grid,
  { rows = 2, spread = false, of }: TextOptions = {},
): string {
  const size = `${images.width} x ${images.height} ${images.channels === 1 ? "gray" : "colour"}`;
  if (images.width > largestInText || images.height > largestInText || images.height < 4) {
    return `${images.count} pictures, ${size}`;
  }
  const inRow = spreadOver(columns, acrossTerminal(images));
  const shown = Array.from({ length: Math.min(rows, Math.ceil(images.count / columns)) }, (_, row) =>
    inRow
      .map((column, i) => row * columns + (spread ? column : i))
      .filter((position) => position < images.count),
  );
  const lines = shown.map((positions, row) => {
    const name = rowNames?.[row];
    const picture = brailleRow(images, positions);
    return name === undefined ? picture : `${name}\n${picture}`;
  });
  const count = shown.flat().length;
  const rest =
    of !== undefined && count < of ? [`(${count} of ${of} pictures; a notebook shows all of them)`] : [];
  return [...lines, ...rest].join("\n");
}

/** `most` of the positions 0 to `count - 1`, evenly from end to end. */
export const spreadOver = (count: number, most: number): readonly number[] =>
  Array.from({ length: Math.min(count, most) }, (_, i) =>
    count <= most ? i : Math.round((i * (count - 1)) / Math.max(1, most - 1)),
  );
