export type Range = readonly [low: number, high: number];

/** Round numbers within a range, at most as many as asked for, and the digits after the point that they need. */
export function ticks(
  [low, high]: Range,
  most: number,
): { readonly at: readonly number[]; readonly digits: number } {
  const least = (high - low) / Math.max(1, most);
  const power = Math.floor(Math.log10(least));
  const base = 10 ** power;
  const factor = [1, 2, 5, 10].find((n) => n * base >= least * (1 - 1e-9)) ?? 10;
  const step = factor * base;
  const [first, last] = [Math.ceil(low / step - 1e-9), Math.floor(high / step + 1e-9)];
  const at = Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => (first + i) * step);
  return { at, digits: Math.min(12, Math.max(0, -(factor === 10 ? power + 1 : power))) };
}

/** A number at its place on an axis. */
export interface Tick {
  readonly value: number;
  readonly text: string;
}

const grouped = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });

/** Ticks at whole numbers: there is no step 1.5. */
export const wholeTicks = (range: Range, most: number): readonly Tick[] =>
  ticks(range, Math.min(most, range[1] - range[0])).at.map((value) => ({
    value,
    text: minus(grouped.format(value)),
  }));

/** From these on, and where a number has more digits after its point, it is written with its power of ten. */
const large = 1e6;
const mostDigits = 5;

/** Ticks of an even scale, all with as many digits after the point. */
export function evenTicks(range: Range, most: number): readonly Tick[] {
  const { at, digits } = ticks(range, most);
  const plain = digits <= mostDigits && Math.max(...range.map(Math.abs)) < large;
  return at.map((value) => ({
    value,
    text: plain ? fixed(value, digits) : withPower(value),
  }));
}

function fixed(value: number, digits: number): string {
  // What should be 0 is a little beside it, by the error of the sums.
  const text = Math.abs(value) < 1e-12 ? "0" : value.toFixed(digits);
  return minus(Math.abs(value) >= 1e4 && digits === 0 ? grouped.format(Number(text)) : text);
}

const withPower = (value: number): string =>
  value === 0 ? "0" : minus(Number(value.toPrecision(12)).toExponential().replace("e+", "e"));

const minus = (text: string): string => text.replaceAll("-", "−");

/** Ticks of a logarithmic scale from many to few: these times the powers of ten, or every so many powers alone. */
const decades = [
  { factors: [1, 2, 5], every: 1 },
  { factors: [1, 3], every: 1 },
  ...[1, 2, 3, 5, 10, 20].map((every) => ({ factors: [1], every })),
];
/** Where a logarithmic scale would have fewer ticks, it has those of an even one. */
const fewest = 3;

/** Ticks of a logarithmic scale, as many of them as there is room for. */
export function logTicks(range: Range, most: number): readonly Tick[] {
  const found = decades
    .map(({ factors, every }) => inDecades(range, factors, every))
    .find((at) => at.length <= Math.max(1, most));
  return found === undefined || found.length < Math.min(fewest, most)
    ? evenTicks(range, most)
    : found.map((value) => ({ value, text: onItsOwn(value) }));
}

function inDecades([low, high]: Range, factors: readonly number[], every: number): readonly number[] {
  const first = Math.floor(Math.log10(low) / every) * every;
  const count = Math.max(0, Math.floor((Math.log10(high) - first) / every) + 1);
  return Array.from({ length: count }, (_, i) => 10 ** (first + i * every))
    .flatMap((power) => factors.map((factor) => factor * power))
    .filter((value) => value >= low * (1 - 1e-9) && value <= high * (1 + 1e-9));
}

const onItsOwn = (value: number): string => {
  if (value >= large || value < 1e-4) return withPower(value);
  return value >= 1e4 ? grouped.format(value) : String(Number(value.toPrecision(12)));
};
