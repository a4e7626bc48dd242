/** Numbers as a person reads them. */

const grouped = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });

/** "20,000" */
export const whole = (value: number): string =>
  Number.isFinite(value) ? grouped.format(value) : String(value);

/** Nats: two digits after the point, four where it is close to nothing; powers of ten where a loss has run away. */
export function nats(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  if (Math.abs(value) >= 1e9) return value.toExponential(2).replace("e+", "e");
  if (Math.abs(value) < 0.01 && Math.abs(value) >= 0.0001) return value.toFixed(4);
  return value.toLocaleString("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
}

/** Up to four significant digits: for values of unknown size. */
export function significant(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size >= 1e6 || size < 1e-4) return value.toExponential(3);
  return String(Number(value.toPrecision(4)));
}

/** A share in percent, two significant digits: "1.2%", "0.034%", "below 0.001%". */
export function percent(share: number): string {
  if (!Number.isFinite(share)) return "no number";
  if (share > 0 && share < 1e-5) return "below 0.001%";
  return `${Number((100 * share).toPrecision(2)).toLocaleString("en-US", { maximumFractionDigits: 4 })}%`;
}

/** "1 h 05 min", "2 min 10 s", "12 s", "0.4 s" */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return "unknown";
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const total = Math.round(seconds);
  if (total < 60) return `${total} s`;
  const pad = (n: number): string => String(n).padStart(2, "0");
  if (total < 3600) return `${Math.floor(total / 60)} min ${pad(total % 60)} s`;
  return `${Math.floor(total / 3600)} h ${pad(Math.floor((total % 3600) / 60))} min`;
}

/** "28 x 28 x 1"; a scalar is "scalar". */
export const shapeText = (shape: readonly number[]): string =>
  shape.length === 0 ? "scalar" : shape.join(" x ");

/** "[3, 28, 28, 1]", as code writes it. */
export const shapeCode = (shape: readonly number[]): string => `[${shape.join(", ")}]`;

/** "1 image", "2 images" */
export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${whole(count)} ${count === 1 ? one : many}`;

/** The name of a latent dimension, as code writes it. */
export const dimensionName = (dimension: number): string => `z[${dimension}]`;
