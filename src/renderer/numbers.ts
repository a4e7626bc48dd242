import type { Numbers, ScaledNumbers } from "../protocol/views";

export type TypedNumbers = Uint8Array | Uint16Array | Int32Array | Float32Array | Float64Array;

const types = { u1: Uint8Array, u2: Uint16Array, i4: Int32Array, f4: Float32Array } as const;

/** Numbers as they travelled, back as a typed array. */
export function decode({ dtype, bdata }: Numbers): TypedNumbers {
  const text = atob(bdata);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return new types[dtype](bytes.buffer);
}

/** What is missing becomes NaN, which is nowhere. */
export function unscale({ low, high, values, missing }: ScaledNumbers): Float32Array {
  const scale = (high - low) / 65_535;
  const steps = decode(values);
  const result = new Float32Array(steps.length);
  for (let i = 0; i < result.length; i++) result[i] = low + (steps[i] ?? 0) * scale;
  if (missing) for (const i of decode(missing)) result[i] = NaN;
  return result;
}

const grouped = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });
const nat = new Intl.NumberFormat("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 });

export const whole = (value: number): string => grouped.format(value);
/** Nats: two digits after the point, four where it is close to nothing; powers of ten where a loss has run away. */
export function nats(value: number | null | undefined): string {
  if (value === null || value === undefined) return "not a number";
  if (!Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  if (size >= 1e9) return value.toExponential(2).replace("e+", "e");
  return size < 0.01 && size >= 0.0001 ? value.toFixed(4) : nat.format(value);
}
/** Up to four significant digits. */
export const significant = (value: number | null): string =>
  value === null ? "not a number" : String(Number(value.toPrecision(4)));

export function duration(seconds: number): string {
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const total = Math.round(seconds);
  if (total < 60) return `${total} s`;
  const pad = (n: number): string => String(n).padStart(2, "0");
  if (total < 3600) return `${Math.floor(total / 60)} min ${pad(total % 60)} s`;
  return `${Math.floor(total / 3600)} h ${pad(Math.floor((total % 3600) / 60))} min`;
}
