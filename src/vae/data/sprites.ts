import type { Factor } from "./dataset";
import { exampleRandoms } from "./exampleRandom";
import { generatedOptions, type GeneratedOptions } from "./generated";
import { labelsFrom } from "./source";
import { TrainTestPair } from "./trainTest";
import { datasetOf, type View } from "./view";

export interface SpritesOptions extends GeneratedOptions {
  /** Rows and columns of an image, 16 or more; 32 unless given. */
  readonly size?: number;
}

const shapeNames = ["square", "ellipse", "heart"] as const;

/** How many values each factor takes, as in dSprites (Matthey, Higgins, Hassabis and Lerchner 2017). */
const factorSizes = { shape: shapeNames.length, scale: 6, rotation: 40, x: 32, y: 32 } as const;
type FactorName = keyof typeof factorSizes;
const factorNames: readonly FactorName[] = ["shape", "scale", "rotation", "x", "y"];

/**
 * White shapes on black whose every cause is known: `shape` (square, ellipse, heart), `scale`, `rotation`, `x` and `y`,
 * drawn independently and uniformly; for measuring whether a latent space takes the causes apart. Images
 * `[size, size, 1]` with values in [0, 1]; the shape is also the label.
 * @throws RangeError if a number of examples is not positive, or `size` is below 16; TypeError for an unknown option.
 */
export function sprites(options: SpritesOptions = {}): TrainTestPair {
  const { train, test, size, seed } = generatedOptions(options, {
    name: "sprites",
    drawn: "a sprite",
    size: 32,
    smallest: 16,
  });
  return new TrainTestPair(
    "sprites",
    draw("sprites train", train, size, seed),
    draw("sprites test", test, size, seed),
  );
}

function draw(name: string, count: number, size: number, seed: number): View {
  const chosen = chooseFactors(name, count, seed);
  const values = new Uint8Array(count * size * size);
  for (let example = 0; example < count; example++) {
    const at = (factor: FactorName): number => (chosen[factor][example] ?? 0) / factorSizes[factor];
    const image = values.subarray(example * size * size, (example + 1) * size * size);
    drawShape(image, size, {
      inside: insides[chosen.shape[example] ?? 0] ?? insideSquare,
      radius: size * (0.13 + 0.13 * at("scale")),
      angle: 2 * Math.PI * at("rotation"),
      x: size * (0.28 + 0.45 * at("x")),
      y: size * (0.28 + 0.45 * at("y")),
    });
  }
  const factors = factorNames.map((factor): [string, Factor] => [
    factor,
    { sizes: factorSizes[factor], of: (example) => chosen[factor][example] ?? 0 },
  ]);
  return datasetOf({
    name,
    size: count,
    shape: [size, size, 1],
    values,
    divisor: 255,
    labels: labelsFrom(name, count, chosen.shape, shapeNames),
    factors: Object.fromEntries(factors),
  });
}

function chooseFactors(name: string, count: number, seed: number): Readonly<Record<FactorName, Uint8Array>> {
  const randoms = exampleRandoms(seed, name);
  const chosen = {
    shape: new Uint8Array(count),
    scale: new Uint8Array(count),
    rotation: new Uint8Array(count),
    x: new Uint8Array(count),
    y: new Uint8Array(count),
  };
  for (let example = 0; example < count; example++) {
    const random = randoms(example);
    for (const factor of factorNames) chosen[factor][example] = Math.floor(random() * factorSizes[factor]);
  }
  return chosen;
}

/** How far a point lies inside a shape of radius 1 around the origin, about; negative outside. */
type Inside = (x: number, y: number) => number;

const insideSquare: Inside = (x, y) => Math.SQRT1_2 - Math.max(Math.abs(x), Math.abs(y));

/** For a curve f = 0, the distance is f over the length of its gradient, to first order. */
const insideEllipse: Inside = (x, y) => (1 - x * x - 4 * y * y) / (2 * Math.hypot(x, 4 * y));

/** A square that stands on its corner, with half a disc on each of its upper sides. */
const insideHeart: Inside = (x, y) => {
  const middle = Math.SQRT1_2 / 2;
  const square = 0.5 - Math.SQRT1_2 * Math.max(Math.abs(x + y), Math.abs(x - y));
  const disc = 0.5 - Math.hypot(Math.abs(x) - middle, y + middle);
  return Math.max(square, disc);
};

const insides: readonly Inside[] = [insideSquare, insideEllipse, insideHeart];

interface Placed {
  readonly inside: Inside;
  /** In pixels, like the centre (x, y). */
  readonly radius: number;
  readonly angle: number;
  readonly x: number;
  readonly y: number;
}

/** Anti-aliased: a pixel on the edge is as bright as the part of it that the shape covers, about. */
function drawShape(image: Uint8Array, size: number, { inside, radius, angle, x, y }: Placed): void {
  const [cos, sin] = [Math.cos(angle) / radius, Math.sin(angle) / radius];
  const reach = radius + 1;
  for (let row = Math.max(0, Math.floor(y - reach)); row < Math.min(size, y + reach); row++) {
    for (let column = Math.max(0, Math.floor(x - reach)); column < Math.min(size, x + reach); column++) {
      const dx = column + 0.5 - x;
      const dy = row + 0.5 - y;
      const depth = radius * inside(cos * dx + sin * dy, cos * dy - sin * dx);
      image[row * size + column] = Math.round(255 * Math.min(1, Math.max(0, depth + 0.5)));
    }
  }
}
