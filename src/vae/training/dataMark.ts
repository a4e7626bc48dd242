import { createHash } from "node:crypto";
import type { Dataset } from "../data/dataset";
import type { DataMark } from "./checkpoint";

/** How many examples, spread over the dataset, its fingerprint reads. */
const sampled = 64;

/** Recognises a dataset by its size and by some of its values; its shape may differ, for the numbers are the same. */
export function dataMark(data: Dataset): DataMark {
  const count = Math.min(sampled, data.size);
  const examples = Array.from({ length: count }, (_, nth) => Math.floor((nth * data.size) / count));
  const values = new Float32Array(count * data.valuesPerExample);
  data.read(examples, values);
  const fingerprint = createHash("sha256")
    .update(`${data.size} x ${data.valuesPerExample}`)
    .update(new Uint8Array(values.buffer))
    .digest("hex");
  return { name: data.name, size: data.size, valuesPerExample: data.valuesPerExample, fingerprint };
}

/** The dataset of a mark among those at hand, or the beginning of one of them. */
export function findMarked(mark: DataMark, among: readonly Dataset[]): Dataset | undefined {
  for (const data of among) {
    if (data.valuesPerExample !== mark.valuesPerExample || data.size < mark.size) continue;
    const candidate = data.size > mark.size ? data.take(mark.size) : data;
    if (dataMark(candidate).fingerprint === mark.fingerprint) return candidate;
  }
  return undefined;
}
