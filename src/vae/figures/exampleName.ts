import type { Dataset } from "../data/dataset";

/** What an example is called in a caption: its position, and its class if it has one. */
export function exampleName({ labels }: Dataset, example: number): string {
  const label = labels?.of(example);
  return label === undefined
    ? `example ${example}`
    : `example ${example}, labelled ${labels?.names[label] ?? label}`;
}
