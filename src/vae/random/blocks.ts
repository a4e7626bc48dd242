import bytes from "./philox.wasm";

/** What a stream's numbers are drawn from: Philox's key, and the words of its counter behind the block's number. */
export interface Draw {
  readonly key: readonly [number, number];
  readonly counter: readonly [number, number, number];
}

/** How many blocks are made at once: 64 KiB of words. */
export const blocksAtOnce = 4096;

const pageBytes = 65_536;

interface Generator {
  readonly words: Uint32Array;
  fill(...values: readonly number[]): unknown;
}

let generator: Generator | undefined;

/**
 * Blocks of a draw, four words each, one after the other: the numbers of `philox.ts`, which says what they are, in an
 * eighth of its time. They are there until the next call.
 * @param count up to `blocksAtOnce`
 */
export function blocksOf({ key, counter }: Draw, first: number, count: number): Uint32Array {
  generator ??= createGenerator();
  generator.fill(0, first, count, ...counter, ...key);
  return generator.words;
}

function createGenerator(): Generator {
  const memory = new WebAssembly.Memory({ initial: (blocksAtOnce * 16) / pageBytes });
  const { blocks } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory } }).exports;
  if (typeof blocks !== "function") throw new Error('the generator module has no function "blocks"');
  return {
    words: new Uint32Array(memory.buffer),
    fill: (...values) => Reflect.apply(blocks, undefined, values) as unknown,
  };
}
