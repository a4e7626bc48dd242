import type { ImageStack } from "./images";
import { drawText, glyphHeight, textWidth } from "./pixelFont";
import { encodePng, type Raster } from "./png";

/** How pictures are laid out: row by row in `columns`, with names beside the rows and above the columns. */
export interface Grid {
  readonly images: ImageStack;
  readonly columns: number;
  readonly rowNames?: readonly string[];
  readonly columnNames?: readonly string[];
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
  const names = layOutNames(grid, cellWidth);
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
  grid.rowNames?.slice(0, rows).forEach((name, row) => {
    const x = left - nameGap - textWidth(name) * names.row.scale;
    const middle = Math.round((cellHeight - gap - glyphHeight * names.row.scale) / 2);
    canvas.text(name, x, top + row * cellHeight + middle, names.row.scale);
  });
  grid.columnNames?.slice(0, columns).forEach((name, column) => {
    const middle = Math.round((cellWidth - gap - textWidth(name) * names.column.scale) / 2);
    canvas.text(name, Math.max(left, left + column * cellWidth + middle), 0, names.column.scale);
  });
  return canvas;
}

const nameGap = 10;

/** Names at twice the font's size, which reads well beside enlarged pictures; above columns too narrow for it, once. */
function layOutNames({ rowNames = [], columnNames = [] }: Grid, cellWidth: number) {
  const widest = Math.max(0, ...columnNames.map(textWidth));
  const columnScale = widest * 2 <= cellWidth ? 2 : 1;
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
