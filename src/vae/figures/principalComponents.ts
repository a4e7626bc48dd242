/** Principal components of some points: where they spread most. */
export interface PrincipalComponents {
  readonly mean: Float64Array;
  /** Unit vectors, the one with the largest variance first. */
  readonly directions: readonly Float64Array[];
  /** Share of the whole variance along each direction; they add up to 1. */
  readonly explained: readonly number[];
}

/** Principal components of points `[size, dimensions]`: eigenvectors of their covariance (Hotelling 1933). */
export function principalComponents(points: Float32Array, dimensions: number): PrincipalComponents {
  const { mean, covariance } = covarianceOf(points, dimensions);
  const { values, vectors } = symmetricEigen(covariance);
  const order = values.map((_, i) => i).sort((a, b) => (values[b] ?? 0) - (values[a] ?? 0));
  const total = values.reduce((sum, value) => sum + Math.max(0, value), 0);
  return {
    mean,
    directions: order.map((i) => signed(Float64Array.from(vectors, (row) => row[i] ?? 0))),
    explained: order.map((i) => (total > 0 ? Math.max(0, values[i] ?? 0) / total : 0)),
  };
}

/** The coordinate of each point along a direction, from the mean. */
export function project(
  points: Float32Array,
  { mean }: PrincipalComponents,
  direction: Float64Array,
): Float32Array {
  const dimensions = mean.length;
  return Float32Array.from({ length: points.length / dimensions }, (_, i) => {
    let sum = 0;
    for (let d = 0; d < dimensions; d++) {
      sum += ((points[i * dimensions + d] ?? 0) - (mean[d] ?? 0)) * (direction[d] ?? 0);
    }
    return sum;
  });
}

function covarianceOf(
  points: Float32Array,
  dimensions: number,
): { mean: Float64Array; covariance: Float64Array[] } {
  const size = points.length / dimensions;
  const mean = new Float64Array(dimensions);
  points.forEach((value, i) => (mean[i % dimensions] = (mean[i % dimensions] ?? 0) + value / size));
  const covariance = Array.from({ length: dimensions }, () => new Float64Array(dimensions));
  const centred = new Float64Array(dimensions);
  for (let i = 0; i < size; i++) {
    for (let d = 0; d < dimensions; d++) centred[d] = (points[i * dimensions + d] ?? 0) - (mean[d] ?? 0);
    covariance.forEach((row, a) => {
      const share = (centred[a] ?? 0) / size;
      for (let b = 0; b < dimensions; b++) row[b] = (row[b] ?? 0) + share * (centred[b] ?? 0);
    });
  }
  return { mean, covariance };
}

/** A direction and its opposite are the same component: the one whose largest entry is positive is shown, always. */
function signed(direction: Float64Array): Float64Array {
  const largest = direction.reduce((best, value) => (Math.abs(value) > Math.abs(best) ? value : best), 0);
  return largest < 0 ? direction.map((value) => -value) : direction;
}

const sweeps = 60;

/** Eigenvalues and eigenvectors (columns of `vectors`) of a symmetric matrix by Jacobi's rotations (1846). */
export function symmetricEigen(matrix: readonly Float64Array[]): {
  values: number[];
  vectors: Float64Array[];
} {
  const size = matrix.length;
  const a = matrix.map((row) => Float64Array.from(row));
  const vectors = a.map((_, i) => Float64Array.from({ length: size }, (_, j) => (i === j ? 1 : 0)));
  for (let sweep = 0; sweep < sweeps && offDiagonal(a) > 1e-24; sweep++) {
    for (let p = 0; p < size; p++) for (let q = p + 1; q < size; q++) rotate(a, vectors, p, q);
  }
  return { values: a.map((row, i) => row[i] ?? 0), vectors };
}

/** Sum of squares beside the diagonal, relative to the one on it. */
function offDiagonal(a: readonly Float64Array[]): number {
  let off = 0;
  let on = 0;
  a.forEach((row, i) =>
    row.forEach((value, j) => (i === j ? (on += value * value) : (off += value * value))),
  );
  return on > 0 ? off / on : 0;
}

/** One rotation in the plane (p, q) that makes a[p][q] zero. */
function rotate(a: readonly Float64Array[], vectors: readonly Float64Array[], p: number, q: number): void {
  const at = (i: number, j: number): number => a[i]?.[j] ?? 0;
  const apq = at(p, q);
  if (apq === 0) return;
  const theta = (at(q, q) - at(p, p)) / (2 * apq);
  const t = Math.sign(theta || 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const c = 1 / Math.sqrt(t * t + 1);
  const s = t * c;
  const turnColumns = (row: Float64Array): void => {
    const x = row[p] ?? 0;
    const y = row[q] ?? 0;
    row[p] = c * x - s * y;
    row[q] = s * x + c * y;
  };
  a.forEach(turnColumns);
  const [rowP, rowQ] = [a[p], a[q]];
  if (rowP && rowQ) {
    for (let k = 0; k < a.length; k++) {
      const x = rowP[k] ?? 0;
      const y = rowQ[k] ?? 0;
      rowP[k] = c * x - s * y;
      rowQ[k] = s * x + c * y;
    }
  }
  vectors.forEach(turnColumns);
}
