import { PNG } from "pngjs";

/** Pixels of a PNG: gray and alpha, or red, green, blue and alpha; eight bits each, rows from the top. */
export interface Raster {
  readonly width: number;
  readonly height: number;
  readonly channels: 2 | 4;
  readonly pixels: Uint8Array;
}

const colourTypes = { 2: 4, 4: 6 } as const;
/** Each row as its difference from the one above: enlarged pictures repeat their rows, which then deflate to nothing. */
const filterUp = 2;

/** The raster as a PNG file. */
export function encodePng({ width, height, channels, pixels }: Raster): Uint8Array {
  const image = new PNG({ width, height });
  image.data = Buffer.from(pixels.buffer, pixels.byteOffset, pixels.byteLength);
  const colorType = colourTypes[channels];
  const file = PNG.sync.write(image, {
    colorType,
    inputColorType: colorType,
    inputHasAlpha: true,
    filterType: filterUp,
  });
  return new Uint8Array(file);
}
