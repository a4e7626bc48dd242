import { finiteRange } from "./numbers";

const letters = "0123456789abcdefghijklmnopqrstuvwxyz";

/** The character that stands for a class in a text plot. */
export const classCharacter = (label: number): string => letters[label % letters.length] ?? "?";

/**
 * A scatter plot in characters: in each cell the class that has most points there, or a dot where classes are unknown.
 * The first coordinate goes right, the second up. Points with a coordinate that is not finite have no place in it.
 */
export function scatterText(
  x: Float32Array,
  y: Float32Array,
  labelOf?: (point: number) => number,
  width = 64,
  height = 20,
): string {
  const [across, up] = [finiteRange(x), finiteRange(y)];
  const cell = (value: number, { low, high }: { low: number; high: number }, cells: number): number =>
    high > low ? Math.min(cells - 1, Math.floor(((value - low) / (high - low)) * cells)) : 0;
  const counts = new Map<number, Map<number, number>>();
  for (let i = 0; i < x.length; i++) {
    if (!Number.isFinite(x[i]) || !Number.isFinite(y[i])) continue;
    const column = cell(x[i] ?? 0, across, width);
    const row = height - 1 - cell(y[i] ?? 0, up, height);
    const label = labelOf?.(i) ?? -1;
    const here = counts.get(row * width + column) ?? new Map<number, number>();
    here.set(label, (here.get(label) ?? 0) + 1);
    counts.set(row * width + column, here);
  }
  return Array.from({ length: height }, (_, row) =>
    Array.from({ length: width }, (_, column) => {
      const here = counts.get(row * width + column);
      if (here === undefined) return " ";
      const [[most] = [-1]] = [...here].sort((a, b) => b[1] - a[1]);
      return most < 0 ? "·" : classCharacter(most);
    })
      .join("")
      .trimEnd(),
  ).join("\n");
}
