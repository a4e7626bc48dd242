import { expect, test } from "vitest";
import { legible } from "../../../src/renderer/colour";
import { labelColours } from "../../../src/vae/figures/colours";

/** How eyes see linear sRGB: Machado, Oliveira and Fernandes (2009), full severity. */
const visions = {
  "all cones": [1, 0, 0, 0, 1, 0, 0, 0, 1],
  "no long-wave cones": [
    0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998,
  ],
  "no middle-wave cones": [
    0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881,
  ],
  "no short-wave cones": [
    1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.3039,
  ],
} as const;

type Triple = readonly [number, number, number];

const linear = (hex: string, at: number): number => {
  const share = parseInt(hex.slice(at, at + 2), 16) / 255;
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
};

const times = (m: readonly number[], [x, y, z]: Triple): Triple => {
  const row = (r: number): number => (m[r] ?? 0) * x + (m[r + 1] ?? 0) * y + (m[r + 2] ?? 0) * z;
  return [row(0), row(3), row(6)];
};
const each = ([a, b, c]: Triple, f: (value: number) => number): Triple => [f(a), f(b), f(c)];

/** OKLab (Ottosson 2020) of a colour as these eyes see it. */
function seen(hex: string, vision: readonly number[]): Triple {
  const light = times(vision, [linear(hex, 1), linear(hex, 3), linear(hex, 5)]);
  const within = each(light, (value) => Math.max(0, Math.min(1, value)));
  const cones = times(
    [
      0.4122214708, 0.5363325363, 0.0514459929, 0.2119034982, 0.6806995451, 0.1073969566, 0.0883024619,
      0.2817188376, 0.6299787005,
    ],
    within,
  );
  return times(
    [
      0.2104542553, 0.793617785, -0.0040720468, 1.9779984951, -2.428592205, 0.4505937099, 0.0259040371,
      0.7827717662, -0.808675766,
    ],
    each(cones, Math.cbrt),
  );
}

/** A difference that one just sees beside each other is about 0.02. */
const apart = (a: string, b: string, vision: readonly number[]): number => {
  const [x, y] = [seen(a, vision), seen(b, vision)];
  return Math.hypot(x[0] - y[0], x[1] - y[1], x[2] - y[2]);
};

test.each(
  Object.entries(visions).flatMap(([eyes, vision]) =>
    ["#ffffff", "#1f1f1f", "#000000"].map((background) => [eyes, background, vision] as const),
  ),
)("eyes with %s tell ten classes apart on %s", (_, background, vision) => {
  const drawn = labelColours.map((colour) => legible(colour, background, 1.8));
  const pairs = drawn.flatMap((a, i) => drawn.slice(0, i).map((b) => apart(a, b, vision)));
  expect(Math.min(...pairs)).toBeGreaterThan(0.1);
});
