import type { ImageStack } from "./images";
import { drawText, glyphHeight, textWidth } from "./pixelFont";
import { encodePng, type Raster } from "./png";

/** How pictures are laid out: row by row in `columns`, with names beside the rows and above the columns. */
export interface Grid {
  readonly images: ImageStack;
  readonly columns: number;
  readonly rowNames?: readonly string[];
  readonly columnNames?: readonly string[];
  /** The names are those of the ends and the middle of an axis, not of single rows and columns. */
  readonly namesOfEdges?: boolean;
  /** False where pictures belong together without a gap. Default true. */
  readonly margin?: boolean;
}

/** Readable on white and on black. */
const ink = 128;
const opaque = 255;
const comfortableWidth = 640;
const largestScale = 6;

/** The grid as a PNG: pixels enlarged by a whole factor so that they stay crisp, gaps transparent for any theme. */
export const gridPng = (grid: Grid): Uint8Array => encodePng(drawGrid(grid));

export function drawGrid(grid: Grid): Raster {
  const { images, columns } = grid;
  const rows = Math.ceil(images.count / columns);
  const scale = Math.max(1, Math.min(largestScale, Math.ceil(comfortableWidth / (columns * images.width))));
  const gap = grid.margin === false ? 0 : Math.max(2, scale);
  const cellWidth = images.width * scale + gap;
  const cellHeight = images.height * scale + gap;
  const names = layOutNames(grid, grid.namesOfEdges === true ? (columns * cellWidth) / 3 : cellWidth);
  const left = names.row.width === 0 ? 0 : names.row.width + nameGap;
  const top = names.column.height === 0 ? 0 : names.column.height + 4;

  const canvas = new Canvas(
    left + columns * cellWidth - gap,
    top + Math.max(0, rows * cellHeight - gap),
    images.channels === 1 ? 2 : 4,
  );
  for (let i = 0; i < images.count; i++) {
    const x = left + (i % columns) * cellWidth;
    const y = top + Math.floor(i / columns) * cellHeight;
    canvas.image(images, i, x, y, scale);
  }
  const { rowNames = [], columnNames = [], namesOfEdges = false } = grid;
  const shownRows = namesOfEdges ? rowNames : rowNames.slice(0, rows);
  shownRows.forEach((name, row) => {
    const size = glyphHeight * names.row.scale;
    const x = left - nameGap - textWidth(name) * names.row.scale;
    const y = namesOfEdges
      ? alongEdge(row, rowNames.length, rows * cellHeight - gap, size)
      : row * cellHeight + Math.round((cellHeight - gap - size) / 2);
    canvas.text(name, x, top + y, names.row.scale);
  });
  const shownColumns = namesOfEdges ? columnNames : columnNames.slice(0, columns);
  shownColumns.forEach((name, column) => {
    const size = textWidth(name) * names.column.scale;
    const x = namesOfEdges
      ? alongEdge(column, columnNames.length, columns * cellWidth - gap, size)
      : column * cellWidth + Math.round((cellWidth - gap - size) / 2);
    canvas.text(name, Math.max(left, left + x), 0, names.column.scale);
  });
  return canvas;
}

/** Where the i-th of some names begins that are spread from one end of an edge to the other. */
const alongEdge = (i: number, count: number, length: number, size: number): number =>
  Math.round((length - size) * (count < 2 ? 0.5 : i / (count - 1)));

const nameGap = 10;

/** Names at twice the font's size, which reads well beside enlarged pictures; above columns too narrow for it, once. */
function layOutNames({ rowNames = [], columnNames = [] }: Grid, room: number) {
  const widest = Math.max(0, ...columnNames.map(textWidth));
  const columnScale = widest * 2 <= room ? 2 : 1;
  return {
    row: { scale: 2, width: Math.max(0, ...rowNames.map(textWidth)) * 2 },
    column: { scale: columnScale, height: columnNames.length === 0 ? 0 : glyphHeight * columnScale },
  };
}

/** Gray and alpha, or colour and alpha; everything starts transparent. */
class Canvas implements Raster {
  readonly pixels: Uint8Array;
  constructor(
    readonly width: number,
    readonly height: number,
    readonly channels: 2 | 4,
  ) {
    this.pixels = new Uint8Array(width * height * channels);
  }

  image(stack: ImageStack, image: number, left: number, top: number, scale: number): void {
    const { width, height, channels, pixels } = stack;
    for (let y = 0; y < height * scale; y++) {
      const row = (image * height + Math.floor(y / scale)) * width;
      for (let x = 0; x < width * scale; x++) {
        const from = (row + Math.floor(x / scale)) * channels;
        const to = ((top + y) * this.width + left + x) * this.channels;
        for (let c = 0; c < channels; c++) this.pixels[to + c] = pixels[from + c] ?? 0;
        this.pixels[to + channels] = opaque;
      }
    }
  }

  text(text: string, left: number, top: number, scale: number): void {
    drawText(text, (x, y) => {
      for (let dy = 0; dy < scale; dy++)
        for (let dx = 0; dx < scale; dx++) this.dot(left + x * scale + dx, top + y * scale + dy);
    });
  }

  private dot(x: number, y: number): void {
    if (x < 0 || y < 0 || x >= this.width || y >= this.height) return;
    const at = (y * this.width + x) * this.channels;
    this.pixels.fill(ink, at, at + this.channels - 1);
    this.pixels[at + this.channels - 1] = opaque;
  }
}
