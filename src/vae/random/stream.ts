import { written } from "../options";
import { blocksAtOnce, blocksOf, type Draw } from "./blocks";
import { philox } from "./philox";

/**
 * A named source of random numbers. Everything but `next` is a pure function of the session's seed, the stream's name
 * and the draw number: a training step asks for draw `step` and gets the same noise in an unbroken run, in a resumed
 * one, and in one where other streams were used in between.
 */
export interface RandomStream {
  readonly seed: number;
  readonly name: string;
  /** The number in [0, 1) at `index` of a draw: what `fillUniform` writes there. */
  uniform(draw: number, index?: number): number;
  /** Fills with uniform numbers in [0, 1), multiples of 2^-24. */
  fillUniform(into: Float32Array, draw: number): Float32Array;
  /** Fills with independent standard normal numbers (Box and Muller 1958). */
  fillNormal(into: Float32Array, draw: number): Float32Array;
  /** The numbers 0 ... size - 1 in random order (Fisher and Yates). */
  permutation(size: number, draw: number): Uint32Array;
  /** The next number in [0, 1), with 53 random bits: for code that draws one after the other. */
  next(): number;
  /** How many numbers `next` has given. Set it to continue a sequence where a checkpoint left it. */
  position: number;
}

/** What the last word of a counter says its numbers are for, so that a draw's normals are not its uniforms in disguise. */
const purpose = { uniform: 0, normal: 1, permutation: 2, sequence: 3, name: 4 } as const;

const twoTo32 = 2 ** 32;
const word = (value: number): number => (value % twoTo32) >>> 0;
const highWord = (value: number): number => Math.floor(value / twoTo32) >>> 0;

/**
 * The stream with this name under this seed. Streams with different names or seeds are independent of each other.
 *
 * @param seed a whole number from 0 to 2^53 - 1
 * @throws RangeError for another seed, or a draw number that is not a whole number from 0 on
 */
export function stream(seed: number, name: string): RandomStream {
  requireWhole("the seed", seed);
  return new PhiloxStream(seed, name);
}

class PhiloxStream implements RandomStream {
  private readonly key0: number;
  private readonly key1: number;
  private readonly words = new Uint32Array(4);
  position = 0;

  constructor(
    readonly seed: number,
    readonly name: string,
  ) {
    [this.key0, this.key1] = keyOf(seed, name);
  }

  uniform(draw: number, index = 0): number {
    requireWhole("a draw number", draw);
    requireWhole("an index", index);
    this.block(Math.floor(index / 4), draw, purpose.uniform);
    return toUnit(this.words[index % 4] ?? 0);
  }

  fillUniform(into: Float32Array, draw: number): Float32Array {
    for (const { words, start, end } of this.wordsOf(draw, purpose.uniform, into.length))
      for (let i = start; i < end; i++) into[i] = toUnit(words[i - start] ?? 0);
    return into;
  }

  fillNormal(into: Float32Array, draw: number): Float32Array {
    for (const { words, start, end } of this.wordsOf(draw, purpose.normal, into.length)) {
      // Writes past the end of a typed array are dropped, which is what the last, incomplete pair needs.
      for (let i = start; i < end; i += 2) {
        // The radius takes all 32 bits, shifted to (0, 1], so that its logarithm is finite and its tail reaches 6.6.
        const radius = Math.sqrt(-2 * Math.log(((words[i - start] ?? 0) + 1) / twoTo32));
        const angle = (2 * Math.PI * (words[i - start + 1] ?? 0)) / twoTo32;
        into[i] = radius * Math.cos(angle);
        into[i + 1] = radius * Math.sin(angle);
      }
    }
    return into;
  }

  permutation(size: number, draw: number): Uint32Array {
    requireWhole("a permutation's size", size);
    const order = Uint32Array.from({ length: size }, (_, index) => index);
    // Two words for each place, from the last to the second.
    for (const { words, start, end } of this.wordsOf(draw, purpose.permutation, 2 * (size - 1))) {
      for (let i = start; i < end; i += 2) {
        const last = size - 1 - i / 2;
        const other = Math.floor(toUnit53(words[i - start] ?? 0, words[i - start + 1] ?? 0) * (last + 1));
        const moved = order[last] ?? 0;
        order[last] = order[other] ?? 0;
        order[other] = moved;
      }
    }
    return order;
  }

  next(): number {
    const index = this.position++;
    const lane = (index % 2) * 2;
    const block = Math.floor(index / 2);
    this.block(word(block), highWord(block), purpose.sequence);
    return toUnit53(this.words[lane] ?? 0, this.words[lane + 1] ?? 0);
  }

  /** The first words of a draw, as many at a time as are made at once: those of the places from `start` to before `end`. */
  private *wordsOf(draw: number, use: number, count: number): Generator<Words> {
    requireWhole("a draw number", draw);
    const source: Draw = { key: [this.key0, this.key1], counter: [word(draw), highWord(draw), use] };
    const atOnce = blocksAtOnce * 4;
    for (let start = 0; start < count; start += atOnce) {
      const end = Math.min(count, start + atOnce);
      yield { words: blocksOf(source, start / 4, Math.ceil((end - start) / 4)), start, end };
    }
  }

  private block(index: number, draw: number, use: number): void {
    philox(index, word(draw), highWord(draw), use, this.key0, this.key1, this.words);
  }
}

interface Words {
  readonly words: Uint32Array;
  readonly start: number;
  readonly end: number;
}

const toUnit = (bits: number): number => (bits >>> 8) * 2 ** -24;

const toUnit53 = (high: number, low: number): number => ((high >>> 5) * 2 ** 26 + (low >>> 6)) * 2 ** -53;

/** 64 bits of key from seed and name: the name's bytes, chained through Philox under the seed (a CBC-MAC). */
function keyOf(seed: number, name: string): readonly [number, number] {
  const bytes = new TextEncoder().encode(name);
  const padded = new Uint8Array(Math.ceil((bytes.length + 1) / 12) * 12);
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  const text = new DataView(padded.buffer);
  const chained = new Uint32Array(4);
  for (let at = 0; at < padded.length; at += 12) {
    const [a = 0, b = 0, c = 0, d = 0] = chained;
    philox(
      a ^ text.getUint32(at, true),
      b ^ text.getUint32(at + 4, true),
      c ^ text.getUint32(at + 8, true),
      d ^ purpose.name,
      word(seed),
      highWord(seed),
      chained,
    );
  }
  return [chained[0] ?? 0, chained[1] ?? 0];
}

function requireWhole(what: string, value: number): void {
  if (Number.isSafeInteger(value) && value >= 0) return;
  throw new RangeError(`${what} must be a whole number from 0 to 2^53 - 1, but is ${written(value)}.`);
}
