import { stream } from "../random";

/** Numbers in [0, 1), one per call. */
export type Random = () => number;

/** More examples than fit into memory. */
const mostExamples = 2 ** 27;

/**
 * Random numbers that belong to one example: the same for the same seed, purpose, example and draw, whatever was
 * drawn for others. So an example does not depend on its place in a shuffle, on the batch size, or on how many others
 * there are. The stream turns the address into a state; sfc32 (Doty-Humphrey, PractRand) counts on from there, since it
 * gives a number in 2 ns and an image wants hundreds.
 */
export function exampleRandoms(seed: number, purpose: string): (example: number, draw?: number) => Random {
  const states = stream(seed, purpose);
  const state = new Float32Array(4);
  return (example, draw = 0) => {
    states.fillUniform(state, example + draw * mostExamples);
    return sfc32(...stateWords(state));
  };
}

const stateWords = ([a = 0, b = 0, c = 0, d = 0]: Float32Array): [number, number, number, number] => [
  (a * 2 ** 32) | 0,
  (b * 2 ** 32) | 0,
  (c * 2 ** 32) | 0,
  (d * 2 ** 32) | 0,
];

function sfc32(a: number, b: number, c: number, counter: number): Random {
  const next = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 2 ** 32;
  };
  // The low bytes of the state are zero; a few rounds fill them.
  for (let round = 0; round < 6; round++) next();
  return next;
}

/** A normal variate of mean 0 and variance 1, from two uniform ones (Box and Muller 1958). */
export const normal = (random: Random): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
