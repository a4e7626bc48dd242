/**
 * Numbers on their way to a view: typed arrays as base64 in plotly's form (`dtype`, `bdata`), which is four thirds of
 * their bytes, exact, and read without parsing digits. Little-endian, as every platform that Node runs on.
 */
export interface Numbers {
  readonly dtype: "u1" | "u2" | "i4" | "f4";
  readonly bdata: string;
}

export function numbers(values: Uint8Array | Uint16Array | Int32Array | Float32Array): Numbers {
  return {
    dtype: dtypeOf(values),
    bdata: Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString("base64"),
  };
}

function dtypeOf(values: Uint8Array | Uint16Array | Int32Array | Float32Array): Numbers["dtype"] {
  if (values instanceof Uint8Array) return "u1";
  if (values instanceof Uint16Array) return "u2";
  return values instanceof Int32Array ? "i4" : "f4";
}

/** An even scale of 65,536 steps between the smallest and the largest value: half the bytes of floats. */
export interface ScaledNumbers {
  readonly low: number;
  readonly high: number;
  readonly values: Numbers;
  /** The indices of values that are not finite, where there are any. */
  readonly missing?: Numbers;
}

const steps = 65_535;

/** Scales values to 16 bits. The error is at most 1 / 131,070 of their range; values that are not finite are `missing`. */
export function scaledNumbers(values: Float32Array): ScaledNumbers {
  const { low, high } = finiteRange(values);
  const scaled = new Uint16Array(values.length);
  const missing: number[] = [];
  const scale = high > low ? steps / (high - low) : 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? low;
    if (Number.isFinite(value)) scaled[i] = Math.round((value - low) * scale);
    else missing.push(i);
  }
  return {
    low,
    high,
    values: numbers(scaled),
    ...(missing.length > 0 && { missing: numbers(Int32Array.from(missing)) }),
  };
}

/** Smallest and largest finite value; 0 and 0 if there is none. */
export function finiteRange(values: Iterable<number>): { readonly low: number; readonly high: number } {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low <= high ? { low, high } : { low: 0, high: 0 };
}

/** JSON has no NaN and no infinity: they become `null`. */
export const finiteOrNull = (value: number): number | null => (Number.isFinite(value) ? value : null);
