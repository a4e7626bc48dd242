import type { TypedNumbers } from "../numbers";

/** The place of the last number that is not above a value, in numbers that rise; -1 if all are. */
export function lastUpTo(numbers: TypedNumbers, value: number): number {
  let [low, high] = [0, numbers.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((numbers[middle] ?? Infinity) <= value) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** The number that is nearest to a value, in numbers that rise; undefined if there are none. */
export function nearestTo(numbers: TypedNumbers, value: number): number | undefined {
  const place = lastUpTo(numbers, value);
  const [below, above] = [numbers[place], numbers[place + 1]];
  if (below === undefined || above === undefined) return below ?? above;
  return value - below <= above - value ? below : above;
}

/** What stands in either of two lists of rising numbers, once. */
export function merged(a: TypedNumbers, b: TypedNumbers): TypedNumbers {
  if (a.length === 0) return b;
  const both = new Float64Array(a.length + b.length);
  let [i, j, count] = [0, 0, 0];
  while (i < a.length || j < b.length) {
    const [left, right] = [a[i] ?? NaN, b[j] ?? NaN];
    const isLeft = j === b.length || (i < a.length && !(left > right));
    const next = isLeft ? left : right;
    if (isLeft) i++;
    else j++;
    if (Number.isFinite(next) && (count === 0 || both[count - 1] !== next)) both[count++] = next;
  }
  return both.subarray(0, count);
}
