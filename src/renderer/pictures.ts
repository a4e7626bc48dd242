import type { Images } from "../protocol/views";
import { decode, type TypedNumbers } from "./numbers";

/** Pictures with their bytes at hand. */
export interface Pictures {
  readonly count: number;
  readonly height: number;
  readonly width: number;
  readonly channels: 1 | 3;
  readonly pixels: TypedNumbers;
}

export const picturesOf = ({ pixels, ...rest }: Images): Pictures => ({ ...rest, pixels: decode(pixels) });

export interface GridLayout {
  readonly columns: number;
  /** Pixels of the pictures between two of them. */
  readonly gap: number;
}

/** Draws pictures in a grid, one canvas pixel per pixel: the canvas is enlarged by the page, and stays crisp. */
export function drawGrid(canvas: HTMLCanvasElement, pictures: Pictures, { columns, gap }: GridLayout): void {
  const rows = Math.ceil(pictures.count / columns);
  canvas.width = Math.max(1, columns * (pictures.width + gap) - gap);
  canvas.height = Math.max(1, rows * (pictures.height + gap) - gap);
  const context = canvas.getContext("2d");
  for (let i = 0; i < pictures.count; i++) {
    const [column, row] = [i % columns, Math.floor(i / columns)];
    context?.putImageData(
      picture(pictures, i),
      column * (pictures.width + gap),
      row * (pictures.height + gap),
    );
  }
}

function picture({ width, height, channels, pixels }: Pictures, index: number): ImageData {
  const image = new ImageData(width, height);
  const start = index * width * height * channels;
  for (let i = 0; i < width * height; i++) {
    for (let c = 0; c < 3; c++)
      image.data[i * 4 + c] = pixels[start + i * channels + (channels === 3 ? c : 0)] ?? 0;
    image.data[i * 4 + 3] = 255;
  }
  return image;
}

/** How large pictures are at first, in CSS pixels: seen well, and a grid of them on one screen. */
const comfortable = { picture: 84, height: 520, most: 10 } as const;

/**
 * The factor by which a grid is enlarged at first. Whole, so that its pixels stay as they are; a fraction only where not
 * even the pictures' own size fits.
 */
export function comfortableScale(
  grid: { readonly width: number; readonly height: number },
  pictureWidth: number,
  available: number,
): number {
  const whole = Math.min(
    comfortable.most,
    Math.round(comfortable.picture / pictureWidth),
    Math.floor(available / grid.width),
    Math.floor(comfortable.height / grid.height),
  );
  if (whole >= 1) return whole;
  return available < grid.width ? Math.max(0.25, available / grid.width) : 1;
}
