import { fromArray } from "../../../src/vae/data/fromArray";
import type { Dataset } from "../../../src/vae/data/dataset";
import { stream } from "../../../src/vae/random";

/** Examples in [0, 1] that have something to learn: each is a bright bar somewhere. */
export function bars(count: number, width = 8, name = "bars"): Dataset {
  const random = stream(1, "bars");
  const values = new Float32Array(count * width);
  for (let example = 0; example < count; example++) {
    const start = Math.floor(random.next() * width);
    const bright = 0.6 + 0.4 * random.next();
    values[example * width + start] = bright;
    values[example * width + ((start + 1) % width)] = bright / 2;
  }
  return fromArray(values, { shape: [width], name });
}
