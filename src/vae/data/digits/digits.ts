import { stream } from "../../random";
import { exampleRandoms, normal, type Random } from "../exampleRandom";
import { generatedOptions, type GeneratedOptions } from "../generated";
import { labelsFrom } from "../source";
import { TrainTestPair } from "../trainTest";
import { datasetOf, type View } from "../view";
import { forms, type Form } from "./glyphs";
import { drawLines, type Placement } from "./ink";
import { write, type InkPoint, type Line } from "./pen";

export interface DigitsOptions extends GeneratedOptions {
  /** Rows and columns of an image, 8 or more; 28 unless given. */
  readonly size?: number;
}

/**
 * Handwritten digits, drawn here by a pen with a random hand: no download, ten classes of equal size, images
 * `[size, size, 1]` with values in [0, 1]. Like MNIST's, they are scaled to a common height and centred by their mass.
 * @throws RangeError if a number of examples is not positive, or `size` is below 8; TypeError for an unknown option.
 */
export function digits(options: DigitsOptions = {}): TrainTestPair {
  const { train, test, size, seed } = generatedOptions(options, {
    name: "digits",
    drawn: "a digit",
    size: 28,
    smallest: 8,
  });
  return new TrainTestPair(
    "digits",
    draw("digits train", train, size, seed),
    draw("digits test", test, size, seed),
  );
}

function draw(name: string, count: number, size: number, seed: number): View {
  const codes = balancedClasses(count, seed, name);
  const hands = exampleRandoms(seed, name);
  const values = new Uint8Array(count * size * size);
  codes.forEach((digit, example) => {
    const image = values.subarray(example * size * size, (example + 1) * size * size);
    drawDigit(digit, hands(example), image, size);
  });
  return datasetOf({
    name,
    size: count,
    shape: [size, size, 1],
    values,
    divisor: 255,
    labels: labelsFrom(name, count, codes, names),
  });
}

const names = forms.map((_, digit) => String(digit));

/** Classes in random order, but so that each ten in a row hold each class once: any first part is balanced. */
function balancedClasses(count: number, seed: number, name: string): Uint8Array {
  const orders = stream(seed, `${name}/classes`);
  const codes = new Uint8Array(count);
  for (let start = 0; start < count; start += forms.length) {
    codes.set(orders.permutation(forms.length, start).subarray(0, count - start), start);
  }
  return codes;
}

function drawDigit(digit: number, random: Random, image: Uint8Array, size: number): void {
  const pixel = size / 28;
  const thickness = Math.max(1, pixel * Math.min(4.4, Math.max(1.5, 2.6 * Math.exp(0.28 * normal(random)))));
  const height = (size - 2 * margin(size) - thickness) * (1 - 0.1 * random());
  const lines = write(chooseForm(forms[digit] ?? [], random), random, 1.3 / height);
  const pen = { radius: thickness / 2, softness: 1 + 0.3 * random() };
  drawLines(lines, pen, centred(lines, height), image, size);
}

/** MNIST leaves 4 of 28 pixels on each side; a small image cannot afford as much. */
const margin = (size: number): number => (4 * size) / 28 - Math.max(0, 28 - size) / 28;

function chooseForm(choices: readonly Form[], random: Random): Form {
  let left = random() * choices.reduce((total, { weight }) => total + weight, 0);
  const chosen = choices.find(({ weight }) => (left -= weight) < 0) ?? choices[0];
  if (!chosen) throw new Error("a digit without forms");
  return chosen;
}

/** Makes the longer side of the lines' box `length` pixels long, and their centre of mass the image's middle. */
function centred(lines: readonly Line[], length: number): Placement {
  let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
  let [mass, x, y] = [0, 0, 0];
  for (const line of lines) {
    let before: InkPoint | undefined;
    for (const point of line) {
      left = Math.min(left, point.x);
      right = Math.max(right, point.x);
      top = Math.min(top, point.y);
      bottom = Math.max(bottom, point.y);
      if (before) {
        const [dx, dy] = [point.x - before.x, point.y - before.y];
        const weight = Math.sqrt(dx * dx + dy * dy) * point.pressure;
        mass += weight;
        x += (weight * (before.x + point.x)) / 2;
        y += (weight * (before.y + point.y)) / 2;
      }
      before = point;
    }
  }
  return { scale: length / Math.max(right - left, bottom - top), origin: [x / mass, y / mass] };
}
