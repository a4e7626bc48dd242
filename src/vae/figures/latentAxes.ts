import { dimensionName } from "./format";
import { dimensionStatistics, finiteExamples, mostInformative, type Posteriors } from "./latentStatistics";
import { scaledNumbers, type ScaledNumbers } from "./numbers";
import { principalComponents, project } from "./principalComponents";

/** A direction along which posterior means can be drawn. */
export interface LatentAxis {
  readonly name: string;
  readonly kind: "dimension" | "component" | "deviation";
  /** KL divergence of a dimension, in nats per example. */
  readonly kl?: number;
  /** Share of the variance along a component. */
  readonly explained?: number;
  /** One coordinate per example. */
  readonly coordinates: () => Float32Array;
  /** Moves a latent point so that its coordinate on this axis is `value`. */
  readonly place: (point: number[], value: number) => void;
}

export interface AxisData extends Pick<LatentAxis, "name" | "kind" | "kl" | "explained"> {
  readonly points: ScaledNumbers;
}

export const axisData = ({ name, kind, kl, explained, coordinates }: LatentAxis): AxisData => ({
  name,
  kind,
  // JSON has no NaN.
  ...(kl !== undefined && Number.isFinite(kl) && { kl }),
  ...(explained !== undefined && { explained }),
  points: scaledNumbers(coordinates()),
});

/**
 * Where the axes meet, and the axes: with two dimensions those; with more, principal components, then dimensions by KL.
 * What is not finite has no coordinate, and is in no average.
 */
export interface LatentAxes {
  /** The average posterior mean: what dimensions that no axis moves stay at. 0 where no example has one. */
  readonly centre: readonly number[];
  readonly axes: readonly LatentAxis[];
}

const mostComponents = 4;
/** Eigenvectors of larger matrices take seconds. */
const mostDimensionsForComponents = 256;

export function latentAxes(posteriors: Posteriors, latent: number): LatentAxes {
  const finite = finiteExamples(posteriors, latent);
  const statistics = dimensionStatistics(finite, latent);
  const column = (values: Float32Array, dimension: number): Float32Array =>
    Float32Array.from({ length: values.length / latent }, (_, i) => values[i * latent + dimension] ?? 0);

  const dimension = (d: number): LatentAxis => ({
    name: dimensionName(d),
    kind: "dimension",
    kl: statistics[d]?.kl ?? 0,
    coordinates: () => column(posteriors.mean, d),
    place: (point, value) => {
      point[d] = value;
    },
  });
  const centre = statistics.map(({ mean }) => (Number.isFinite(mean) ? mean : 0));

  if (latent === 1) {
    const deviation: LatentAxis = {
      name: "posterior standard deviation",
      kind: "deviation",
      coordinates: () => column(posteriors.logVariance, 0).map((value) => Math.exp(value / 2)),
      place: () => {},
    };
    return { centre, axes: [dimension(0), deviation] };
  }
  if (latent === 2) return { centre, axes: [dimension(0), dimension(1)] };

  const dimensions = mostInformative(statistics).map(dimension);
  if (latent > mostDimensionsForComponents) return { centre, axes: dimensions };
  const components = principalComponents(finite.mean, latent);
  const principal = components.directions.slice(0, mostComponents).map((direction, c): LatentAxis => ({
    name: `PC ${c + 1}`,
    kind: "component",
    explained: components.explained[c] ?? 0,
    coordinates: () => project(posteriors.mean, components, direction),
    place: (point, value) => direction.forEach((share, d) => (point[d] = (point[d] ?? 0) + share * value)),
  }));
  return { centre, axes: [...principal, ...dimensions] };
}

/** The latent point with these coordinates on two axes. Components add to a point, dimensions set it: they go last. */
export function placeOn(
  centre: readonly number[],
  at: readonly (readonly [LatentAxis, number])[],
): readonly number[] {
  const point = [...centre];
  const sorted = [...at].sort(([a], [b]) => Number(a.kind === "dimension") - Number(b.kind === "dimension"));
  for (const [axis, value] of sorted) axis.place(point, value);
  return point;
}
