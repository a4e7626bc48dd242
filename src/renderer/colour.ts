export type Rgb = readonly [red: number, green: number, blue: number];

/** Reads `#rgb`, `#rrggbb` (with or without opacity) and `rgb(...)`; undefined for other ways to write a colour. */
export function rgbOf(text: string): Rgb | undefined {
  const hex = /^#([\da-f]{3,8})$/i.exec(text.trim())?.[1];
  if (hex !== undefined) {
    const digits = hex.length < 6 ? [...hex].map((digit) => digit + digit).join("") : hex;
    const part = (i: number): number => parseInt(digits.slice(i, i + 2), 16);
    return [part(0), part(2), part(4)];
  }
  const [red, green, blue] = /^rgba?\(/.test(text.trim()) ? (text.match(/[\d.]+/g) ?? []).map(Number) : [];
  return red === undefined || green === undefined || blue === undefined ? undefined : [red, green, blue];
}

const hexOf = (rgb: Rgb): string =>
  `#${rgb.map((part) => Math.round(part).toString(16).padStart(2, "0")).join("")}`;

/** Relative luminance, WCAG 2.2. */
function luminance(rgb: Rgb): number {
  const [red = 0, green = 0, blue = 0] = rgb.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** Contrast of two colours, 1 to 21, WCAG 2.2. */
export function contrast(a: Rgb, b: Rgb): number {
  const [low = 0, high = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}

/** The colour, or one nearer to white or black, whichever the background is not, that reaches the contrast. */
export function legible(colour: string, background: string, least: number): string {
  const [rgb, behind] = [rgbOf(colour), rgbOf(background)];
  if (rgb === undefined || behind === undefined) return colour;
  const end = luminance(behind) < 0.18 ? 255 : 0;
  for (let share = 0; share < 1; share += 0.05) {
    const mixed: Rgb = [
      rgb[0] + (end - rgb[0]) * share,
      rgb[1] + (end - rgb[1]) * share,
      rgb[2] + (end - rgb[2]) * share,
    ];
    if (contrast(mixed, behind) >= least) return hexOf(mixed);
  }
  return hexOf([end, end, end]);
}
