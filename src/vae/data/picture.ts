import jpeg from "jpeg-js";
import { PNG } from "pngjs";

/** A decoded picture: red, green, blue and alpha of each pixel, rows from the top. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly rgba: Uint8Array;
}

const isPng = (file: Uint8Array): boolean =>
  Buffer.from(file.subarray(0, 4)).toString("latin1") === "\u0089PNG";
const isJpeg = (file: Uint8Array): boolean => file[0] === 0xff && file[1] === 0xd8;

/**
 * Decodes a PNG or JPEG file; which of the two it is, its first bytes say, whatever its name.
 * @throws Error that names the file if it is neither, or damaged.
 */
export function decodePicture(path: string, file: Buffer): Picture {
  if (!isPng(file) && !isJpeg(file)) {
    throw new Error(
      `${path} is neither a PNG nor a JPEG file, whatever its name says. Convert it, or take it out of the folder.`,
    );
  }
  try {
    if (isPng(file)) {
      const { width, height, data } = PNG.sync.read(file);
      return { width, height, rgba: data };
    }
    const { width, height, data } = jpeg.decode(file, {
      useTArray: true,
      formatAsRGBA: true,
      tolerantDecoding: false,
    });
    return { width, height, rgba: data };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`${path} is a damaged picture (${reason}). Replace it, or take it out of the folder.`, {
      cause: error,
    });
  }
}

/**
 * The picture in grays or colours, on black where it is transparent. Gray is the luma of ITU-R BT.601, which JPEG uses.
 * @returns `[height, width, channels]`.
 */
export function toChannels({ width, height, rgba }: Picture, channels: 1 | 3): Uint8Array {
  const pixels = new Uint8Array(width * height * channels);
  for (let pixel = 0; pixel < width * height; pixel++) {
    const at = 4 * pixel;
    const alpha = (rgba[at + 3] ?? 0) / 255;
    const red = alpha * (rgba[at] ?? 0);
    const green = alpha * (rgba[at + 1] ?? 0);
    const blue = alpha * (rgba[at + 2] ?? 0);
    if (channels === 1) pixels[pixel] = Math.round(0.299 * red + 0.587 * green + 0.114 * blue);
    else pixels.set([Math.round(red), Math.round(green), Math.round(blue)], 3 * pixel);
  }
  return pixels;
}

/** How much of each source pixel goes into each target pixel, along one axis. */
interface Share {
  readonly target: number;
  readonly source: number;
  readonly weight: number;
}

/**
 * Shares that add up to 1 for each target pixel: the part of it that a source pixel covers where the picture becomes
 * smaller (an average, so that thin lines stay), a linear mix of the two nearest where it becomes larger.
 */
function shares(from: number, to: number): Share[] {
  const ratio = from / to;
  return Array.from({ length: to }, (_, target): Share[] => {
    if (ratio <= 1) {
      const centre = Math.min(from - 1, Math.max(0, (target + 0.5) * ratio - 0.5));
      const source = Math.floor(centre);
      const rest = centre - source;
      return [
        { target, source, weight: 1 - rest },
        { target, source: Math.min(from - 1, source + 1), weight: rest },
      ];
    }
    const [start, end] = [target * ratio, (target + 1) * ratio];
    const sources = Array.from(
      { length: Math.ceil(end - 1e-9) - Math.floor(start) },
      (__, nth) => Math.floor(start) + nth,
    );
    return sources.map((source) => ({
      target,
      source: Math.min(from - 1, source),
      weight: (Math.min(end, source + 1) - Math.max(start, source)) / ratio,
    }));
  }).flat();
}

/** Resizes `[height, width, channels]`, first along the rows, then along the columns. */
export function resize(
  pixels: Uint8Array,
  [height, width, channels]: readonly [height: number, width: number, channels: number],
  [newHeight, newWidth]: readonly [height: number, width: number],
): Uint8Array {
  if (height === newHeight && width === newWidth) return pixels;
  const narrow = new Float32Array(height * newWidth * channels);
  for (const { target, source, weight } of shares(width, newWidth)) {
    for (let row = 0; row < height; row++) {
      for (let channel = 0; channel < channels; channel++) {
        const to = (row * newWidth + target) * channels + channel;
        narrow[to] = (narrow[to] ?? 0) + weight * (pixels[(row * width + source) * channels + channel] ?? 0);
      }
    }
  }
  const sized = new Float32Array(newHeight * newWidth * channels);
  const rowLength = newWidth * channels;
  for (const { target, source, weight } of shares(height, newHeight)) {
    for (let place = 0; place < rowLength; place++) {
      const to = target * rowLength + place;
      sized[to] = (sized[to] ?? 0) + weight * (narrow[source * rowLength + place] ?? 0);
    }
  }
  return Uint8Array.from(sized, Math.round);
}
