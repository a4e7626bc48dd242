import type { TypedNumbers } from "./numbers";

/**
 * Exponential moving average in which `share` of each value is the past, without the pull towards the first value (as
 * Adam corrects its moments). What is no number stays a gap and is not carried on.
 */
export function smooth(values: TypedNumbers, share: number): TypedNumbers {
  if (share <= 0) return values;
  const smoothed = new Float32Array(values.length);
  let sum = 0;
  let weight = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? NaN;
    if (Number.isFinite(value)) {
      sum = share * sum + (1 - share) * value;
      weight = share * weight + (1 - share);
      smoothed[i] = sum / weight;
    } else smoothed[i] = value;
  }
  return smoothed;
}
