import type { ImageStack } from "./images";

/** Where the eight dots of a braille character sit: [column, row] to the bit of U+2800 that raises it. */
const dots = [
  [0x01, 0x08],
  [0x02, 0x10],
  [0x04, 0x20],
  [0x40, 0x80],
] as const;

/** Bayer's 4 x 4 matrix for ordered dithering, so that gray shows as a texture and not as a hole. */
const thresholds = [0, 8, 2, 10, 12, 4, 14, 6, 3, 11, 1, 9, 15, 7, 13, 5];

const terminalWidth = 78;
const gap = 2;

/** How many pictures of this size a terminal shows side by side. */
export const acrossTerminal = ({ width }: Pick<ImageStack, "width">): number =>
  Math.max(1, Math.floor((terminalWidth + gap) / (Math.ceil(width / 2) + gap)));

/**
 * The first pictures of a row, side by side in braille dots: eight pixels a character, so that a 28 x 28 digit takes 14
 * columns and 7 lines of a terminal.
 */
export function brailleRow(stack: ImageStack, positions: readonly number[]): string {
  const columns = Math.ceil(stack.width / 2);
  const shown = positions.slice(0, acrossTerminal(stack));
  const lines = Math.ceil(stack.height / 4);
  return Array.from({ length: lines }, (_, line) =>
    shown
      .map((image) =>
        Array.from({ length: columns }, (_, column) => character(stack, image, column * 2, line * 4)).join(
          "",
        ),
      )
      .join(" ".repeat(gap)),
  ).join("\n");
}

function character(stack: ImageStack, image: number, x: number, y: number): string {
  let bits = 0;
  dots.forEach((row, dy) =>
    row.forEach((bit, dx) => {
      const threshold = ((thresholds[((y + dy) % 4) * 4 + ((x + dx) % 4)] ?? 0) + 0.5) * 16;
      if (brightness(stack, image, x + dx, y + dy) > threshold) bits |= bit;
    }),
  );
  return String.fromCharCode(0x2800 + bits);
}

function brightness(
  { width, height, channels, pixels }: ImageStack,
  image: number,
  x: number,
  y: number,
): number {
  if (x >= width || y >= height) return 0;
  const at = ((image * height + y) * width + x) * channels;
  if (channels === 1) return pixels[at] ?? 0;
  return 0.299 * (pixels[at] ?? 0) + 0.587 * (pixels[at + 1] ?? 0) + 0.114 * (pixels[at + 2] ?? 0);
}
