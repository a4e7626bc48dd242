import type { Dataset } from "./dataset";
import { shapeText } from "./source";

/** A dataset in words, for terminals: size, shape, range, and how many examples each class has. */
export function describe(data: Dataset): string {
  const { min, max, nan } = data.range;
  const lines = [
    `${data.name}: ${data.size.toLocaleString("en")} examples of ${shapeText(data.shape)}`,
    `values from ${short(min)} to ${short(max)}${nan > 0 ? `, and ${nan} that are not a number` : ""}`,
  ];
  if (data.labels) {
    const counts = classCounts(data);
    lines.push(
      `${data.labels.names.length} classes: ${data.labels.names.map((name, code) => `${name} (${counts[code]})`).join(", ")}`,
    );
  }
  if (data.factors) {
    const factors = Object.entries(data.factors).map(([name, { sizes }]) => `${name} (${sizes})`);
    lines.push(`factors: ${factors.join(", ")}`);
  }
  return lines.join("\n");
}

/** How many examples each class has, by class number; empty without labels. */
export function classCounts(data: Dataset): number[] {
  const { labels, size } = data;
  if (!labels) return [];
  const counts = labels.names.map(() => 0);
  for (let example = 0; example < size; example++) {
    const code = labels.of(example);
    counts[code] = (counts[code] ?? 0) + 1;
  }
  return counts;
}

const short = (value: number): string => String(Number(value.toPrecision(4)));
