import type { TypedNumbers } from "../numbers";

/**
 * Points of a plane in the units of the data, and the number of each point's class. One that lacks a coordinate has NaN
 * there and no place: it is not drawn, pointed at, selected or counted.
 */
export interface Points {
  readonly x: Float32Array;
  readonly y: Float32Array;
  readonly classOf?: TypedNumbers;
}

const hasPlace = ({ x, y }: Points, point: number): boolean =>
  Number.isFinite(x[point]) && Number.isFinite(y[point]);

/** How many points have no place. */
export function withoutPlace(points: Points): number {
  let count = 0;
  for (let i = 0; i < points.x.length; i++) if (!hasPlace(points, i)) count++;
  return count;
}

/** What of the points is in play: classes that are not hidden (1 is hidden). */
export type Hidden = Uint8Array;

export const isHidden = ({ classOf }: Points, hidden: Hidden, point: number): boolean =>
  hidden[classOf?.[point] ?? 0] === 1;

/**
 * The point nearest to a place, if one is within the reach. All points are looked at: a million take two milliseconds,
 * which is less than keeping an index of them would cost.
 */
export function nearest(
  points: Points,
  hidden: Hidden,
  at: readonly [number, number],
  /** In data units, by axis. */
  reach: readonly [number, number],
): number | undefined {
  const { x, y } = points;
  let found: number | undefined;
  let least = 1;
  for (let i = 0; i < x.length; i++) {
    const dx = ((x[i] ?? 0) - at[0]) / reach[0];
    if (dx > 1 || dx < -1) continue;
    const dy = ((y[i] ?? 0) - at[1]) / reach[1];
    const distance = dx * dx + dy * dy;
    // Written so that what is not a number is never near.
    if (!(distance <= least) || isHidden(points, hidden, i)) continue;
    least = distance;
    found = i;
  }
  return found;
}

/** The points inside an outline, by the even-odd rule. */
export function within(
  points: Points,
  hidden: Hidden,
  outline: readonly (readonly [number, number])[],
): readonly number[] {
  const { x, y } = points;
  const [left, right] = [Math.min(...outline.map(([x]) => x)), Math.max(...outline.map(([x]) => x))];
  const [low, high] = [Math.min(...outline.map(([, y]) => y)), Math.max(...outline.map(([, y]) => y))];
  const found: number[] = [];
  for (let i = 0; i < x.length; i++) {
    const [px, py] = [x[i] ?? 0, y[i] ?? 0];
    // Written so that what is not a number is never inside.
    if (!(px >= left && px <= right && py >= low && py <= high) || isHidden(points, hidden, i)) continue;
    if (encloses(outline, px, py)) found.push(i);
  }
  return found;
}

function encloses(outline: readonly (readonly [number, number])[], x: number, y: number): boolean {
  let inside = false;
  let before = outline[outline.length - 1];
  for (const corner of outline) {
    const [ax, ay] = corner;
    const [bx, by] = before ?? corner;
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside;
    before = corner;
  }
  return inside;
}

/** A name would cover fewer points than these. */
const fewest = 3;

/** Where the middle of each class is: the median of at most a thousand of its points. */
export function middles(points: Points, classes: number): readonly (readonly [number, number] | undefined)[] {
  const { x, y, classOf } = points;
  const counts = new Uint32Array(classes);
  for (let i = 0; i < x.length; i++) {
    if (!hasPlace(points, i)) continue;
    const c = classOf?.[i] ?? 0;
    counts[c] = (counts[c] ?? 0) + 1;
  }
  const strides = counts.map((count) => Math.ceil(count / 1_000));
  const seen = new Uint32Array(classes);
  const some = Array.from({ length: classes }, () => ({ x: [] as number[], y: [] as number[] }));
  for (let i = 0; i < x.length; i++) {
    if (!hasPlace(points, i)) continue;
    const c = classOf?.[i] ?? 0;
    if ((seen[c] ?? 0) % (strides[c] ?? 1) === 0) {
      some[c]?.x.push(x[i] ?? 0);
      some[c]?.y.push(y[i] ?? 0);
    }
    seen[c] = (seen[c] ?? 0) + 1;
  }
  return some.map((sample) =>
    sample.x.length < fewest ? undefined : ([median(sample.x), median(sample.y)] as const),
  );
}

const median = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1] ?? 0;
